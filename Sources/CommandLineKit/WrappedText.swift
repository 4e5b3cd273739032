/// Text broken into lines of at most so many characters.
enum WrappedText {
  /// Paragraphs are separated by an empty line; lines that start with two spaces are kept.
  static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    var words: [Substring] = []
    func flush() {
      lines += filled(words, width: width)
      words = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.hasPrefix("  ") {
        flush()
        lines.append(String(line))
      } else {
        words += line.split(separator: " ")
      }
    }
    flush()
    return text.isEmpty ? [] : lines
  }

  private static func filled(_ words: [Substring], width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words {
      if line.isEmpty {
        line = String(word)
      } else if line.unicodeScalars.count + 1 + word.unicodeScalars.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// A term and its text side by side, the text from `column` on; below the term where it is too long.
  static func row(_ term: String, _ text: String, column: Int, width: Int) -> [String] {
    let length = term.unicodeScalars.count
    var lines = lines(of: text, width: width - column)
    let blank = String(repeating: " ", count: column)
    guard length + 2 <= column, !lines.isEmpty else { return [term] + lines.map { blank + $0 } }
    let first = term + String(repeating: " ", count: column - length) + lines.removeFirst()
    return [first] + lines.map { blank + $0 }
  }
}
