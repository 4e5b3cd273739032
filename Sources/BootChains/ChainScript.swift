internal import Diagnostics

/// An iPXE script, by lines and commands (ipxe.org/scripting).
struct ChainScript {
  /// A command of a line with what stands before it.
  struct Command {
    /// `||`, `&&`, `;`; nothing in front of the first.
    let joint: String
    let words: [String]
  }

  struct Line {
    let span: Span
    let text: String
    let commands: [Command]
    /// A word that starts with `#`: it and all that follows is gone.
    let comment: String?
  }

  /// Longest script that is read, in lines.
  static let limit = 10_000

  let path: String
  let lines: [Line]
  /// Line numbers of labels.
  let labels: [String: Int]
  let hasMagic: Bool

  init(_ file: PublishedTree.Text, path: String) {
    self.path = path
    hasMagic = file.text.hasPrefix("#!ipxe")
    var lines: [Line] = []
    var labels: [String: Int] = [:]
    var start = 0
    for raw in file.text.split(separator: "\n", omittingEmptySubsequences: false).prefix(Self.limit) {
      let length = raw.utf8.count
      let span = Span(source: file.source, start: start, end: start + length)
      start += length + 1
      let text = raw.last == "\r" ? String(raw.dropLast()) : String(raw)
      if text.hasPrefix(":") {
        labels[String(text.dropFirst().prefix { $0 != " " })] = lines.count
        lines.append(Line(span: span, text: text, commands: [], comment: nil))
      } else {
        lines.append(Self.line(text, span: span, isFirst: lines.isEmpty))
      }
    }
    self.lines = lines
    self.labels = labels
  }

  private static func line(_ text: String, span: Span, isFirst: Bool) -> Line {
    var commands: [Command] = []
    var joint = ""
    var words: [String] = []
    var comment: String?
    for word in text.split(separator: " ").map(String.init) {
      if word.hasPrefix("#") {
        if !words.isEmpty || !commands.isEmpty { comment = word }
        break
      }
      if ["||", "&&", ";"].contains(word) {
        commands.append(Command(joint: joint, words: words))
        joint = word
        words = []
      } else {
        words.append(word)
      }
    }
    if !words.isEmpty || !joint.isEmpty { commands.append(Command(joint: joint, words: words)) }
    return Line(span: span, text: text, commands: commands, comment: comment)
  }
}
