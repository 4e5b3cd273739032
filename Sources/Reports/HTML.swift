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

  /// Adds an element with text in it.
  mutating func element(_ name: StaticString, _ content: String) {
    markup("<")
    markup(name)
    markup(">")
    text(content)
    markup("</")
    markup(name)
    markup(">\n")
  }

  /// Opens a section of the page, which links lead to.
  mutating func open(section: PageSection) {
    markup("<section id=\"")
    text(section.anchor)
    markup("\">\n")
    element("h2", section.title)
  }

  /// A table with its caption; without rows nothing. Wide ones scroll in their own box, also by keys.
  mutating func table(_ caption: String, _ head: [String], _ rows: [[Cell]]) {
    guard !rows.isEmpty else { return }
    openScroll(caption)
    markup("<table>\n")
    element("caption", caption)
    if !head.isEmpty {
      markup("<thead><tr>")
      for name in head {
        markup("<th scope=\"col\">")
        text(name)
        markup("</th>")
      }
      markup("</tr></thead>\n")
    }
    markup("<tbody>\n")
    for row in rows {
      markup("<tr>")
      for cell in row { add(cell) }
      markup("</tr>\n")
    }
    markup("</tbody></table></div>\n")
  }

  /// A picture in a box of its own.
  mutating func figure(_ label: String, _ picture: [UInt8]) {
    openScroll(label)
    markup("<figure>\n")
    embed(picture)
    markup("</figure></div>\n")
  }

  private mutating func openScroll(_ label: String) {
    markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
    text(label)
    markup("\">\n")
  }

  /// A cell of a table.
  enum Cell {
    /// Words.
    case words(String)
    /// A path, a number, a name of the machine's.
    case code(String)
    /// Something a reader should stop at.
    case mark(String)
    /// What the row is about.
    case head(String)
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
    case .head(let words):
      markup("<th scope=\"row\">")
      text(words)
      markup("</th>")
    }
  }
}
