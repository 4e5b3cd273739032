import SystemdUnits

/// What a unit says of others, and what of it makes the manager add dependencies of its own.
struct DependencyFacts {
  /// A dependency that stands in a file, its name not resolved yet.
  struct Declared {
    let kind: DependencyKind
    let name: String
    let setting: Int32
  }

  /// A dependency that follows from another setting.
  struct Implied {
    let kind: DependencyKind
    let name: String
    /// The setting it follows from; -1 for none.
    let setting: Int32
  }

  /// A path whose mount must be there first.
  struct Mount {
    let path: String
    let isRequired: Bool
    let setting: Int32
    /// Whether a setting names the path, and not the unit's own place.
    var isWritten = true
  }

  let name: UnitName
  var declared: [Declared] = []
  var implied: [Implied] = []
  var mounts: [Mount] = []
  /// Names behind `WantedBy=` and its like: who is to depend on this unit.
  var installed: [Declared] = []
  var hasDefaultDependencies = true
  /// What a socket, timer, path or automount unit starts.
  var triggered: (name: String, setting: Int32)?
  /// Whether `Unit=` says so; otherwise it follows from the name, or from `Service=`.
  var isTriggerWritten = false
  /// The slice of a unit with processes, once it is looked up.
  var sliceName: String?
  /// The setting that names it; -1 for none.
  var sliceSetting: Int32 = -1
  /// The sockets that `Sockets=` names.
  var triggeredBy: [Implied] = []
  /// Whether a timer waits for the clock to be set.
  var needsClock = false
  /// What a mount unit says of its place in the boot.
  var mount = MountFacts()

  struct MountFacts {
    var isNetwork = false
    var isNofail = false
    var isMemory = false
  }

  init(name: UnitName) {
    self.name = name
  }
}

extension DependencyFacts {
  /// Reads them from a unit; `name` is an instance's when the unit is its template.
  init(_ unit: LoadedUnit, as name: UnitName) {
    self.init(name: name)
    for index in unit.settings.indices {
      guard let key = unit.settings[index].key else { continue }
      if let kind = key.dependency {
        for word in unit.names(at: index) {
          declared.append(.init(kind: kind, name: word, setting: Int32(truncatingIfNeeded: index)))
        }
      } else if let kind = Self.installKind(key) {
        for word in unit.names(at: index) {
          installed.append(.init(kind: kind, name: word, setting: Int32(truncatingIfNeeded: index)))
        }
      }
    }
    hasDefaultDependencies = unit.flag(.defaultDependencies, true)
    readMounts(unit)
    switch name.type {
    case .service: readService(unit)
    case .socket: readTrigger(unit, .service, standard: "service")
    case .timer:
      readTrigger(unit, .unit, standard: "service")
      needsClock = !unit.indices(of: .onCalendar).isEmpty
      if unit.flag(.persistent, false), let index = unit.index(of: .persistent) {
        mounts.append(.init(path: "/var/lib/systemd/timers", isRequired: true, setting: Int32(index)))
      }
    case .path: readTrigger(unit, .unit, standard: "service")
    case .automount: triggered = (name.withoutType + ".mount", -1)
    case .mount:
      readOutputs(unit)
      readMountUnit(unit)
    case .swap: readOutputs(unit)
    default: break
    }
  }

  private static func installKind(_ key: SettingKey) -> DependencyKind? {
    switch key {
    case .wantedBy: .wants
    case .requiredBy: .requires
    case .upheldBy: .upholds
    default: nil
    }
  }

  private mutating func readMounts(_ unit: LoadedUnit) {
    for (key, isRequired) in [(SettingKey.requiresMountsFor, true), (.wantsMountsFor, false)] {
      for index in unit.indices(of: key) {
        for word in UnitWords.split(unit.settings[index].value, .paths).words {
          mounts.append(.init(path: word.text, isRequired: isRequired, setting: Int32(index)))
        }
      }
    }
    for key in [SettingKey.workingDirectory, .rootDirectory, .rootImage] {
      guard let index = unit.index(of: key) else { continue }
      let value = unit.settings[index].value
      guard value.utf8.first == UInt8(ascii: "/") else { continue }
      mounts.append(.init(path: value, isRequired: true, setting: Int32(index)))
      if key == .rootImage {
        implied.append(.init(kind: .after, name: "systemd-udevd.service", setting: Int32(index)))
      }
    }
    readDirectories(unit)
  }

