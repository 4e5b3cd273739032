public import Diagnostics

/// What can be wrong with the content of a node's files.
public enum NodeFileRules {
  static let unwritableText = Rule(
    "PR094", "unwritable-text",
    finds: "A value holds a line break or another character that its file's grammar cannot carry.",
    why: "The reader would take the rest of the value for another setting, or drop the line.",
    example: "environment-file: {entries: {MOTD: \"two\\nlines\"}}",
    instead: "files: {motd: {text: \"two\\nlines\"}}")

  static let duplicateKey = Rule(
    "PR095", "duplicate-content-key",
    finds: "A table of a configuration file has a key twice.",
    why: "TOML readers refuse the file, and JSON readers differ in which of the two they believe.",
    example: "files: {config: {toml: {port: 1, port: 2}}}",
    instead: "files: {config: {toml: {port: 2}}}")

  static let rootTable = Rule(
    "PR096", "toml-without-table",
    finds: "The content of a TOML file is not a table.",
    why: "A TOML document is a table; there is no other way to write one.",
    example: "files: {config: {toml: [1, 2]}}",
    instead: "files: {config: {toml: {numbers: [1, 2]}}}")

  static let unusablePath = Rule(
    "PR097", "path-too-long",
    finds: "A file's path has no place in the output tree: it is too long, or the root directory.",
    why: "The file could not be written, and the node would lack it.",
    example: "files: {config: {path: /}}",
    instead: "files: {config: {path: /etc/chainfire/config.toml}}")

  /// All of them, in order of code.
  public static let all: [Rule] = [unwritableText, duplicateKey, rootTable, unusablePath]
}
