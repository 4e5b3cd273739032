internal import NodeCalls

/// A question of the DNS by datagram (RFC 1035, RFC 2782), and reading what comes back, which is anybody's.
struct NameQuestion {
  /// What is asked for.
  enum Kind: Int {
    case address = 1
    case service = 33
  }

  /// A record of an answer.
  struct Record {
    /// An address; of a service, its target.
    var text: String
    var priority = 0
    var weight = 0
    var port = 0
  }

  private let labels: [[UInt8]]
  private let kind: Kind

  /// A name that cannot be one has no labels, and is not asked for.
  init(_ name: String, _ kind: Kind) {
    var parts = name.utf8.split(separator: 46, omittingEmptySubsequences: false).map { Array($0) }
    if parts.last?.isEmpty == true { parts.removeLast() }
    let fits = parts.allSatisfy { (1...63).contains($0.count) } && name.utf8.count <= 253
    labels = fits ? parts : []
    self.kind = kind
  }

  /// The records that a server gives; `nil` when it gives no answer.
  func ask(_ calls: any NodeCalls, _ server: String, port: Int, milliseconds: Int) -> [Record]? {
    guard !labels.isEmpty else { return nil }
    let number = calls.random()
    var query: [UInt8] = [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    // A standard question that may be passed on; one question.
    query += [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    for label in labels { query += [UInt8(label.count)] + label }
    query += [0, 0, UInt8(kind.rawValue), 0, 1]
    // A datagram may be lost: asked again, as any client would.
    for _ in 0..<2 {
      let answer = calls.exchange(server, port: port, query, limit: 4096, milliseconds: milliseconds / 2)
      if let records = Self.read(answer, query, kind) { return records }
    }
    return nil
  }

  /// Reads an answer to a question: its number, no error, and the records of the kind.
  static func read(_ answer: [UInt8], _ query: [UInt8], _ kind: Kind) -> [Record]? {
    guard answer.count >= query.count, answer.prefix(2).elementsEqual(query.prefix(2)), answer[2] & 0x80 != 0
    else {
      return nil
    }
    // No such name is an answer as well.
    if answer[3] & 15 == 3 { return [] }
    guard answer[3] & 15 == 0, answer[12..<query.count].elementsEqual(query[12...]) else { return nil }
    var records: [Record] = []
    var offset = query.count
    for _ in 0..<min(64, number(answer, 6)) {
      guard let (_, after) = name(answer, offset), after + 10 <= answer.count else { return nil }
      let (type, length) = (number(answer, after), number(answer, after + 8))
      let start = after + 10
      guard start + length <= answer.count else { return nil }
      offset = start + length
      guard type == kind.rawValue else { continue }
      switch kind {
      case .address:
        guard length == 4 else { return nil }
        records.append(Record(text: answer[start..<offset].map { "\($0)" }.joined(separator: ".")))
      case .service:
        guard length >= 7, let (target, _) = name(answer, start + 6) else { return nil }
        records.append(
          Record(
            text: target, priority: number(answer, start), weight: number(answer, start + 2),
            port: number(answer, start + 4)))
      }
    }
    return records
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
    Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
  }

  /// A name and where it ends; pointers are followed backwards only, so that none goes round.
  private static func name(_ bytes: [UInt8], _ from: Int) -> (text: String, end: Int)? {
    var parts: [String] = []
    var (offset, end, length) = (from, -1, 0)
    var earliest = from
    while true {
      guard offset < bytes.count else { return nil }
      let size = Int(bytes[offset])
      if size == 0 {
        return (parts.joined(separator: "."), end >= 0 ? end : offset + 1)
      }
      if size & 0xc0 == 0xc0 {
        guard offset + 1 < bytes.count else { return nil }
        let target = number(bytes, offset) & 0x3fff
        guard target < earliest else { return nil }
        if end < 0 { end = offset + 2 }
        (earliest, offset) = (target, target)
        continue
      }
      guard size < 64, offset + 1 + size <= bytes.count else { return nil }
      length += size + 1
      guard length <= 255 else { return nil }
      parts.append(String(decoding: bytes[(offset + 1)...(offset + size)], as: UTF8.self))
      offset += 1 + size
    }
  }
}

/// Names to addresses, as the node's own files say.
struct NameTable {
  let tree: NodeTree

  /// Addresses of a host: itself where it is one, those of /etc/hosts, those that a name server of /etc/resolv.conf
  /// gives.
  func addresses(_ host: String) -> [String] {
    let isAddress = host.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 } || host.utf8.contains(58)
    if isAddress { return [host] }
    let listed = lines("etc/hosts").filter { $0.dropFirst().contains(host) }.compactMap { $0.first }
    if !listed.isEmpty { return listed }
    return records(host, .address).map { $0.text }
  }

  /// `https://TARGET:PORT` of a service's records (RFC 2782), the most wanted first.
  func leaders(_ name: String) -> [String] {
    records(name, .service).sorted {
      ($0.priority, -$0.weight, $0.text, $0.port) < ($1.priority, -$1.weight, $1.text, $1.port)
    }.map { "https://\($0.text):\($0.port)" }.filter { WebAddress($0) != nil }
  }

  private func records(_ name: String, _ kind: NameQuestion.Kind) -> [NameQuestion.Record] {
    let servers = lines("etc/resolv.conf").filter { $0.first == "nameserver" && $0.count > 1 }.map { $0[1] }
    for server in servers.prefix(3) {
      // Not what resolv.conf(5) knows: a port, after the last colon of a name in brackets.
      let (host, port) = server.hasPrefix("[") ? WebAddress.hostAndPort(server) ?? (server, 53) : (server, 53)
      let found = NameQuestion(name, kind).ask(tree.calls, host, port: port, milliseconds: 4000)
      if let found { return found }
    }
    return []
  }

  /// The words of each line, comments left out.
  private func lines(_ path: String) -> [[String]] {
    var bytes: [UInt8] = []
    do throws(NodeFailure) {
      guard let place = try tree.resolved(path) else { return [] }
      bytes = try tree.read(place, limit: 1 << 20) ?? []
    } catch {
      return []
    }
    return bytes.split(separator: 10).map { line in
      line.prefix { $0 != 35 }.split { $0 == 32 || $0 == 9 }.map { String(decoding: $0, as: UTF8.self) }
    }.filter { !$0.isEmpty }
  }
}
