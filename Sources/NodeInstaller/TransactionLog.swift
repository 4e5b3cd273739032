internal import Digests
internal import NodeCalls

/// What a transaction was about to do, for whoever finishes or undoes it: a line for each step, on the disk before the
/// step is taken. Each line carries the first digits of its digest; a line that a crash tore is none, and neither is
/// what follows it. SHA-256 is here already, so that a shorter sum would save nothing.
struct TransactionLog {
  /// A step.
  enum Record: Equatable {
    /// From which release, `-` for none, to which, and whether the new one was staged by this transaction.
    case begin(old: String, new: String, stages: Bool)
    /// The release is complete.
    case staged
    /// A folder that was not there.
    case made(String)
    /// A foreign file that is moved out of the way.
    case kept(String)
    /// Everything visible is in place but the pointer.
    case swap
    /// The new release is not to stay.
    case reverse

    var text: String {
      switch self {
      case .begin(let old, let new, let stages): "begin \(old) \(new) \(stages ? "stages" : "keeps")"
      case .staged: "staged"
      case .made(let path): "made \(path)"
      case .kept(let path): "kept \(path)"
      case .swap: "swap"
      case .reverse: "reverse"
      }
    }

    init?(_ text: String) {
      let words = text.utf8.split(separator: 32).map { String(decoding: Array($0), as: UTF8.self) }
      switch (words.first, words.count) {
      case ("begin", 4): self = .begin(old: words[1], new: words[2], stages: words[3] == "stages")
      case ("staged", 1): self = .staged
      case ("made", 2): self = .made(words[1])
      case ("kept", 2): self = .kept(words[1])
      case ("swap", 1): self = .swap
      case ("reverse", 1): self = .reverse
      default: return nil
      }
    }
  }

  private let tree: NodeTree

  init(_ tree: NodeTree) { self.tree = tree }

  /// The records; `nil` when no transaction is under way.
  func records() throws(NodeFailure) -> [Record]? {
    guard let bytes = try tree.read(Places.log, limit: 16 << 20) else { return nil }
    var records: [Record] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 10) {
      let line = rest[..<end]
      guard line.count > 9, let record = Record(String(decoding: line.dropFirst(9), as: UTF8.self)),
        line.prefix(8).elementsEqual(Self.sum(Array(line.dropFirst(9)), at: records.count))
      else { break }
      records.append(record)
      rest = rest[bytes.index(after: end)...]
    }
    return records
  }

  /// Writes records behind so many others and has them on the disk.
  func append(_ records: [Record], after count: Int) throws(NodeFailure) {
    guard !records.isEmpty else { return }
    var bytes: [UInt8] = []
    for (index, record) in records.enumerated() {
      let text = Array(record.text.utf8)
      bytes += Self.sum(text, at: count + index) + [32] + text + [10]
    }
    let file = tree.calls.openAppending(tree.root, Places.log)
    if file < 0 { throw NodeFailure("open", Places.log, NodeErrno(-file)) }
    defer { _ = tree.calls.close(file) }
    try tree.write(bytes, to: file, Places.log)
    let synced = tree.calls.sync(file)
    if synced < 0 { throw NodeFailure("sync", Places.log, NodeErrno(-synced)) }
    if count == 0 { try tree.sync(Places.state) }
  }

  /// Ends the transaction.
  func remove() throws(NodeFailure) {
    try tree.remove(Places.log)
    try tree.sync(Places.state)
  }

  /// The place is in the sum: a record of another transaction is none of this one.
  private static func sum(_ text: [UInt8], at index: Int) -> [UInt8] {
    Array(SHA256.digest(of: Array("\(index) ".utf8) + text).description.utf8.prefix(8))
  }
}
