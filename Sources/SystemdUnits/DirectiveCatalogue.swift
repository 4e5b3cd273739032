/// The sections that unit files have (systemd.unit(5) and the page of each unit type).
public enum UnitSection: String, CaseIterable, Hashable, Sendable {
  case unit = "Unit"
  case service = "Service"
  case socket = "Socket"
  case mount = "Mount"
  case automount = "Automount"
  case swap = "Swap"
  case timer = "Timer"
  case path = "Path"
  case slice = "Slice"
  case scope = "Scope"
  case install = "Install"

  /// The section's letter in the directive table.
  var letter: UInt8 {
    switch self {
    case .unit: UInt8(ascii: "U")
    case .service: UInt8(ascii: "S")
    case .socket: UInt8(ascii: "K")
    case .mount: UInt8(ascii: "M")
    case .automount: UInt8(ascii: "A")
    case .swap: UInt8(ascii: "W")
    case .timer: UInt8(ascii: "T")
    case .path: UInt8(ascii: "P")
    case .slice: UInt8(ascii: "L")
    case .scope: UInt8(ascii: "C")
    case .install: UInt8(ascii: "I")
    }
  }

  /// The section that settings of a unit type stand in; `nil` for targets and devices, which have none.
  public init?(of type: UnitType) {
    switch type {
    case .service: self = .service
    case .socket: self = .socket
    case .mount: self = .mount
    case .automount: self = .automount
    case .swap: self = .swap
    case .timer: self = .timer
    case .path: self = .path
    case .slice: self = .slice
    case .scope: self = .scope
    case .target, .device: return nil
    }
  }
}

/// How a directive's value is read. The words are those of `systemd --dump-configuration-items`.
public enum DirectiveKind: String, CaseIterable, Hashable, Sendable {
  case access, action, archs, bandwidth, bindPaths, boolean, boundingset, condition, cpuaffinity
  case cpuschedpolicy, cpuschedprio, cpuweight, device, devicelatency, deviceweight, environ, errno
  case exec, facility, families, file, filesystems, input, integer, ioclass, iopriority, jobMode
  case killmode, label, level, limit, listen, long, mode, mountFlags, namespaces, nanoseconds
  case networkinterface, nice, oomscoreadjust, other, output, path, paths, personality, policy
  case seconds, securebits, service, serviceexittype, servicerestart, servicetype, shares, signal
  case size, slice, socketbind, sockets, status, string, syscalls, timeoutmode, timer, tos, unit
  case units, unsigned, url, weight
}

/// What is known of one directive.
public struct Directive: Hashable, Sendable {
  /// For example `ExecStart`.
  public let name: String
  /// How its value is read.
  public let kind: DirectiveKind
  /// Whether a second assignment adds to the first; otherwise it replaces it.
  public let isList: Bool
  /// Where it may stand.
  public let sections: [UnitSection]
  /// The first version of systemd that may know it; 247, the oldest that was asked, stands for any before.
  public let since: Int
  /// The first version that was asked and knows it. Between `since` and this one lie versions that
  /// were not asked.
  public let knownBy: Int
  /// Whether `since` is what release notes say, and not what a program said.
  public let isSinceFromNotes: Bool
  /// The last version that was asked and knows it, where later ones do not; `nil` when the newest does.
  public let until: Int?
}

/// All directives of unit files, looked up by name. Section and name are case-sensitive, as they are
/// for systemd.
public struct DirectiveCatalogue: Sendable {
  /// A directive's number: cheap to keep with every setting of a fleet.
  public struct Row: Hashable, Sendable {
    /// Its place in `directives`.
    public let index: UInt16
    let section: UnitSection

    // The number alone tells nearly all rows apart, and hashing a section means hashing its name.
    public func hash(into hasher: inout Hasher) { hasher.combine(index) }
  }

