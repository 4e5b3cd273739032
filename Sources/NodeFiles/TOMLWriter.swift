internal import FleetModel

/// Writes TOML 1.0. Own code: no C library of the distribution writes TOML, and what is needed of it
/// is a page. Tests read every result with another implementation.
enum TOMLWriter {
  /// A document: the value must be a table.
  static func text(of value: ConfigurationValue) -> String? {
    guard case .table(let members, _) = value else { return nil }
    var lines: [String] = []
    write(members, path: [], into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private typealias Members = [(key: Sourced<String>, value: ConfigurationValue)]

  /// Values first: behind a table's header they would be the table's.
  private static func write(_ members: Members, path: [String], into lines: inout [String]) {
    for (name, value) in members {
      if case .table = value { continue }
      lines.append("\(key(name.value)) = \(inline(value))")
    }
    for (name, value) in members {
      guard case .table(let inner, _) = value else { continue }
      let inside = path + [key(name.value)]
      if !lines.isEmpty { lines.append("") }
      lines.append("[\(inside.joined(separator: "."))]")
      write(inner, path: inside, into: &lines)
    }
  }

  private static func inline(_ value: ConfigurationValue) -> String {
    switch value {
    case .text(let text): string(text.value)
    case .integer(let number): String(number.value)
    case .boolean(let flag): flag.value ? "true" : "false"
    case .list(let elements, _): "[" + elements.map(inline).joined(separator: ", ") + "]"
    case .table(let members, _):
      "{ " + members.map { "\(key($0.key.value)) = \(inline($0.value))" }.joined(separator: ", ") + " }"
    }
  }

  private static func key(_ text: String) -> String {
    let isBare = !text.isEmpty
      && text.utf8.allSatisfy {
        (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 95 || $0 == 45
      }
    return isBare ? text : string(text)
  }

  /// A basic string: control characters, quotes and backslashes escaped.
  private static func string(_ text: String) -> String {
    var escaped = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      case "\r": escaped += "\\r"
      case _ where scalar.value < 32 || scalar.value == 127:
        let digits = String(scalar.value, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped + "\""
  }
}
