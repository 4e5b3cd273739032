import Diagnostics
import SeededRandom
import UnitGraphs

/// A folder of units that depend on one another as chance has it. The same seed gives the same folder.
struct RandomUnits {
  let seed: UInt64
  private(set) var entries: [UnitFolderEntry] = []
  /// The unit that is started.
  let target = "start.target"
  /// How many unit files there are.
  var count: Int { entries.filter { !$0.path.contains("/") }.count }

  private var random: SeededGenerator
  private var names: [String] = []

  init(seed: UInt64) {
    self.seed = seed
    random = SeededGenerator(seed: seed)
    let size =
      random.chance(60) ? Int.random(in: 2...7, using: &random) : Int.random(in: 8...18, using: &random)
    for _ in 0..<size {
      let name = newName()
      if !names.contains(name) { names.append(name) }
    }
    for (index, name) in names.enumerated() { addUnit(name, index) }
    addStart()
    addCycles()
    for _ in 0..<Int.random(in: 0...3, using: &random) { addExtra() }
  }

  private mutating func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }

  private mutating func newName() -> String {
    let number = Int.random(in: 0...9, using: &random)
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<50: return "s\(number).service"
    case 50..<62: return "t\(number).target"
    case 62..<69: return "s\(number).socket"
    case 69..<74: return "s\(number).timer"
    case 74..<78: return "s\(number).path"
    case 78..<84: return pick(["srv.mount", "srv-data.mount", "srv-data-x.mount"])
    case 84..<86: return "srv-data.automount"
    case 86..<89: return pick(["own.slice", "own-part.slice"])
    case 89..<95: return pick(["w@.service", "w-v@.service", "w@one.service"])
    default:
      return pick(["basic.target", "sysinit.target", "shutdown.target", "sockets.target"])
    }
  }

  /// A unit to depend on: mostly one that there is.
  private mutating func other(_ names: [String]) -> String {
    if random.chance(6) { return pick(["gone.service", "gone.target", "w@two.service", "w-v@x.service"]) }
    let name = names.randomElement(using: &random) ?? "s0.service"
    if name.hasPrefix("w@.") { return "w@\(pick(["a", "b"])).service" }
    if name.hasPrefix("w-v@.") { return "w-v@a.service" }
    return name
  }

  private mutating func addUnit(_ name: String, _ index: Int) {
    var text = "[Unit]\n"
    if random.chance(40) { text += "DefaultDependencies=no\n" }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      text += dependency(of: name, index)
    }
    if random.chance(8) { text += "RequiresMountsFor=/srv/data/\(index)\n" }
    text += section(name)
    entries.append(Self.file(name, text))
  }

  private mutating func dependency(of name: String, _ index: Int) -> String {
    let kind = pick([
      "Requires", "Requires", "Wants", "Wants", "BindsTo", "Upholds", "Requisite", "PartOf", "Conflicts",
      "Before", "After", "After", "After", "OnFailure", "OnSuccess", "PropagatesStopTo", "StopPropagatedFrom",
      "PropagatesReloadTo", "ReloadPropagatedFrom", "JoinsNamespaceOf",
    ])
    switch kind {
    case "After":
      guard index > 0 else { return "" }
      return "After=\(other(Array(names[..<index])))\n"
    case "Before":
      guard index + 1 < names.count else { return "" }
      return "Before=\(other(Array(names[(index + 1)...])))\n"
    case "Conflicts", "Requisite": return random.chance(40) ? "\(kind)=\(other(names))\n" : ""
    default: return "\(kind)=\(other(names))\n"
    }
  }

  private mutating func section(_ name: String) -> String {
    switch name.split(separator: ".").last {
    case "service":
      if random.chance(3) { return "[Service]\n" }
      return "[Service]\nExecStart=/bin/true\n" + (name.contains("@.") ? "" : serviceSettings())
    case "socket":
      return "[Socket]\nListenStream=\(pick(["/run/x", "/srv/data/s", "80"]))\n" + socketSettings()
    case "timer":
      return "[Timer]\n\(pick(["OnCalendar=daily", "OnBootSec=5"]))\n"
        + pick(["", "", "Persistent=yes\n", "Unit=\(other(names))\n"])
    case "path": return "[Path]\nPathExists=\(pick(["/run/x", "/srv/data/p"]))\n"
    case "mount":
      let place = "/" + name.dropLast(6).split(separator: "-").joined(separator: "/")
      return "[Mount]\nWhat=tank\nWhere=\(place)\nType=\(pick(["zfs", "tmpfs", "nfs"]))\n"
        + pick(["", "", "Options=nofail\n", "Options=_netdev\n"])
    case "automount": return "[Automount]\nWhere=/srv/data\n"
    default: return ""
    }
  }

  private mutating func serviceSettings() -> String {
    guard random.chance(30) else { return "" }
    return pick([
      "StateDirectory=a/b\n", "PrivateTmp=yes\n", "Type=dbus\nBusName=a.b\(names.count)\(entries.count)\n",
      "WorkingDirectory=/srv/data\n",
      "Slice=own-part.slice\n", "StandardOutput=null\n", "DynamicUser=yes\n", "RuntimeDirectory=r\n",
      "Sockets=s1.socket\n", "Type=oneshot\nRemainAfterExit=yes\n", "WorkingDirectory=-/srv\n",
    ])
  }

  private mutating func socketSettings() -> String {
    pick(["", "", "", "Accept=yes\n", "Service=s2.service\n"])
  }

  private mutating func addStart() {
    var text = "[Unit]\n"
    if random.chance(50) { text += "AllowIsolate=yes\n" }
    if random.chance(50) { text += "DefaultDependencies=no\n" }
    for name in names where random.chance(75) {
      let kind = random.chance(85) ? "Wants" : pick(["Requires", "BindsTo", "Upholds", "Requisite"])
      let unit = name.contains("@.") ? other([name]) : name
      if kind == "Wants", random.chance(25) {
        entries.append(Self.link("start.target.wants/\(unit)", "../\(name)"))
      } else if kind == "Requires", random.chance(50) {
        entries.append(Self.link("start.target.requires/\(unit)", "../\(name)"))
      } else {
        text += "\(kind)=\(unit)\n"
      }
    }
    entries.append(Self.file("start.target", text))
  }

  /// Up to three rings of order.
  private mutating func addCycles() {
    guard random.chance(60), names.count > 1 else { return }
    for ring in 0..<Int.random(in: 1...3, using: &random) {
      let members = names.filter { !$0.contains("@.") }.shuffled(using: &random).prefix(
        Int.random(in: 2...4, using: &random))
      guard members.count > 1 else { continue }
      for (index, name) in members.enumerated() {
        let next = members[(index + 1) % members.count]
        entries.append(Self.file("\(name).d/ring\(ring)-\(index).conf", "[Unit]\nAfter=\(next)\n"))
      }
    }
  }

  private mutating func addExtra() {
    let name = names.randomElement(using: &random) ?? "s0.service"
    guard !name.contains("@.") else {
      return entries.append(Self.file("w-.service.d/prefix.conf", "[Unit]\nAfter=s1.service\n"))
    }
    switch Int.random(in: 0..<7, using: &random) {
    case 0: add(Self.link("masked.service", "/dev/null"), "\(name).d/mask.conf", "Wants=masked.service")
    case 1:
      guard name.hasSuffix(".service"), !name.contains("@") else { return }
      add(Self.link("alias.service", name), "\(other(names)).d/alias.conf", "After=alias.service")
    case 2: add(nil, "\(name).d/extra.conf", "Wants=\(other(names))")
    case 3: entries.append(Self.file("service.d/type.conf", "[Unit]\nAfter=s2.service\n"))
    case 4:
      let wanted = other(names)
      entries.removeAll { $0.path == "\(name).wants/\(wanted)" }
      entries.append(Self.link("\(name).wants/\(wanted)", "../\(wanted)"))
    case 5: entries.append(Self.file("w@.service.d/all.conf", "[Unit]\nAfter=%i.service s0.service\n"))
    default: add(nil, "\(name).d/extra.conf", "\(pick(["Requires", "Conflicts", "PartOf"]))=\(other(names))")
    }
  }

  private mutating func add(_ entry: UnitFolderEntry?, _ path: String, _ line: String) {
    if let entry, !entries.contains(where: { $0.path == entry.path }) { entries.append(entry) }
    entries.removeAll { $0.path == path }
    entries.append(Self.file(path, "[Unit]\n\(line)\n"))
  }

  static func file(_ path: String, _ text: String) -> UnitFolderEntry {
    .init(path: path, content: .file(Array(text.utf8)), source: SourceID(index: 0))
  }

  static func link(_ path: String, _ target: String) -> UnitFolderEntry {
    .init(path: path, content: .link(target: target), source: SourceID(index: 0))
  }

  /// The folder as text, for whoever reads a failure.
  var description: String {
    entries.map { entry in
      switch entry.content {
      case .file(let bytes): "--- \(entry.path)\n\(String(decoding: bytes, as: UTF8.self))"
      case .link(let target): "--- \(entry.path) -> \(target)\n"
      }
    }.joined()
  }
}
