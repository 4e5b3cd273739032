/// Paths of the target that are elsewhere on NixOS, and what says where.
///
/// Units are generated once, with the paths they have on any host; here a path that stands as a word
/// of a command or behind a credential's name becomes `${…}`. It is a structural replacement: the rest
/// of the value stays a literal.
struct PathReferences {
  private var entries: [(path: [UInt8], place: [NixStringPart])] = []

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ path: String, _ place: [NixStringPart]) {
    entries.append((Array(path.utf8), place))
  }

  /// A directive's value, its paths replaced.
  func replace(in value: String, of key: String) -> NixExpression {
    guard key.hasPrefix("Exec") || key == "LoadCredential" else { return .literal(value) }
    let bytes = Array(value.utf8)
    var parts: [NixStringPart] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "/"), let entry = entry(at: index, in: bytes) else {
        index += 1
        continue
      }
      if start < index { parts.append(.literal(String(decoding: bytes[start..<index], as: UTF8.self))) }
      parts += entry.place
      index += entry.path.count
      start = index
    }
    if start < bytes.count || parts.isEmpty {
      parts.append(.literal(String(decoding: bytes[start...], as: UTF8.self)))
    }
    // A path alone is the string itself.
    if parts.count == 1, case .interpolation(let expression) = parts[0] { return expression }
    return .string(parts)
  }

  /// The longest entry that is a whole path there: neither the end of a longer one nor its beginning.
  private func entry(at index: Int, in bytes: [UInt8]) -> (path: [UInt8], place: [NixStringPart])? {
    guard index == 0 || !Self.isPart(bytes[index - 1]) else { return nil }
    return entries.filter { entry in
      let end = index + entry.path.count
      return end <= bytes.count && bytes[index..<end].elementsEqual(entry.path)
        && (end == bytes.count || !Self.isPart(bytes[end]) && bytes[end] != UInt8(ascii: "-"))
    }.max { $0.path.count < $1.path.count }
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case 65...90, 97...122, 48...57, UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    default: false
    }
  }
}
