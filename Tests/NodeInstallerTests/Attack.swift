import Bundles
import Digests
import HostFiles
import JSONText
import Testing

/// A hostile bundle, or a node that somebody prepared for one.
struct Attack {
  /// What kind of attack it is, and which of them.
  var name: String
  /// Statuses that are right.
  var expected: Set<Int32>
  /// The bundle.
  var bytes: [UInt8]
  /// What else the command line says.
  var words: [String] = []
  /// Done to the root before, and undone after.
  var prepare: ((Demo) throws -> Void)?
  var restore: ((Demo) throws -> Void)?
  /// Done while the installer is at work.
  var during: ((Demo, LabCalls) -> Void)?
}

/// Makes attacks: each function a class of them, each row of its table a file.
struct AttackForge {
  let demo: Demo

  /// The draft that every attack begins from.
  var draft: BundleDraft { Demo.draft(2) }

  /// A bundle whose manifest is changed as JSON, past all that the encoder would refuse, and signed.
  func forged(_ change: (inout JSONValue) -> Void) throws -> [UInt8] {
    var value = draft.manifest.json.sorted
    change(&value)
    return try signed(value.sorted.compact)
  }

  /// A bundle with this manifest, signed.
  func signed(_ manifest: [UInt8]) throws -> [UInt8] {
    try BundleDraft.archive(draft.members(demo.signer, manifest: manifest))
  }

  /// The draft's manifest as text with one piece replaced.
  func replaced(_ piece: String, _ other: String) throws -> [UInt8] {
    let text = String(decoding: draft.manifest.json.sorted.compact, as: UTF8.self)
    let range = try #require(text.firstRange(of: piece))
    return try signed(Array(text.replacingCharacters(range, other).utf8))
  }

  /// A bundle with changed members.
  func members(_ change: (inout [(name: String, bytes: [UInt8])]) -> Void) throws -> [UInt8] {
    var members = try draft.members(demo.signer)
    change(&members)
    return try BundleDraft.archive(members)
  }

  /// The bundle with a header changed, its sum made right again.
  func header(of index: Int, _ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
    let members = try draft.members(demo.signer)
    var offset = 0
    for member in members.prefix(index) {
      offset += 512 + member.bytes.count + BundleLayout.padding(after: member.bytes.count)
    }
    var bytes = try draft.bytes(demo.signer)
    var header = Array(bytes[offset..<(offset + 512)])
    change(&header)
    for place in 148..<156 { header[place] = 32 }
    let digits = Array(String(header.reduce(0) { $0 + Int($1) }, radix: 8).utf8)
    header.replaceSubrange(
      148..<156, with: [UInt8](repeating: 48, count: 6 - digits.count) + digits + [0, 32])
    bytes.replaceSubrange(offset..<(offset + 512), with: header)
    return bytes
  }

  /// The bundle with a member of any type in front of the blobs.
  func extra(_ type: Character, _ name: String, _ content: [UInt8] = [], link: String = "") throws -> [UInt8]
  {
    var header = try UstarHeader.encode(name: "a", size: content.count)
    header.replaceSubrange(
      0..<100, with: Array((Array(name.utf8) + [UInt8](repeating: 0, count: 100)).prefix(100)))
    header[156] = type.asciiValue ?? 0
    header.replaceSubrange(
      157..<257, with: Array((Array(link.utf8) + [UInt8](repeating: 0, count: 100)).prefix(100)))
    for place in 148..<156 { header[place] = 32 }
    let digits = Array(String(header.reduce(0) { $0 + Int($1) }, radix: 8).utf8)
    header.replaceSubrange(
      148..<156, with: [UInt8](repeating: 48, count: 6 - digits.count) + digits + [0, 32])
    let padding = [UInt8](repeating: 0, count: BundleLayout.padding(after: content.count))
    let whole = try draft.bytes(demo.signer)
    let members = try draft.members(demo.signer).prefix(4)
    let offset = members.reduce(0) { $0 + 512 + $1.bytes.count + BundleLayout.padding(after: $1.bytes.count) }
    return Array(whole[..<offset]) + header + content + padding + Array(whole[offset...])
  }

  func file(_ index: Int, _ change: @escaping (inout [JSONValue.Member]) -> Void) throws -> [UInt8] {
    try forged { value in
      value.change("files") { files in
        guard case .array(var rows) = files, case .object(var members) = rows[index] else { return }
        change(&members)
        rows[index] = .object(members)
        files = .array(rows)
      }
    }
  }
}

extension JSONValue {
  /// Changes a member of an object.
  mutating func change(_ key: String, _ body: (inout JSONValue) -> Void) {
    guard case .object(var members) = self, let index = members.firstIndex(where: { $0.key == key }) else {
      return
    }
    body(&members[index].value)
    self = .object(members)
  }
}

extension [JSONValue.Member] {
  /// Sets a member.
  mutating func set(_ key: String, _ value: JSONValue) {
    if let index = firstIndex(where: { $0.key == key }) {
      self[index].value = value
    } else {
      append(.init(key, value))
    }
  }
}

extension String {
  fileprivate func replacingCharacters(_ range: Range<String.Index>, _ other: String) -> String {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
