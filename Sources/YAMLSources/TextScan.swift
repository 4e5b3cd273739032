import Diagnostics

/// What is checked before libyaml sees a byte: encoding, and characters that nobody sees.
///
/// libyaml takes U+0085, U+2028 and U+2029 for line breaks, which editors do not: a comment could
/// hide keys. Direction marks can make text read otherwise than it is (CVE-2021-42574). Both can be
/// written as escapes in double quotes.
struct TextScan {
  /// Most places reported one by one.
  private static let reportLimit = 20

  private(set) var report = Report()
  private(set) var isASCII = true

  init(_ bytes: [UInt8], source: SourceID) {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      report.add(YAMLRules.byteOrderMark("UTF-16", at: Span(source: source, start: 0, end: 2)))
      return
    }
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
      report.add(YAMLRules.byteOrderMark("UTF-8", at: Span(source: source, start: 0, end: 3)))
    }
    do throws(UTF8.ValidationError) {
      isASCII = try UTF8Span(validating: bytes.span).isKnownASCII
    } catch {
      let range = error.byteOffsets
      report.add(YAMLRules.notUTF8(at: Span(source: source, start: range.lowerBound, end: range.upperBound)))
      return
    }
    scan(bytes, source: source)
  }

  private mutating func scan(_ bytes: [UInt8], source: SourceID) {
    var offset = report.hasErrors ? 3 : 0
    var found = 0
    while offset < bytes.count, found < Self.reportLimit {
      let byte = bytes[offset]
      guard Self.mayStartInvisible(byte), let length = Self.invisible(bytes, at: offset) else {
        offset += 1
        continue
      }
      let scalar = String(decoding: bytes[offset..<offset + length], as: UTF8.self).unicodeScalars.first
      report.add(
        YAMLRules.controlCharacter(
          scalar?.value ?? 0, at: Span(source: source, start: offset, end: offset + length)))
      found += 1
      offset += length
    }
  }

  private static func mayStartInvisible(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7f || byte == 0xc2 || byte == 0xe2 || byte == 0xef
  }

  /// The length in bytes of the invisible character at `offset`, if there is one.
  private static func invisible(_ bytes: [UInt8], at offset: Int) -> Int? {
    func byte(_ distance: Int) -> UInt8 {
      offset + distance < bytes.count ? bytes[offset + distance] : 0
    }
    switch (byte(0), byte(1), byte(2)) {
    case (0x09, _, _), (0x0a, _, _), (0x0d, 0x0a, _): return nil
    case (..<0x20, _, _), (0x7f, _, _): return 1
    case (0xc2, 0x80...0x9f, _): return 2
    case (0xe2, 0x80, 0xa8...0xae), (0xe2, 0x81, 0xa6...0xa9): return 3
    case (0xef, 0xbb, 0xbf), (0xef, 0xbf, 0xbe...0xbf): return 3
    default: return nil
    }
  }
}
