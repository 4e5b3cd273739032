/// The options that a Nix file sets, each with the lines of its value.
///
/// It reads the form that the tool itself writes, and NixOS users see: a binding begins a line, what belongs to it is
/// indented further. Of other files it makes something, too, and nothing that is in both is said to differ.
struct NixOutline: Equatable {
  /// Values by path, `boot.kernelParams`; lines that bind nothing stand at the empty path.
  private(set) var values: [String: [String]] = [:]

  init(_ text: String) {
    var sets: [(indent: Int, path: String)] = []
    var open: (indent: Int, path: String)?
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      let indent = line.prefix { $0 == " " }.count
      let words = String(line.dropFirst(indent))
      if let binding = open, indent > binding.indent || Self.closes(words) && indent == binding.indent {
        values[binding.path, default: []].append(words)
        if indent == binding.indent { open = nil }
        continue
      }
      open = nil
      while let set = sets.last, set.indent >= indent { sets.removeLast() }
      guard let (key, value) = Self.binding(words) else {
        if !Self.closes(words) { values["", default: []].append(words) }
        continue
      }
      let path = (sets.last.map { $0.path + "." } ?? "") + key
      if value == "{" {
        sets.append((indent, path))
      } else {
        values[path, default: []].append(value)
        if !value.hasSuffix(";") || value.isEmpty { open = (indent, path) }
      }
    }
  }

  /// The paths whose values are not the same in both, in order.
  func differences(from former: NixOutline) -> [String] {
    Set(values.keys).union(former.values.keys).filter { values[$0] != former.values[$0] }.sorted()
  }

  private static func closes(_ words: String) -> Bool {
    ["}", "]", ")", "''", "in", "{", ";"].contains { words.hasPrefix($0) }
  }

  /// `key = value;` without the semicolon's meaning: what stands left and right of the sign.
  private static func binding(_ words: String) -> (key: String, value: String)? {
    guard !words.hasPrefix("#"), !words.hasPrefix("inherit"),
      let sign = words.utf8.firstIndex(of: UInt8(ascii: "="))
    else { return nil }
    let key = words[..<sign]
    guard key.hasSuffix(" "), !key.dropLast().contains(where: { $0 == " " || $0 == "(" }) else { return nil }
    let value = words[words.utf8.index(after: sign)...]
    guard value.isEmpty || value.hasPrefix(" ") else { return nil }
    return (String(key.dropLast()), String(value.dropFirst()))
  }
}
