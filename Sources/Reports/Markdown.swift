/// A Markdown text (CommonMark with tables) that grows by blocks.
struct Markdown {
  /// The text so far, without the last line feed.
  private(set) var text = ""

  mutating func heading(_ level: Int, _ title: String) {
    add(String(repeating: "#", count: level) + " " + title)
  }

  mutating func paragraph(_ words: String) { add(words) }

  mutating func list(_ items: [String]) {
    if !items.isEmpty { add(items.map { "- " + $0 }.joined(separator: "\n")) }
  }

  mutating func steps(_ items: [String]) {
    let lines = items.enumerated().map { "\($0 + 1). \($1)" }
    if !lines.isEmpty { add(lines.joined(separator: "\n")) }
  }

  mutating func commands(_ lines: [String]) {
    if !lines.isEmpty { add("```sh\n" + lines.joined(separator: "\n") + "\n```") }
  }

  mutating func table(_ head: [String], _ rows: [[String]]) {
    guard !rows.isEmpty else { return }
    let lines = [head, head.map { _ in "---" }] + rows
    add(lines.map { "| " + $0.map(Self.cell).joined(separator: " | ") + " |" }.joined(separator: "\n"))
  }

  /// A bar would end the cell, a line feed the row.
  private static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "|") || $0 == 10 }) else { return text }
    return text.split(separator: "\n").joined(separator: " ")
      .split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  private mutating func add(_ block: String) {
    if !text.isEmpty { text += "\n\n" }
    text += block
  }
}

/// A word of a POSIX shell command: quoted where the shell would read it otherwise.
func shellWord(_ word: String) -> String {
  let isPlain =
    !word.isEmpty
    && word.utf8.allSatisfy {
      (48...57).contains($0) || (64...90).contains($0) || (97...122).contains($0)
        || [37, 43, 44, 45, 46, 47, 58, 61, 95].contains($0)
    }
  if isPlain { return word }
  return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
