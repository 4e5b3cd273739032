internal import Digests
internal import FleetModel

/// The scalar grammars of the language. Most are a model type's own initializer, so that what is
/// accepted and what is decoded cannot differ.
enum Grammar {
  static let text = ScalarType("a text of one line, at most 4096 bytes") { text in
    text.utf8.count <= 4096
      && (text.utf8.allSatisfy { (32...126).contains($0) }
        || text.unicodeScalars.allSatisfy { !isInvisible($0) })
  }
  static let lines = ScalarType("a text of at most 65536 bytes") { $0.utf8.count <= 65536 }
  static let name = ScalarType(
    "a name: a lower-case letter, then letters, digits and single hyphens, at most 63",
    pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", isUnique: true
  ) { Name($0) != nil }
  /// The last label has a letter: with digits alone the name would be read as an address (RFC 3696, 2).
  static let domain = ScalarType(
    "a DNS name in lower case", pattern: "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"
  ) { text in DomainName(text) != nil && !isNumber(text.split(separator: ".").last ?? "") }
  /// Leaves room for the longest host name in front.
  static let nodeDomain = ScalarType(
    "a DNS name in lower case, at most 189 characters", pattern: "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"
  ) { domain.accepts($0) && $0.utf8.count <= 189 }
  static let hostLabel = ScalarType(
    "a host name without a domain, a letter in it", pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
  ) { text in
    DomainName(text) != nil && !text.contains(".") && text.utf8.count <= 63 && !isNumber(text[...])
  }
  static let account = ScalarType("an account name", pattern: "^[a-z_][a-z0-9_-]*$") {
    AccountName($0) != nil
  }
  static let variable = ScalarType(
    "a variable name in capitals", pattern: "^[A-Z_][A-Z0-9_]*$"
  ) { VariableName($0) != nil }
  static let directive = ScalarType(
    "a systemd directive such as ProtectSystem", pattern: "^[A-Z][A-Za-z0-9]*$"
  ) { text in
    text.utf8.count <= 64 && (text.utf8.first.map { (65...90).contains($0) } ?? false)
      && text.utf8.allSatisfy {
        (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0)
      }
  }
  static let boolean = ScalarType("true or false", .boolean) { $0 == "true" || $0 == "false" }
  static let address = ScalarType("an IPv4 or IPv6 address", isUnique: true) { IPAddress($0) != nil }
  static let block = ScalarType("a network such as 192.168.100.0/24, host bits zero") {
    AddressBlock($0) != nil
  }
  static let host = ScalarType("a host name or an address", isUnique: true) {
    IPAddress($0) != nil || domain.accepts($0)
  }
  static let mac = ScalarType(
    "an Ethernet address such as 52:54:00:00:01:01",
    pattern: "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$", isUnique: true
  ) { MACAddress($0).map { $0.isUnicast && $0.bits != 0 } ?? false }
  static let size = ScalarType(
    "a size in binary units such as 512MiB", pattern: "^[0-9]+(B|KiB|MiB|GiB|TiB)$"
  ) { ByteCount($0).map { $0.bytes > 0 } ?? false }
  static let volumeSize = ScalarType(
    "a size in binary units such as 80GiB, rest or shared",
    pattern: "^([0-9]+(B|KiB|MiB|GiB|TiB)|rest|shared)$"
  ) { $0 == "rest" || $0 == "shared" || size.accepts($0) }
  /// Nothing that ends a word of fstab or of a shell.
  static let mountOption = ScalarType(
    "a mount option such as noatime", pattern: "^[A-Za-z0-9_.:=/+-]+$", isUnique: true
  ) { text in
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { isFileNameByte($0) || [47, 58, 61].contains($0) }
  }
  static let duration = ScalarType("a time such as 90s, at most 366d", pattern: "^[0-9]+(ms|s|min|h|d)$") {
    text in
    TimeSpan(text).map { $0.milliseconds <= longest } ?? false
  }
  /// systemd takes a time limit of zero for none at all (systemd.service(5)).
  static let limit = ScalarType(
    "a time such as 90s, more than nothing and at most 366d", pattern: "^[0-9]+(ms|s|min|h|d)$"
  ) { text in
    TimeSpan(text).map { (1...longest).contains($0.milliseconds) } ?? false
  }
  private static let longest = 366 * 86_400_000
  static let mode = ScalarType(
    "permissions in octal with four digits such as 0640", pattern: "^0[0-7]{3}$"
  ) { FileMode($0) != nil }
  static let path = ScalarType("an absolute path", pattern: "^/[^ ]+$", isUnique: true) { text in
    TargetPath(text) != nil && text.split(separator: "/").allSatisfy { $0.utf8.count <= 255 }
  }
  static let relativePath = ScalarType(
    "a path inside the fleet's folder", pattern: "^[^/ ][^ ]*$"
  ) { TargetPath("/" + $0) != nil }
  static let sibling = ScalarType("a relative path such as ../plasmacloud", pattern: "^[A-Za-z0-9_./-]+$") {
    text in
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return text.utf8.count <= 1024
      && parts.allSatisfy { $0 == ".." || (fileName.accepts(String($0)) && !$0.contains("+")) }
  }
  static let fileName = ScalarType("a file name", pattern: "^[A-Za-z0-9_.+-]+$", isUnique: true) { text in
    text.utf8.count <= 255 && TargetPath("/" + text) != nil && text.utf8.allSatisfy(isFileNameByte)
  }
  static let unitName = ScalarType(
    "a unit name without its type", pattern: "^[A-Za-z0-9:_.@-]+$"
  ) { text in
    (1...200).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (65...90).contains($0) || (97...122).contains($0) || (48...58).contains($0)
          || [45, 46, 64, 95].contains($0)
      }
  }
  /// As it stands in front of `.service`, and of `@` where there are instances.
  static let serviceUnit = ScalarType(
    "a unit name without its type, such as membershipd-cluster", pattern: "^[A-Za-z0-9:_][A-Za-z0-9:_.-]*$"
  ) { text in
    let types = [
      "service", "socket", "target", "timer", "mount", "automount", "path", "slice", "scope", "device",
      "swap",
    ]
    return unitName.accepts(text) && !text.contains("@") && text.utf8.first != 45 && text.utf8.first != 46
      && !types.contains { text.hasSuffix("." + $0) }
  }
  static let digest = ScalarType(
    "a SHA-256 digest: 64 lower-case hexadecimal digits", pattern: "^[0-9a-f]{64}$"
  ) { SHA256Digest($0) != nil }
  static let version = ScalarType("a version such as 0.1.0", pattern: "^[0-9]+\\.[0-9]+\\.[0-9]+$") {
    isVersion($0)
  }
  /// The first is the earliest that FAT has, the last lies before the latest that ustar has.
  static let date = ScalarType(
    "a date from 1980 to 2199 such as 2025-12-12", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
  ) {
    CalendarDate($0) != nil
  }
  static let hostID = ScalarType("eight hexadecimal digits, not all zero", pattern: "^[0-9a-f]{8}$") {
    isHexadecimal($0, count: 8) && $0 != "00000000"
  }
  static let revision = ScalarType("a commit: 40 hexadecimal digits", pattern: "^[0-9a-f]{40}$") {
    isHexadecimal($0, count: 40)
  }
  static let narHash = ScalarType(
    "a NAR digest such as sha256-…=", pattern: "^sha256-[A-Za-z0-9+/]{43}=$"
  ) { text in
    text.hasPrefix("sha256-") && text.hasSuffix("=") && text.utf8.count == 51
      && text.utf8.dropFirst(7).dropLast().allSatisfy {
        (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 43 || $0 == 47
      }
  }
  static let flakeAttribute = ScalarType(
    "a flake attribute such as plasmacloud#flaredb-server", pattern: "^[a-z][a-z0-9-]*#[A-Za-z0-9_.-]+$"
  ) { text in
    let parts = text.split(separator: "#", omittingEmptySubsequences: false)
    return parts.count == 2 && Name(String(parts[0])) != nil && fileName.accepts(String(parts[1]))
      && !parts[1].contains("+")
  }
  static let dependency = ScalarType(
    "a service, or a service and started, ready or joined: chainfire.joined",
    pattern: "^[a-z][a-z0-9-]*(\\.(started|ready|joined))?$", isUnique: true
  ) { DependencyName($0) != nil }
  static let url = ScalarType("a URL", pattern: "^(https?|man|file|info):.+$") { text in
    text.utf8.allSatisfy { (33...126).contains($0) }
      && ["https://", "http://", "man:", "file:", "info:"].contains { text.hasPrefix($0) }
  }
  static let urlPath = ScalarType("a path that starts with /", pattern: "^/") { text in
    text.hasPrefix("/") && text.utf8.count <= 1024 && text.utf8.allSatisfy { (33...126).contains($0) }
  }
  /// systemd.exec(5), process properties: one limit, or a soft and a hard one.
  static let resourceLimit = ScalarType(
    "a limit such as 65536, 8M, infinity or 1024:4096", pattern: "^[^:]+(:[^:]+)?$"
  ) { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        let digits = part.utf8.prefix { (48...57).contains($0) }.count
        let unit = part.utf8.dropFirst(digits)
        return part == "infinity"
          || ((1...18).contains(digits) && unit.count <= 3
            && unit.allSatisfy { (65...90).contains($0) || (97...122).contains($0) })
      } && !isAboveItself(parts)
  }

  /// Whether a soft limit is above its hard one, as far as plain numbers show it.
  private static func isAboveItself(_ parts: [Substring]) -> Bool {
    let numbers = parts.compactMap { Int($0) }
    return numbers.count == 2 && numbers[0] > numbers[1]
  }
  static let port = integer(1...65535, "a port from 1 to 65535")

  static func integer(_ range: ClosedRange<Int>, _ expected: String) -> ScalarType {
    ScalarType(expected, .integer, range: range) { text in
      decimal(text).map(range.contains) ?? false
    }
  }

  static func choice(_ words: [String]) -> ScalarType {
    ScalarType("one of " + words.joined(separator: ", "), choices: words, isUnique: true) {
      words.contains($0)
    }
  }

  static func choice<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> ScalarType
  where Word.RawValue == String {
    choice(type.allCases.map(\.rawValue))
  }

  /// A whole number in decimal without sign games: `-1`, `0`, `42`, never `+1`, `01` or `0x1`.
  static func decimal(_ text: String) -> Int? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      text == "0" || digits.utf8.first != 48
    else { return nil }
    return Int(text)
  }

  /// Characters that show nothing, end a line or turn the direction of what follows.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  private static func isFileNameByte(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
      || [43, 45, 46, 95].contains(byte)
  }

  private static func isVersion(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 3
      && parts.allSatisfy { part in (decimal(String(part)) ?? -1) >= 0 && part.utf8.count <= 9 }
  }

  private static func isHexadecimal(_ text: String, count: Int) -> Bool {
    text.utf8.count == count
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

/// A date of the proleptic Gregorian calendar.
struct CalendarDate {
  /// Seconds from 1970-01-01T00:00:00Z to its midnight.
  let epoch: Int

  /// Reads `2025-12-12`, from 1980 to 2199.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1980...2199).contains(year), (1...12).contains(month)
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...lengths[month - 1]).contains(day) else { return nil }
    let before = year - 1
    let leapDays = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400)
    let days = (year - 1970) * 365 + leapDays + lengths[..<(month - 1)].reduce(0, +) + day - 1
    epoch = days * 86400
  }
}

/// A word of `requires`, `wants` and `after`.
struct DependencyName {
  let service: Name
  let point: Dependency.Point?

  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let service = Name(String(parts[0])) else { return nil }
    self.service = service
    if parts.count == 2 {
      guard let point = Dependency.Point(rawValue: String(parts[1])) else { return nil }
      self.point = point
    } else {
      point = nil
    }
  }
}
