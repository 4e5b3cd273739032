/// flake.nix of the test's fleet, in the form of RFC 166.
enum ExpectedFlake {
  static let text = """
    """
}
