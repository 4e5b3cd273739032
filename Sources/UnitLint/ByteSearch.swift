/// Searching texts byte by byte. Unit files are compared as bytes by systemd, and what rules look for is ASCII; the
/// standard library's search by characters makes a table of the pattern at every call, which took a sixth of a run.
extension StringProtocol {
  /// Whether `part` is somewhere in the text; in this room it takes the place of the standard library's.
  func contains(_ part: String) -> Bool {
    guard let first = part.utf8.first else { return true }
    var rest = utf8[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: part.utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
