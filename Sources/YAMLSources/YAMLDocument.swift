public import Diagnostics

/// Strict reading of one YAML document: the part of YAML that means the same to every reader.
///
/// Refused are anchors, aliases, tags, merge keys, directives, several documents, duplicate, empty
/// and structured keys, tabs for indentation, and characters that one cannot see.
public enum YAMLDocument {
  /// Reads a document.
  ///
  /// Everything that does not stop the reading is reported in one run. A value is returned together
  /// with errors where it is still what was meant (duplicate keys: the first one counts); not after
  /// syntax errors, limits, aliases and merge keys, where every further check would only mislead.
  public static func parse(
    _ bytes: [UInt8], source: SourceID, limits: YAMLLimits = .standard
  ) -> Checked<YAMLNode> {
    guard bytes.count <= limits.bytes else {
      return Checked(nil, Report(YAMLRules.tooLarge(bytes.count, limits.bytes, source)))
    }
    let scan = TextScan(bytes, source: source)
    guard !scan.report.hasErrors else { return Checked(nil, scan.report) }
    let offsets = CharacterOffsets(bytes, isASCII: scan.isASCII)
    var builder = YAMLTreeBuilder(
      text: YAMLSourceBytes(bytes: bytes, offsets: offsets, source: source), limits: limits)
    do throws(YAMLFailure) {
      var stream = try YAMLEventStream(bytes)
      while builder.wantsMore {
        builder.take(try stream.next())
      }
    } catch {
      builder.fail(error)
    }
    return builder.result
  }
}

/// The bytes of a document with what is needed to point into them.
struct YAMLSourceBytes {
  let bytes: [UInt8]
  let offsets: CharacterOffsets
  let source: SourceID

  func span(_ start: Int, _ end: Int) -> Span { Span(source: source, start: start, end: end) }

  /// The character at an offset, or an empty span at a line's or the text's end.
  func character(at offset: Int) -> Span {
    guard offset < bytes.count, bytes[offset] != UInt8(ascii: "\n"), bytes[offset] != UInt8(ascii: "\r")
    else { return span(offset, offset) }
    var end = offset + 1
    while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
    return span(offset, end)
  }

  /// Behind the last byte before `end` that is no blank and no line break, but not before `start`.
  func trimmed(_ end: Int, from start: Int) -> Int {
    var end = end
    while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
    return end
  }

  /// The next offset that is neither blank nor comment, at most `limit`.
  func skipBlank(from start: Int, to limit: Int) -> Int {
    var offset = start
    while offset < limit {
      if bytes[offset] == UInt8(ascii: "#") {
        while offset < limit, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      } else if Self.isBlank(bytes[offset]) {
        offset += 1
      } else {
        break
      }
    }
    return offset
  }

  /// The end of an anchor, alias or tag that starts at `start`.
  func propertyEnd(from start: Int, to limit: Int) -> Int {
    let isVerbatim = start + 1 < limit && bytes[start + 1] == UInt8(ascii: "<")
    var offset = start
    while offset < limit, !Self.isBlank(bytes[offset]) {
      if !isVerbatim, Self.isFlowIndicator(bytes[offset]) { break }
      offset += 1
    }
    return offset
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
      || byte == UInt8(ascii: "\r")
  }

  private static func isFlowIndicator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
    default: false
    }
  }
}
