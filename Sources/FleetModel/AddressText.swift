extension IPAddress: CustomStringConvertible {
  /// Reads dotted decimal or RFC 4291 text; zones, leading zeros and port numbers are refused.
  public init?(_ text: String) {
    guard text.utf8.count <= 45 else { return nil }
    if let bits = Self.dotted(text[...]) {
      self = .v4(bits)
    } else if text.contains(":"), let groups = Self.groups(text) {
      let halves = [groups[0..<4], groups[4..<8]].map { half in
        half.reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
      }
      self = .v6(high: halves[0], low: halves[1])
    } else {
      return nil
    }
  }

  /// Dotted decimal, or the canonical form of RFC 5952.
  public var description: String {
    switch self {
    case .v4(let bits):
      return [24, 16, 8, 0].map { String(bits >> UInt32($0) & 255) }.joined(separator: ".")
    case .v6(let high, let low):
      let groups = [high, low].flatMap { half in
        [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
      }
      return Self.canonical(groups)
    }
  }

  /// As it stands in a URL's authority or before a port: IPv6 in brackets (RFC 3986).
  public var bracketed: String {
    width == 128 ? "[\(self)]" : description
  }

  private static func dotted(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
        part == "0" || part.utf8.first != 48, let byte = UInt8(part)
      else { return nil }
      bits = bits << 8 | UInt32(byte)
    }
    return bits
  }

  private static func groups(_ text: String) -> [UInt16]? {
    var head: [UInt16] = []
    var tail: [UInt16]?
    var rest = text[...]
    if rest.hasPrefix("::") {
      tail = []
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      let end = rest.firstIndex(of: ":") ?? rest.endIndex
      let word = rest[..<end]
      if word.contains("."), end == rest.endIndex, let bits = dotted(word) {
        let pair = [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
        if tail == nil { head += pair } else { tail? += pair }
        break
      }
      guard (1...4).contains(word.utf8.count), let group = UInt16(word, radix: 16),
        word.utf8.first != 43
      else { return nil }
      if tail == nil { head.append(group) } else { tail?.append(group) }
      if end == rest.endIndex { break }
      rest = rest[rest.index(after: end)...]
      if rest.isEmpty { return nil }
      if rest.hasPrefix(":") {
        if tail != nil { return nil }
        tail = []
        rest = rest.dropFirst()
      }
    }
    guard let tail else { return head.count == 8 ? head : nil }
    guard head.count + tail.count < 8 else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func canonical(_ groups: [UInt16]) -> String {
    var best = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index >= 2, end - index > best.count { best = index..<end }
      index = max(end, index + 1)
    }
    let text = { (range: ArraySlice<UInt16>) in
      range.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard !best.isEmpty else { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }
}
