public import Diagnostics

/// What is said about bundles.
public enum BundleRules {
  /// No release key.
  public static let unsigned = Rule(
    "BU001", "unsigned-bundle", .note,
    finds: "Bundles were built without a signature, because the fleet has no release key yet.",
    why: "A node installs a bundle only if a key it knows has signed it: these are refused.",
    example: "imagegen build --all",
    instead: "imagegen secrets plasmacloud\nimagegen build --all",
    ignoreWhen: "the fleet is only looked at, or its nodes are all installed by Nix")

  /// Two files at one place.
  public static let pathConflict = Rule(
    "BU002", "bundle-path-conflict",
    finds: "Two files or secrets of a node have one path, differ in nothing but case, or one lies "
      + "inside the other's file.",
    why: "Which of them would be installed depends on the order of work and on the file system.",
    example: "files:\n  one: {path: /opt/unibus/cluster.env}\n  two: {path: /opt/unibus/Cluster.env}",
    instead: "files:\n  one: {path: /opt/unibus/cluster.env}\n  two: {path: /opt/unibus/route.env}")

  /// More than a node takes.
  public static let limit = Rule(
    "BU003", "bundle-limit",
    finds: "A bundle has more or larger files than the format allows, or a manifest over one MiB.",
    why: "Nodes read bundles within fixed limits, so that a hostile one cannot fill their memory.",
    example: "program: {server: {payload: image-of-nine-gigabytes}}",
    instead: "program: {server: {payload: server}}")

  /// Text that is not ASCII, or a link.
  public static let content = Rule(
    "BU004", "bundle-content",
    finds: "A bundle would hold something that its format does not: a link, or text in the manifest "
      + "that is not ASCII.",
    why: "A link can lead out of the tree it is installed in, and a text in two Unicode forms is two "
      + "texts to a signature and one to a person.",
    example: "health:\n  ready: {http: api, body: \"bereit für alles\"}",
    instead: "health:\n  ready: {http: api, path: /health}")

  /// A program that nobody brings.
  public static let noPayload = Rule(
    "BU005", "program-without-payload", .note,
    finds: "A program of a node without NixOS has no payload, so its bundle does not bring it.",
    why: "Its unit names a path where the node may have nothing, or another version.",
    example: "program: {server: {path: /opt/unibus/membershipd}}",
    instead: "program: {server: {path: /opt/unibus/membershipd, payload: membershipd, sha256: \"…\"}}",
    ignoreWhen: "the program is part of the distribution or is put there by other means")

  /// All of them, in order of code.
  public static let all = [unsigned, pathConflict, limit, content, noPayload]
}
