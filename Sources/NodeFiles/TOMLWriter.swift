import Diagnostics
import FleetModel

/// Prints a table as TOML 1.0 (toml.io). Our own, because no C library that Debian ships writes TOML,
/// and what profiles can say is small: text, whole numbers, booleans, lists and tables.
///
/// Keys stay in the order of the profile, except that a table's plain values come before its tables,
/// as nothing can be said about a table once the header of another has begun.
struct TOMLWriter {
  typealias Entry = (key: Sourced<String>, value: ConfigurationValue)

  private(set) var bytes: [UInt8] = []
  private(set) var report = Report()

  /// Prints the root table.
  mutating func write(root entries: [Entry]) {
    write(entries, path: "")
  }

  private mutating func write(_ entries: [Entry], path: String) {
    let entries = unique(entries)
    for entry in entries where !Self.hasHeader(entry.value) {
      write(key: entry.key.value)
      bytes += " = ".utf8
      write(inline: entry.value)
      bytes += "\n".utf8
    }
    for entry in entries {
      let name = path + (path.isEmpty ? "" : ".") + Self.text(ofKey: entry.key.value)
      switch entry.value {
      case .table(let inner, _):
        // A table of nothing but tables is made by their headers.
        if inner.isEmpty || inner.contains(where: { !Self.hasHeader($0.value) }) {
          writeHeader("[\(name)]")
        }
        write(inner, path: name)
      case .list(let elements, _) where Self.hasHeader(entry.value):
        for case .table(let inner, _) in elements {
          writeHeader("[[\(name)]]")
          write(inner, path: name)
        }
      default: break
      }
    }
  }

  /// Whether a value gets a header of its own: a table, or a list of tables alone.
  private static func hasHeader(_ value: ConfigurationValue) -> Bool {
    switch value {
    case .table: true
    case .list(let elements, _):
      !elements.isEmpty
        && elements.allSatisfy { if case .table = $0 { true } else { false } }
    case .text, .integer, .boolean: false
    }
  }

  private mutating func writeHeader(_ header: String) {
    if !bytes.isEmpty { bytes += "\n".utf8 }
    bytes += header.utf8
    bytes += "\n".utf8
  }

  private mutating func write(inline value: ConfigurationValue) {
    switch value {
    case .text(let text): bytes += Self.quoted(text.value).utf8
    case .integer(let number): bytes += String(number.value).utf8
    case .boolean(let flag): bytes += (flag.value ? "true" : "false").utf8
    case .list(let elements, _):
      bytes += "[".utf8
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        write(inline: element)
      }
      bytes += "]".utf8
    case .table(let entries, _):
      bytes += "{".utf8
      for (index, entry) in unique(entries).enumerated() {
        bytes += (index > 0 ? ", " : " ").utf8
        write(key: entry.key.value)
        bytes += " = ".utf8
        write(inline: entry.value)
      }
      bytes += (entries.isEmpty ? "}" : " }").utf8
    }
  }

  private mutating func write(key: String) { bytes += Self.text(ofKey: key).utf8 }

  private mutating func unique(_ entries: [Entry]) -> [Entry] {
    let (entries, found) = ContentKeys.unique(entries)
    report.merge(found)
    return entries
  }

  private static func text(ofKey key: String) -> String {
    let isBare =
      !key.isEmpty
      && key.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95
      }
    return isBare ? key : quoted(key)
  }

  /// A basic string: quotation mark, backslash and control characters but the tab must be escaped.
  private static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case 0..<0x20, 0x7f:
        bytes += (byte < 16 ? "\\u000" : "\\u00").utf8
        bytes += String(byte, radix: 16).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Keys of the tables of a configuration file.
enum ContentKeys {
  /// The entries, each key once: of two the first stays and the second is reported.
  static func unique(_ entries: [TOMLWriter.Entry]) -> (entries: [TOMLWriter.Entry], report: Report) {
    var seen: [String: Sourced<String>] = [:]
    var report = Report()
    let kept = entries.filter { entry in
      guard let first = seen.updateValue(entry.key, forKey: entry.key.value) else { return true }
      report.add(
        Diagnostic(
          NodeFileRules.duplicateKey, "the key `\(entry.key.value)` is there twice", at: entry.key.span,
          related: first.span.map { [Label("first here", at: $0)] } ?? [], help: "keep one of the two"))
      return false
    }
    return (kept, report)
  }
}
