internal import BundleReading
internal import Bundles
internal import NodeCalls

extension Inspection {
  /// Units that are nobody else's, and have all they name.
  mutating func units() throws(NodeFailure) {
    for unit in manifest.units where !UnitText.isName(unit.name) {
      refuse("ND020", .units, "'\(unit.name)' is no unit's name", unit.name)
    }
    for file in manifest.files where file.path.hasPrefix(Places.units) {
      let text = texts[file.path] ?? []
      if UnitText.isUnit(file.path) {
        try placed(Places.name(file.path))
      } else {
        try dropIn(file.path)
      }
      if text.contains(0) || text.contains(where: { $0 < 32 && $0 != 10 && $0 != 9 }) {
        refuse("ND020", .units, "a unit has control characters", file.path)
      }
      try contents(file.path, UnitText.assignments(text))
    }
  }

  /// A unit that takes the place of one that the system brings, or that is masked.
  private mutating func placed(_ name: String) throws(NodeFailure) {
    if !UnitText.isName(name) { refuse("ND020", .units, "'\(name)' is no unit's name", name) }
    for folder in ["usr/lib/systemd/system", "lib/systemd/system"] {
      guard let found = try tree.resolved(folder), try tree.status(found + "/" + name) != nil else {
        continue
      }
      refuse("ND022", .units, "\(name) is a unit of the system", name, help: "give the service another name")
      break
    }
    if try tree.link(Places.units + name) == "/dev/null" {
      refuse("ND023", .units, "\(name) is masked", name, help: "systemctl unmask \(name)")
    }
  }

  /// Drop-ins belong to units of the bundle: others' are not its to change.
  private mutating func dropIn(_ path: String) throws(NodeFailure) {
    let folder = Places.name(Places.parent(path))
    guard folder.hasSuffix(".d"), Places.parent(Places.parent(path)) + "/" == Places.units else {
      return refuse("ND022", .units, "neither a unit nor a drop-in of one", path)
    }
    let unit = String(folder.dropLast(2))
    if !manifest.units.contains(where: { $0.name == unit }) {
      refuse("ND022", .units, "a drop-in for \(unit), which is not the bundle's", path)
    }
  }

  private mutating func contents(_ path: String, _ lines: [(key: String, value: String)]) throws(NodeFailure)
  {
    let made = Set(manifest.users.map { $0.name })
    let accounts = Accounts(
      passwd: try tree.read("etc/passwd", limit: Accounts.fileLimit) ?? [],
      group: try tree.read("etc/group", limit: Accounts.fileLimit) ?? [])
    var defined = Set<String>()
    var isOpen = false
    for line in lines {
      switch line.key {
      case "Requires", "Requisite", "BindsTo":
        for name in UnitText.values(of: line.key, in: Array("\(line.key)=\(line.value)".utf8)) {
          try required(name, by: path)
        }
      case "User":
        if !made.contains(line.value), !line.value.isEmpty, accounts.owner(line.value) == nil,
          UInt32(line.value) == nil, !line.value.utf8.contains(37), !isDynamic(lines)
        {
          refuse("ND027", .units, "User=\(line.value) is not there", path)
        }
      case "Environment":
        defined.formUnion(environment(line.value, path))
      case "EnvironmentFile":
        defined.formUnion(try environmentFile(line.value, path))
      case "PassEnvironment": isOpen = true
      default: break
      }
    }
    for line in lines where line.key.hasPrefix("Exec") && line.key.utf8.count > 5 {
      try command(line.value, path)
      for name in Self.variables(line.value) where !defined.contains(name) && !isOpen {
        refuse(
          "ND026", .units, "${\(name)} is defined nowhere", path, help: "define it in the environment file")
      }
    }
  }

  private func isDynamic(_ lines: [(key: String, value: String)]) -> Bool {
    lines.contains { $0.key == "DynamicUser" && ["yes", "true", "1", "on"].contains($0.value) }
  }

  private mutating func required(_ name: String, by path: String) throws(NodeFailure) {
    guard UnitText.isName(name), !name.utf8.contains(64), !name.utf8.contains(92) else { return }
    if manifest.units.contains(where: { $0.name == name }) { return }
    for folder in [
      "etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system",
    ] {
      if let found = try tree.resolved(folder), try tree.status(found + "/" + name) != nil { return }
    }
    // Mounts, slices and devices are made by systemd itself.
    for kind in [".mount", ".slice", ".device", ".swap"] where name.hasSuffix(kind) { return }
    refuse("ND021", .units, "\(name) is required and is not there", path)
  }

  private mutating func environment(_ value: String, _ path: String) -> Set<String> {
    var names = Set<String>()
    for word in value.utf8.split(separator: 32) {
      let bare = word.filter { $0 != 34 && $0 != 39 }
      guard let equals = bare.firstIndex(of: 61) else { continue }
      let name = String(decoding: bare[..<equals], as: UTF8.self)
      if name.hasPrefix("LD_") || name == "GCONV_PATH" || name == "BASH_ENV" {
        refuse("ND028", .units, "Environment= sets \(name), which loads code into the service", path)
      }
      names.insert(name)
    }
    return names
  }

  private mutating func environmentFile(_ value: String, _ path: String) throws(NodeFailure) -> Set<String> {
    let isOptional = value.utf8.first == 45
    let name = String((isOptional ? value.dropFirst() : value[...]).dropFirst())
    var text = texts[name]
    if text == nil, let found = try tree.resolved(name) { text = try tree.read(found, limit: 1 << 20) }
    guard let text else {
      if !isOptional { refuse("ND025", .units, "EnvironmentFile=/\(name) is not there", path) }
      return []
    }
    return Set(UnitText.assignments(text).map { $0.key })
  }

  /// The program of a command line: brought, or there and nobody else's to write.
  private mutating func command(_ value: String, _ path: String) throws(NodeFailure) {
    let word = value.utf8.prefix { $0 != 32 }.drop { [45, 64, 43, 33, 58].contains($0) }
    let program = String(decoding: Array(word), as: UTF8.self)
    guard program.utf8.first == 47 else {
      if !program.isEmpty, try !hasProgram(program) {
        refuse("ND024", .units, "'\(program)' is no program of the node", path)
      }
      return
    }
    for folder in ["/tmp/", "/var/tmp/", "/dev/shm/", "/home/", "/run/user/"] where program.hasPrefix(folder)
    {
      refuse("ND024", .units, "\(program) is where anybody may write", path)
    }
    if try !hasProgram(program) { refuse("ND024", .units, "\(program) is not there", path) }
  }

  /// The names in `${NAME}`; `$${` is a dollar sign.
  static func variables(_ value: String) -> [String] {
    let bytes = Array(value.utf8)
    var names: [String] = []
    var index = 0
    while index + 1 < bytes.count {
      if bytes[index] == 36, bytes[index + 1] == 36 {
        index += 2
      } else if bytes[index] == 36, bytes[index + 1] == 123, let end = bytes[index...].firstIndex(of: 125) {
        names.append(String(decoding: bytes[(index + 2)..<end], as: UTF8.self))
        index = end
      } else {
        index += 1
      }
    }
    return names
  }
}
