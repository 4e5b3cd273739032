/// Why a text is not the JSON this tool takes.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong: short, lower case, no full stop.
  public let message: String
  /// Where, in bytes from the start.
  public let offset: Int

  /// Makes an error.
  public init(_ message: String, at offset: Int) {
    self.message = message
    self.offset = offset
  }

  /// Message and place.
  public var description: String { "\(message) at byte \(offset)" }
}

/// How much a JSON text may ask of the reader.
public struct JSONLimits: Hashable, Sendable {
  /// Most bytes.
  public var bytes: Int
  /// Most arrays and objects inside one another.
  public var depth: Int

  /// Makes limits.
  public init(bytes: Int, depth: Int) {
    self.bytes = bytes
    self.depth = depth
  }

  /// 16 MiB and 64 levels.
  public static let standard = JSONLimits(bytes: 16 << 20, depth: 64)
}

/// Reads JSON as RFC 8259 has it, and refuses what readers differ in: duplicate keys, numbers that
/// are no `Int`, invalid UTF-8, lone surrogates, a byte order mark.
public enum JSONReader {
  /// The value of a whole text.
  public static func parse(
    _ bytes: [UInt8], limits: JSONLimits = .standard
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.bytes else {
      throw JSONError("more than \(limits.bytes) bytes", at: limits.bytes)
    }
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw JSONError("invalid UTF-8", at: error.byteOffsets.lowerBound)
    }
    var parser = JSONParser(bytes: bytes, depthLimit: limits.depth)
    return try parser.document()
  }
}

/// Recursive descent; the depth limit bounds the stack.
private struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  var offset = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// The byte at hand; zero, which no JSON text may hold outside strings, at the end.
  private var byte: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  private func failure(_ message: String) -> JSONError {
    JSONError(offset < bytes.count ? message : "unexpected end of text", at: offset)
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw failure("text behind the value") }
    return value
  }

  private mutating func skipSpace() {
    while byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw failure("expected a value")
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let start = offset
    let text = "\(word)"
    guard bytes[offset...].starts(with: text.utf8) else { throw JSONError("expected a value", at: start) }
    offset += text.utf8.count
    return value
  }

  private mutating func integer() throws(JSONError) -> Int {
    let start = offset
    let isNegative = byte == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw failure("expected a digit") }
    let hasLeadingZero = byte == UInt8(ascii: "0")
    let firstDigit = offset
    var number = 0
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let digit = Int(byte - UInt8(ascii: "0"))
      let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(isNegative ? -digit : digit)
      guard !overflow, !carry else { throw JSONError("number out of range", at: start) }
      number = sum
      offset += 1
    }
    guard !hasLeadingZero || offset == firstDigit + 1 else {
      throw JSONError("number with leading zero", at: start)
    }
    guard byte != UInt8(ascii: "."), byte | 0x20 != UInt8(ascii: "e") else {
      throw JSONError("number with fraction or exponent", at: start)
    }
    return number
  }

  private mutating func open(depth: Int) throws(JSONError) {
    guard depth <= depthLimit else { throw failure("nested more than \(depthLimit) levels") }
    offset += 1
    skipSpace()
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    try open(depth: depth)
    var elements: [JSONValue] = []
    if byte == UInt8(ascii: "]") {
      offset += 1
      return .array([])
    }
    while true {
      elements.append(try value(depth: depth))
      guard try separator(closing: UInt8(ascii: "]"), "expected `,` or `]`") else { return .array(elements) }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    try open(depth: depth)
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    if byte == UInt8(ascii: "}") {
      offset += 1
      return .object([JSONValue.Member]())
    }
    while true {
      skipSpace()
      let start = offset
      guard byte == UInt8(ascii: "\"") else { throw failure("expected a key") }
      let key = try string()
      guard keys.insert(key).inserted else { throw JSONError("duplicate key `\(key.prefix(60))`", at: start) }
      skipSpace()
      guard byte == UInt8(ascii: ":") else { throw failure("expected `:`") }
      offset += 1
      members.append(JSONValue.Member(key, try value(depth: depth)))
      guard try separator(closing: UInt8(ascii: "}"), "expected `,` or `}`") else { return .object(members) }
    }
  }

  /// Whether another item follows.
  private mutating func separator(closing: UInt8, _ message: String) throws(JSONError) -> Bool {
    skipSpace()
    guard byte == closing || byte == UInt8(ascii: ",") else { throw failure(message) }
    defer { offset += 1 }
    return byte != closing
  }

  // MARK: Strings

  private mutating func string() throws(JSONError) -> String {
    offset += 1
    var start = offset
    var text = ""
    while true {
      guard offset < bytes.count else { throw failure("") }
      switch byte {
      case UInt8(ascii: "\""):
        text += String(decoding: bytes[start..<offset], as: UTF8.self)
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        text += String(decoding: bytes[start..<offset], as: UTF8.self)
        text.unicodeScalars.append(try escape())
        start = offset
      case ..<0x20: throw failure("control character in a string")
      default: offset += 1
      }
    }
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    let letter = byte
    guard offset < bytes.count else { throw failure("") }
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try scalar(escapeAt: start)
    default: throw JSONError("unknown escape", at: start)
    }
  }

  /// The character of `\uXXXX`, or of two of them when the first is a high surrogate.
  private mutating func scalar(escapeAt start: Int) throws(JSONError) -> Unicode.Scalar {
    let high = try hexadecimal()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xdc00, byte == UInt8(ascii: "\\"), offset + 1 < bytes.count,
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw JSONError("lone surrogate", at: start) }
    offset += 2
    let low = try hexadecimal()
    guard (0xdc00...0xdfff).contains(low),
      let scalar = Unicode.Scalar(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    else { throw JSONError("lone surrogate", at: start) }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: throw failure("expected four hexadecimal digits")
      }
      offset += 1
    }
    return value
  }
}