  private mutating func readDirectories(_ unit: LoadedUnit) {
    let parents: [(SettingKey, String)] = [
      (.stateDirectory, "/var/lib/"), (.cacheDirectory, "/var/cache/"), (.logsDirectory, "/var/log/"),
      (.runtimeDirectory, "/run/"), (.configurationDirectory, "/etc/"),
    ]
    for (key, parent) in parents {
      let isVariable = parent.hasPrefix("/var")
      for index in unit.indices(of: key) {
        if isVariable {
          implied.append(.init(kind: .after, name: "systemd-remount-fs.service", setting: Int32(index)))
        }
        for word in UnitWords.split(unit.settings[index].value, .paths).words {
          mounts.append(.init(path: parent + word.text, isRequired: true, setting: Int32(index)))
        }
      }
    }
    let isPrivate = unit.flag(.privateTmp, false) ? unit.index(of: .privateTmp) : nil
    if let index = isPrivate ?? (unit.flag(.dynamicUser, false) ? unit.index(of: .dynamicUser) : nil) {
      let setting = Int32(index)
      implied.append(.init(kind: .after, name: "systemd-tmpfiles-setup.service", setting: setting))
      implied.append(.init(kind: .wants, name: "tmp.mount", setting: setting))
      implied.append(.init(kind: .after, name: "tmp.mount", setting: setting))
      mounts.append(.init(path: "/var/tmp", isRequired: true, setting: setting))
    }
  }

  /// What writes to the journal starts after the journal listens.
  private mutating func readOutputs(_ unit: LoadedUnit) {
    let outputs = [unit.value(.standardOutput) ?? "journal", unit.value(.standardError) ?? "inherit"]
    if outputs.contains(where: { $0.hasPrefix("journal") || $0.hasPrefix("kmsg") }) {
      implied.append(.init(kind: .after, name: "systemd-journald.socket", setting: -1))
    }
  }

  private mutating func readService(_ unit: LoadedUnit) {
    readOutputs(unit)
    if unit.value(.type) == "dbus" || (unit.value(.type) == nil && unit.has(.busName)) {
      let index = Int32(unit.index(of: .type) ?? unit.index(of: .busName) ?? -1)
      implied.append(.init(kind: .requires, name: "dbus.socket", setting: index))
      implied.append(.init(kind: .after, name: "dbus.socket", setting: index))
    }
    for index in unit.indices(of: .sockets) {
      for word in UnitWords.names(unit.settings[index].value) {
        implied.append(.init(kind: .wants, name: word, setting: Int32(index)))
        implied.append(.init(kind: .after, name: word, setting: Int32(index)))
        triggeredBy.append(.init(kind: .triggers, name: word, setting: Int32(index)))
      }
    }
    if let index = unit.index(of: .slice) {
      implied.append(.init(kind: .requires, name: unit.settings[index].value, setting: Int32(index)))
      implied.append(.init(kind: .after, name: unit.settings[index].value, setting: Int32(index)))
    }
  }

  private mutating func readTrigger(_ unit: LoadedUnit, _ key: SettingKey, standard: String) {
    if key == .service, unit.flag(.accept, false) { return }
    if let index = unit.index(of: key) {
      triggered = (unit.settings[index].value, Int32(index))
      isTriggerWritten = key == .unit
    } else {
      triggered = (name.withoutType + "." + standard, -1)
    }
  }

  private mutating func readMountUnit(_ unit: LoadedUnit) {
    let options = (unit.value(.options) ?? "").split(separator: ",")
    let type = unit.value(.mountType) ?? ""
    let networkTypes = [
      "nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "9p", "ncpfs", "afs", "sshfs", "davfs",
    ]
    mount.isNetwork = options.contains("_netdev") || networkTypes.contains(type)
    mount.isNofail = options.contains("nofail")
    mount.isMemory = type == "tmpfs"
    let own = UnitEscaping.unescape(name.withoutType).map { "/" + String(decoding: $0, as: UTF8.self) }
    if let place = unit.value(.wherePath) ?? own, let slash = place.lastIndex(of: "/"), place != "/" {
      let parent = slash == place.startIndex ? "/" : String(place[..<slash])
      let setting = Int32(unit.index(of: .wherePath) ?? -1)
      mounts.append(.init(path: parent, isRequired: true, setting: setting, isWritten: false))
    }
    if let what = unit.value(.what), what.hasPrefix("/"), !mount.isNetwork,
      let index = unit.index(of: .what)
    {
      mounts.append(.init(path: what, isRequired: true, setting: Int32(index)))
    }
  }
}
