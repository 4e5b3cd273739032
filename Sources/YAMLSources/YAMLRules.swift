public import Diagnostics

/// The rules of YAML itself, PR001 to PR019; what keys and values mean is checked elsewhere.
public enum YAMLRules {
  /// Every rule of this room.
  public static let all: [Rule] = [
    syntax, notUTF8, byteOrderMark, controlCharacter, tooLarge, tooDeep, tooManyNodes, keyTooLong,
    emptyDocument, severalDocuments, tabIndentation, duplicateKey, structuredKey, emptyKey, mergeKey,
    anchor, alias, tag, directive,
  ]

  static let syntax = Rule(
    "PR001", "yaml-syntax",
    finds:
      "text that is not YAML: an open bracket or quote, a missing `:`, indentation that fits no line above.",
    why: "Nothing behind the place can be read, so nothing of the file is used.",
    example: "addresses: {lan: 192.168.100.11", instead: "addresses: {lan: 192.168.100.11}")

  static let notUTF8 = Rule(
    "PR002", "not-utf8",
    finds: "bytes that are not UTF-8.",
    why: "Every program would read another text.",
    example: "description: caf\\xe9 (saved as Latin-1)", instead: "description: café (saved as UTF-8)")

  static let byteOrderMark = Rule(
    "PR003", "byte-order-mark",
    finds: "a byte order mark at the start of a file, or a file in UTF-16.",
    why: "The mark is invisible and becomes part of the first key in many readers.",
    example: "U+FEFF before the first key", instead: "the file saved as UTF-8 without a mark")

  static let controlCharacter = Rule(
    "PR004", "control-character",
    finds:
      "control characters, line breaks other than LF and CRLF, marks of text direction, and NUL by escape.",
    why: "They are invisible: a comment can hide a key behind U+2028, and marks of direction make a text "
      + "look like another. NUL cuts the value off in every C program.",
    example: "a U+2028 in a comment",
    instead: "the character removed, or written as \"\\u2028\" in double quotes")

  static let tooLarge = Rule(
    "PR005", "document-too-large",
    finds: "a document of more bytes than the reader takes (1 MiB for profiles).",
    why: "A profile is a few kilobytes. A larger file is most likely the wrong one.",
    example: "an image named fleet.yaml", instead: "payloads named by path and digest")

  static let tooDeep = Rule(
    "PR006", "nested-too-deeply",
    finds: "lists and mappings inside one another beyond 32 levels.",
    why: "No profile needs it; hostile files use it to exhaust the reader.",
    example: "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ … ", instead: "values that are nested a few levels")

  static let tooManyNodes = Rule(
    "PR007", "too-many-values",
    finds: "more than 100,000 keys and values in one document.",
    why: "One file describes one node, role or service. This many values are a mistake or an attack.",
    example: "one file for ten thousand nodes", instead: "a file for each node under nodes/")

  static let keyTooLong = Rule(
    "PR008", "key-too-long",
    finds: "keys of more than 1024 characters.",
    why: "YAML 1.2 does not allow them (section 7.4.2), and readers say it in misleading ways.",
    example: "a value without a line break before the next `: `", instead: "a short key")

  static let emptyDocument = Rule(
    "PR009", "empty-document",
    finds: "a file without any value.",
    why: "An empty profile is a forgotten or truncated one.",
    example: "# nothing but comments", instead: "node: node01")

  static let severalDocuments = Rule(
    "PR010", "several-documents",
    finds: "a second document behind `---` or `...`.",
    why: "Only one could be used, and readers differ in which.",
    example: "node: node01\n---\nnode: node02", instead: "a file for each")

  static let tabIndentation = Rule(
    "PR011", "tab-indentation",
    finds: "tabs where spaces must indent.",
    why: "YAML indents by spaces alone (section 6.1): how far a tab reaches depends on the editor.",
    example: "disk:\n\tlayout: lvm", instead: "disk:\n  layout: lvm")

  static let duplicateKey = Rule(
    "PR012", "duplicate-key",
    finds: "a key that stands twice in one mapping.",
    why: "Most readers silently keep the last one, some the first.",
    example: "mac: \"52:54:00:00:01:01\"\nmac: \"52:54:00:00:01:02\"", instead: "mac: \"52:54:00:00:01:01\"")

  static let structuredKey = Rule(
    "PR013", "key-not-a-scalar",
    finds: "a list or a mapping used as a key.",
    why: "It is mostly braces meant as text, for example of a template; no profile key is of that kind.",
    example: "{{ name }}: value", instead: "name: value")

  static let emptyKey = Rule(
    "PR014", "empty-key",
    finds: "a key without any character.",
    why: "Something was left out before the `:`.",
    example: ": node01", instead: "node: node01")

  static let mergeKey = Rule(
    "PR015", "merge-key",
    finds: "the key `<<`, which YAML 1.1 used to merge mappings.",
    why:
      "YAML 1.2 has no such key: readers differ in whether it merges. Composition by fleet, role and node says "
      + "where a value came from.",
    example: "<<: *defaults", instead: "roles: [control-plane]")

  static let anchor = Rule(
    "PR016", "anchor",
    finds: "anchors, `&name`.",
    why: "Anchors copy values behind the reader's back and can grow a small file without bound.",
    example: "ports: &ports [80, 443]", instead: "ports: [80, 443]")

  static let alias = Rule(
    "PR017", "alias",
    finds: "aliases, `*name`.",
    why: "An alias copies a value from elsewhere, so that a finding in it has two places. "
      + "A text that starts with `*` needs quotes.",
    example: "match: *.example.org", instead: "match: \"*.example.org\"")

  static let tag = Rule(
    "PR018", "tag",
    finds: "tags, `!name`.",
    why:
      "The type of a value is given by its key alone; a tag has nothing to say, and in other readers it runs code.",
    example: "replicas: !!int \"3\"", instead: "replicas: 3")

  static let directive = Rule(
    "PR019", "directive",
    finds: "lines that start with `%` before the document.",
    why: "`%YAML 1.1` would ask for `no` to mean false; this reader has one meaning for every file.",
    example: "%YAML 1.1\n---\nnode: node01", instead: "node: node01")
}
