extension JSONValue {
  /// The shortest text: no space, no line feed.
  public var compact: [UInt8] {
    var writer = JSONWriter(isIndented: false)
    writer.write(self, depth: 0)
    return writer.bytes
  }

  /// Two spaces a level, a line for each element, a line feed at the end.
  public var pretty: [UInt8] {
    var writer = JSONWriter(isIndented: true)
    writer.write(self, depth: 0)
    writer.bytes.append(UInt8(ascii: "\n"))
    return writer.bytes
  }
}

struct JSONWriter {
  fileprivate var bytes: [UInt8] = []
  private let isIndented: Bool

  fileprivate init(isIndented: Bool) { self.isIndented = isIndented }

  /// Appends a value's indented text, as it stands so deep in a document.
  static func write(_ value: JSONValue, depth: Int, into bytes: inout [UInt8]) {
    var writer = JSONWriter(isIndented: true)
    swap(&writer.bytes, &bytes)
    writer.write(value, depth: depth)
    swap(&writer.bytes, &bytes)
  }

  fileprivate mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .integer(let number): bytes += String(number).utf8
    case .thousandths(let number): bytes += Self.decimal(number).utf8
    case .string(let text): write(text)
    case .array(let elements):
      write(elements, open: "[", close: "]", depth: depth) { writer, element in
        writer.write(element, depth: depth + 1)
      }
    case .object(let members):
      write(members, open: "{", close: "}", depth: depth) { writer, member in
        writer.write(member.key)
        writer.bytes += (writer.isIndented ? ": " : ":").utf8
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  /// `0.0`, `2.5`, `-0.125`: as many digits as it takes, one at least.
  private static func decimal(_ thousandths: Int) -> String {
    let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
    var digits = String(rest + 1000).dropFirst()
    while digits.count > 1, digits.last == "0" { digits = digits.dropLast() }
    return "\(thousandths < 0 ? "-" : "")\(whole).\(digits)"
  }

  private mutating func write<Item>(
    _ items: [Item], open: String, close: String, depth: Int,
    each: (inout JSONWriter, Item) -> Void
  ) {
    bytes += open.utf8
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(depth: depth + 1)
      each(&self, item)
    }
    if !items.isEmpty { breakLine(depth: depth) }
    bytes += close.utf8
  }

  private mutating func breakLine(depth: Int) {
    guard isIndented else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  /// Escapes what RFC 8259 demands and nothing else; control characters as `\u00XX`, with the short
  /// forms where there are some.
  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x08: bytes += "\\b".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0a: bytes += "\\n".utf8
      case 0x0c: bytes += "\\f".utf8
      case 0x0d: bytes += "\\r".utf8
      case 0..<0x20:
        bytes += "\\u00".utf8
        bytes += (byte < 16 ? "0" : "").utf8
        bytes += String(byte, radix: 16).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
