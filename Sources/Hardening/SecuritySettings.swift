import FleetModel
import SystemdUnits

/// What the directives of a `[Service]` section come to, as systemd's own reader adds them up.
struct SecuritySettings {
  private var scalars: [String: String] = [:]
  private var lists: [String: [String]] = [:]
  /// Whether the unit is started before `sysinit.target`, when much of the sandbox cannot be had.
  let isEarly: Bool
  /// What the service may gain at all: CapabilityBoundingSet= less what other directives take.
  private(set) var capabilities = Self.allCapabilities
  /// What it is given.
  private(set) var ambientCapabilities: Set<String> = []
  /// The kinds of namespace it may make; `nil` while nothing was said.
  private var allowedNamespaces: Set<String>?
  private var families = Filter()
  private var calls: (named: SystemCallSet, isAllowList: Bool)?
  private var deniesAllAddresses = (v4: false, v6: false)
  private var allowedAddresses: [String] = []

  /// A list that either allows what it names or denies it; which of the two, its first line says.
  /// Without a line, an allow list allows nothing.
  private struct Filter {
    var names: Set<String>?
    var isAllowList = false

    /// Adds a line's names, or takes them away where the line says the opposite of the first.
    mutating func merge(_ added: Set<String>, isInverted: Bool) {
      if names == nil {
        isAllowList = !isInverted
        names = []
      }
      if isInverted == isAllowList { names?.subtract(added) } else { names?.formUnion(added) }
    }
  }

  /// Reads a unit.
  init(_ unit: UnitFile) {
    isEarly =
      unit.values("DefaultDependencies", in: "Unit").compactMap(Self.boolean).last == false
    for directive in unit.directives(in: "Service") { read(directive.key, directive.value) }
    // user@0.service runs as %i.
    if let user = scalars["User"], let name = UnitName(unit.name) {
      scalars["User"] = Specifiers.expandNames(user, for: name) ?? user
    }
    takeImplied()
  }

  /// The value that counts: the last one.
  func scalar(_ key: String) -> String? { scalars[key] }

  /// The words of all lines of a list.
  func words(_ key: String) -> [String] { lists[key] ?? [] }

  /// Whether a boolean directive is on.
  func isOn(_ key: String) -> Bool { scalars[key].flatMap(Self.boolean) ?? false }

  /// The value of a directive that is a boolean or one of some words: `yes`, `no` or the word.
  func graded(_ key: String, among words: Set<String>) -> String? {
    guard let value = scalars[key] else { return nil }
    return words.contains(value) ? value : Self.boolean(value).map { $0 ? "yes" : "no" }
  }

  /// Whether the account is transient; a `User=` that names the superuser makes it none.
  var isDynamic: Bool { isOn("DynamicUser") }

  /// Whether it runs as the superuser.
  var isRoot: Bool {
    scalars["User"].map { $0 == "root" || $0 == "0" } ?? !isDynamic
  }

  /// The kinds of namespace it may make.
  var namespaces: Set<String> { allowedNamespaces ?? Self.allNamespaces }

  /// Whether devices are refused unless allowed.
  var hasDevicePolicy: Bool {
    if let policy = scalars["DevicePolicy"], policy != "auto" { return true }
    return isOn("PrivateDevices")
  }

  /// Whether devices beyond the pseudo devices are allowed; ProtectClock= allows the clock's.
  var allowsDevices: Bool { lists["DeviceAllow"]?.isEmpty == false || isOn("ProtectClock") }

  /// Whether sockets of a family can be made.
  func allows(_ family: String) -> Bool {
    guard let names = families.names else { return !families.isAllowList }
    return names.contains(family) == families.isAllowList
  }

  /// Whether sockets of families beyond the common five can be made: of a list that denies, systemd
  /// asks only whether it names any of those.
  var allowsOtherFamilies: Bool {
    guard let names = families.names else { return !families.isAllowList }
    let isEmpty = names.subtracting(["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_UNIX"]).isEmpty
    return isEmpty != families.isAllowList
  }

  /// Ten where any address can be reached, five with an allow list, two where that is the node itself.
  var addressBadness: Int {
    if scalars["IPIngressFilterPath"] != nil || scalars["IPEgressFilterPath"] != nil { return 0 }
    guard deniesAllAddresses.v4, deniesAllAddresses.v6 else { return 10 }
    if allowedAddresses.isEmpty { return 0 }
    return allowedAddresses.allSatisfy(Self.isLoopback) ? 2 : 5
  }

  /// Ten where no filter holds a group's calls back, nine where an allow list names one of them.
  func badness(ofCalls group: String) -> Int {
    guard let calls else { return 10 }
    let wanted = SystemCallSet(named: group)
    if calls.isAllowList { return wanted.isDisjoint(with: calls.named) ? 0 : 9 }
    return wanted.isSubset(of: calls.named) ? 0 : 10
  }