  /// In order of name; some names stand twice, with other kinds in other sections.
  public let directives: [Directive]
  private let byName: [String: [UInt16]]
  private let byLowercase: [String: [UInt16]]
  private let keys: [SettingKey?]
  private let mountKeys: [SettingKey?]
  private let kinds: [DirectiveKind]

  /// The directives of systemd 247 to 262.
  public static let standard = DirectiveCatalogue(table: table)
  /// The versions that were asked what they know; what others know is concluded from them.
  public static let versionsAsked = [247, 252, 254, 257, 262]

  /// Reads a table of words `name/kind/sections[/since[/until]]`; words that are none are left out.
  init(table: String) {
    var directives: [Directive] = []
    for word in table.split(whereSeparator: { $0 == " " || $0 == "\n" }).prefix(Int(UInt16.max)) {
      let fields = word.split(separator: "/", omittingEmptySubsequences: false)
      guard fields.count >= 3 else { continue }
      let isList = fields[1].hasSuffix("+")
      guard let kind = DirectiveKind(rawValue: String(isList ? fields[1].dropLast() : fields[1])) else {
        continue
      }
      let letters = Array(fields[2].utf8)
      let since = Since(fields.count > 3 ? fields[3] : "")
      directives.append(
        Directive(
          name: String(fields[0]), kind: kind, isList: isList,
          sections: UnitSection.allCases.filter { letters.contains($0.letter) },
          since: since.first, knownBy: since.asked, isSinceFromNotes: since.isFromNotes,
          until: fields.count > 4 ? Int(fields[4]) : nil))
    }
    self.directives = directives
    let numbers = directives.indices.map(UInt16.init)
    byName = Dictionary(grouping: numbers) { directives[Int($0)].name }
    byLowercase = Dictionary(grouping: numbers) { directives[Int($0)].name.lowercased() }
    keys = directives.map { SettingKey(directive: $0.name, in: .unit) }
    kinds = directives.map(\.kind)
    mountKeys = directives.map { SettingKey(directive: $0.name, in: .mount) }
  }

  /// `254~257`, `253-254`, `258` or nothing, as `scripts/generate-directives` writes them.
  private struct Since {
    var first = 247
    var asked = 247
    var isFromNotes = false

    init(_ text: Substring) {
      let parts = text.split { $0 == "~" || $0 == "-" }
      guard let version = parts.first.flatMap({ Int($0) }) else { return }
      first = version
      asked = parts.last.flatMap { Int($0) } ?? version
      isFromNotes = text.contains("~")
    }
  }

  /// The number of the directive `name` of a section; `nil` when there is none.
  public func row(_ name: String, in section: UnitSection) -> Row? {
    byName[name]?.first { directives[Int($0)].sections.contains(section) }.map {
      Row(index: $0, section: section)
    }
  }

  /// The directive of a number.
  public subscript(row: Row) -> Directive { directives[Int(row.index)] }

  /// The first version of systemd that knows the directive.
  public func since(_ row: Row) -> Int { directives[Int(row.index)].since }

  /// The last version that knows the directive, where the newest does not.
  public func until(_ row: Row) -> Int? { directives[Int(row.index)].until }

  /// How the directive's value is read.
  func kind(of row: Row) -> DirectiveKind { kinds[Int(row.index)] }

  /// The directive, when rules ask for it by name.
  func key(of row: Row) -> SettingKey? {
    row.section == .mount ? mountKeys[Int(row.index)] : keys[Int(row.index)]
  }

  /// The directive `name` of a section; `nil` when there is none.
  public func directive(_ name: String, in section: UnitSection) -> Directive? {
    row(name, in: section).map { self[$0] }
  }

  /// All directives of a name, whatever their section.
  public func directives(named name: String) -> [Directive] {
    (byName[name] ?? []).map { directives[Int($0)] }
  }

  /// Directives of a name but for its case.
  public func directives(namedLike name: String) -> [Directive] {
    (byLowercase[name.lowercased()] ?? []).map { directives[Int($0)] }
  }
}
