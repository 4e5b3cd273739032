/// An HTML text that grows by elements. What comes from a profile goes in as text and is escaped;
/// markup goes in only as a literal.
struct HTML {
  /// The text so far.
  private(set) var bytes: [UInt8] = []

  /// Adds markup as it is.
  mutating func markup(_ markup: StaticString) { bytes += "\(markup)".utf8 }

  /// Adds text.
  mutating func text(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      // Control characters are no text of HTML; a visible sign stands for them.
      case 0..<9, 11..<32, 127: bytes += "\u{fffd}".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// Adds a picture that another room of this tool has drawn, as it is.
  mutating func embed(_ picture: [UInt8]) { bytes += picture }

  /// A section of the page with a table; without rows nothing.
  mutating func section(_ title: String, _ head: [String], _ rows: [[Cell]]) {
    guard !rows.isEmpty else { return }
    markup("<section>\n<h2>")
    text(title)
    markup("</h2>\n<div class=\"scroll\"><table>\n<thead><tr>")
    for name in head {
      markup("<th scope=\"col\">")
      text(name)
      markup("</th>")
    }
    markup("</tr></thead>\n<tbody>\n")
    for row in rows {
      markup("<tr>")
      for cell in row { add(cell) }
      markup("</tr>\n")
    }
    markup("</tbody></table></div>\n</section>\n")
  }

  /// A cell of a table.
  enum Cell {
    /// Words.
    case words(String)
    /// A path, a number, a name of the machine's.
    case code(String)
    /// Something a reader should stop at.
    case mark(String)
  }

  private mutating func add(_ cell: Cell) {
    switch cell {
    case .words(let words):
      markup("<td>")
      text(words)
      markup("</td>")
    case .code(let code):
      markup("<td><code>")
      text(code)
      markup("</code></td>")
    case .mark(let words):
      markup("<td><mark>")
      text(words)
      markup("</mark></td>")
    }
  }
}
