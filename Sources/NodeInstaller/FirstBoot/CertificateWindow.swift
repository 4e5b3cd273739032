/// When a certificate is valid: the one thing that the node itself reads of X.509 (RFC 5280, 4.1), in DER.
struct CertificateWindow {
  /// Seconds since 1970.
  var start: Int
  var end: Int

  /// `nil` where the bytes are no certificate.
  init?(der: [UInt8]) {
    var file = DERReader(der[...])
    guard var outer = file.enter(0x30), var body = outer.enter(0x30) else { return nil }
    // The version, if there is one; number, algorithm and issuer.
    if body.next == 0xa0 { _ = body.enter(0xa0) }
    guard body.enter(0x02) != nil, body.enter(0x30) != nil, body.enter(0x30) != nil,
      var validity = body.enter(0x30), let start = validity.time(), let end = validity.time()
    else { return nil }
    (self.start, self.end) = (start, end)
  }
}

/// Reads DER from its beginning, element by element.
private struct DERReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var next: UInt8? { bytes.first }

  /// The content of the next element, which must have this tag; the reader goes on behind it.
  mutating func enter(_ tag: UInt8) -> DERReader? {
    guard bytes.first == tag, bytes.count >= 2 else { return nil }
    var start = bytes.startIndex + 2
    var length = Int(bytes[start - 1])
    if length >= 0x80 {
      let count = length & 0x7f
      guard (1...3).contains(count), bytes.endIndex - start >= count else { return nil }
      length = bytes[start..<(start + count)].reduce(0) { $0 << 8 | Int($1) }
      start += count
    }
    guard bytes.endIndex - start >= length else { return nil }
    let content = bytes[start..<(start + length)]
    bytes = bytes[(start + length)...]
    return DERReader(content)
  }

  /// UTCTime or GeneralizedTime, with seconds and in UTC as RFC 5280 asks for.
  mutating func time() -> Int? {
    let isShort = bytes.first == 0x17
    guard let content = enter(isShort ? 0x17 : 0x18) else { return nil }
    var digits = Array(content.bytes)
    guard digits.popLast() == 90, digits.count == (isShort ? 12 : 14),
      digits.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    let number = { (from: Int, count: Int) in
      digits[from..<(from + count)].reduce(0) { $0 * 10 + Int($1) - 48 }
    }
    var year = isShort ? number(0, 2) : number(0, 4)
    if isShort { year += year < 50 ? 2000 : 1900 }
    let rest = isShort ? 2 : 4
    return Self.seconds(
      year: year, month: number(rest, 2), day: number(rest + 2, 2), hour: number(rest + 4, 2),
      minute: number(rest + 6, 2), second: number(rest + 8, 2))
  }

  /// Reckoned as `Timestamp` does it, the other way round.
  private static func seconds(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) -> Int? {
    guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61 else {
      return nil
    }
    let shifted = month <= 2 ? year - 1 : year
    let (era, ofEra) = (shifted / 400, shifted % 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + dayOfYear - 719_468
    return days * 86_400 + hour * 3600 + minute * 60 + second
  }
}