  /// A boolean as systemd reads one.
  static func boolean(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "1", "yes", "y", "true", "t", "on": true
    case "0", "no", "n", "false", "f", "off": false
    default: nil
    }
  }

  private mutating func read(_ key: String, _ value: String) {
    let isInverted = value.first == "~"
    let words = value.drop { $0 == "~" }.split(separator: " ").map(String.init)
    switch key {
    case "CapabilityBoundingSet":
      Self.merge(Set(words), isInverted, initial: Self.allCapabilities, into: &capabilities)
    case "AmbientCapabilities":
      Self.merge(Set(words), isInverted, initial: [], into: &ambientCapabilities)
    case "RestrictNamespaces": restrictNamespaces(value, words, isInverted)
    case "RestrictAddressFamilies": restrictFamilies(value, words, isInverted)
    case "SystemCallFilter": filterCalls(value, words, isInverted)
    case "IPAddressDeny": denyAddresses(words)
    case "IPAddressAllow":
      allowedAddresses = words.isEmpty ? [] : allowedAddresses + words
    case "DeviceAllow", "SupplementaryGroups", "SystemCallArchitectures":
      lists[key] = value.isEmpty ? [] : lists[key, default: []] + value.split(separator: " ").map(String.init)
    default: scalars[key] = value
    }
  }

  /// A line without names replaces what was there, and so does the first line; others add to it.
  private static func merge(
    _ named: Set<String>, _ isInverted: Bool, initial: Set<String>, into set: inout Set<String>
  ) {
    if named.isEmpty || set == initial {
      set = isInverted ? allCapabilities.subtracting(named) : named
    } else if isInverted {
      set.subtract(named)
    } else {
      set.formUnion(named)
    }
  }

  private mutating func restrictNamespaces(_ value: String, _ words: [String], _ isInverted: Bool) {
    if value.isEmpty {
      allowedNamespaces = nil
    } else if let isRestricted = Self.boolean(value) {
      allowedNamespaces = isRestricted ? [] : Self.allNamespaces
    } else if isInverted {
      allowedNamespaces = namespaces.subtracting(words)
    } else {
      allowedNamespaces = (allowedNamespaces ?? []).union(words)
    }
  }

  private mutating func restrictFamilies(_ value: String, _ words: [String], _ isInverted: Bool) {
    switch value {
    case "": families = Filter()
    case "none": families = Filter(names: nil, isAllowList: true)
    default: families.merge(Set(words.map { Self.familyAliases[$0] ?? $0 }), isInverted: isInverted)
    }
  }

  /// The C library's other names for families.
  private static let familyAliases = ["AF_LOCAL": "AF_UNIX", "AF_FILE": "AF_UNIX", "AF_ROUTE": "AF_NETLINK"]

  private mutating func filterCalls(_ value: String, _ words: [String], _ isInverted: Bool) {
    if value.isEmpty {
      calls = nil
      return
    }
    var filter = calls ?? (isInverted ? .empty : SystemCallSet(named: "@default"), !isInverted)
    for word in words {
      // A call may carry the error it is refused with: `mount:EPERM`.
      let named = SystemCallSet(named: String(word.prefix { $0 != ":" }))
      if isInverted == filter.isAllowList {
        filter.named.subtract(named)
      } else {
        filter.named.formUnion(named)
      }
    }
    calls = filter
  }

  private mutating func denyAddresses(_ words: [String]) {
    if words.isEmpty { deniesAllAddresses = (false, false) }
    for word in words {
      if word == "any" { deniesAllAddresses = (true, true) }
      if word == "0.0.0.0/0" { deniesAllAddresses.v4 = true }
      if word == "::/0" { deniesAllAddresses.v6 = true }
    }
  }

  private static func isLoopback(_ text: String) -> Bool {
    if text == "localhost" { return true }
    let address = text.split(separator: "/").first.flatMap { IPAddress(String($0)) }
    return address == IPAddress("::1") || address?.masked(to: 8) == IPAddress("127.0.0.0")
  }

  /// systemd takes away what a directive forbids anyway (unit_patch_contexts).
  private mutating func takeImplied() {
    for (directive, taken) in [
      ("PrivateDevices", ["CAP_MKNOD", "CAP_SYS_RAWIO"]), ("ProtectKernelModules", ["CAP_SYS_MODULE"]),
      ("ProtectKernelLogs", ["CAP_SYSLOG"]), ("ProtectClock", ["CAP_SYS_TIME", "CAP_WAKE_ALARM"]),
    ] where isOn(directive) {
      capabilities.subtract(taken)
    }
  }

  private static let allNamespaces: Set<String> = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"]

  private static let allCapabilities = Set(
    """
    AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE
    DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN
    MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID
    SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE
    SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { "CAP_" + $0 })
}
