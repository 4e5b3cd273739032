/// Users and groups of the node, read from /etc/passwd and /etc/group themselves: in a static program glibc's own
/// getpwnam(3) loads a library for a name that is not in the file, and crashes.
struct Accounts {
  /// Most bytes of either file.
  static let fileLimit = 4 << 20

  private var users: [String: (user: UInt32, group: UInt32)] = [:]
  private var groups: [String: UInt32] = [:]

  /// Reads both; lines that are none are passed over, as glibc does. The first of a name counts.
  init(passwd: [UInt8], group: [UInt8]) {
    for fields in Self.lines(passwd) where fields.count == 7 {
      guard let user = UInt32(fields[2]), let group = UInt32(fields[3]), users[fields[0]] == nil else {
        continue
      }
      users[fields[0]] = (user, group)
    }
    for fields in Self.lines(group) where fields.count == 4 {
      guard let number = UInt32(fields[2]), groups[fields[0]] == nil else { continue }
      groups[fields[0]] = number
    }
  }

  /// Numbers of a user and of the group of the same name, or else of the user's own group; root needs no file.
  func owner(_ name: String) -> (user: UInt32, group: UInt32)? {
    if name == "root" { return (0, 0) }
    guard let user = users[name] else { return nil }
    return (user.user, groups[name] ?? user.group)
  }

  private static func lines(_ bytes: [UInt8]) -> [[String]] {
    bytes.split(separator: 10).filter { $0.first != 35 }.map { line in
      line.split(separator: 58, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
