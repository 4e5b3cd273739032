internal import JSONText

/// How heavy a change is, lightest first.
enum ChangeClass: String, CaseIterable, Comparable {
  case content, restart, port, reboot, wipe

  static func < (left: ChangeClass, right: ChangeClass) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// What a change of one file means for the node.
struct ChangeMeaning {
  /// The heaviest of all that it means.
  private(set) var kind: ChangeClass = .content
  /// In words, heaviest first.
  var words: String { said.isEmpty ? Self.nothing : said.joined(separator: "; ") }
  /// Units that are started anew.
  private(set) var restarts: Set<String> = []
  /// Ports that are open afterwards and were not, `tcp 2381`.
  private(set) var opens: Set<String> = []
  /// Ports that were open and are not afterwards.
  private(set) var closes: Set<String> = []

  private static let nothing = "nothing on the node changes by itself"
  private var said: [String] = []

  /// - Parameters:
  ///   - path: relative to the node's folder, or `flake/…`.
  ///   - former: the bytes that are there; `nil` where there are none, or they are too many.
  ///   - next: the bytes that would be written.
  init(path: String, former: [UInt8]?, next: [UInt8]?) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    if path.hasPrefix("flake/"), file.hasSuffix(".nix") {
      if let former, let next {
        compare(path, file, String(decoding: former, as: UTF8.self), String(decoding: next, as: UTF8.self))
      } else {
        wholeFile(path, file)
      }
    } else if path == "install.json", let former, let next {
      compareInstall(former, next)
    } else {
      wholeFile(path, file)
    }
  }

  private mutating func say(_ kind: ChangeClass, _ text: String) {
    if kind > self.kind {
      self.kind = kind
      said.insert(text, at: 0)
    } else if !said.contains(text) {
      said.append(text)
    }
  }

  private mutating func restart(_ unit: String) {
    restarts.insert(unit)
    say(.restart, "\(unit) is restarted")
  }

  // MARK: Files as a whole

  private static let wipes =
    "the disk layout differs: only a new installation, which wipes the disk, brings it"
  private static let readers = "services that read it are restarted"

  /// What a file means that is new, goes, or has no parts that mean different things.
  private mutating func wholeFile(_ path: String, _ file: String) {
    switch true {
    case file == "disko.nix", path == "vm/create-disk": say(.wipe, Self.wipes)
    case file == "hardware.nix", path == "netboot/cmdline", path.hasPrefix("files/etc/modules-load.d/"):
      say(.reboot, "takes effect at the next boot")
    case path == "flake/flake.lock", path == "flake/flake.nix":
      say(.reboot, "packages come from other sources: a new kernel takes a boot")
    case file == "network.nix": say(.port, "network and firewall are set up anew")
    case path.hasPrefix("units/"): restart(String(path.dropFirst("units/".utf8.count)))
    case path.hasPrefix("files/"), path.hasPrefix("extra-files/"): say(.restart, Self.readers)
    case path.hasPrefix("flake/payloads/"): say(.restart, "services that run \(file) are restarted")
    case file == "services.nix", file == "extra.nix", path.hasPrefix("flake/modules/"): module(path, file)
    default: break
    }
  }

  /// Modules that all nodes share: two of them are for the time before a node is installed.
  private mutating func module(_ path: String, _ file: String) {
    switch file {
    case "disk-guard.nix": say(.content, "the next installation asks the disks otherwise")
    case "netboot-base.nix": say(.content, "the installer differs")
    default: say(.restart, "services that it sets up are restarted")
    }
  }

  // MARK: Options of NixOS

  private mutating func compare(_ path: String, _ file: String, _ former: String, _ next: String) {
    let (old, new) = (NixOutline(former), NixOutline(next))
    let options = new.differences(from: old)
    for option in options {
      switch file {
      case "disko.nix": disk(option)
      case "flake.nix":
        if option.hasPrefix("inputs") { return wholeFile(path, file) }
        say(.restart, "the systems of all nodes are put together in another way")
      case _ where path.hasPrefix("flake/modules/"): module(path, file)
      default: self.option(option)
      }
    }
    guard file == "network.nix" else { return }
    let (before, after) = (Self.ports(old), Self.ports(new))
    opens = after.subtracting(before)
    closes = before.subtracting(after)
    if !opens.isEmpty { say(.port, "opens \(opens.sorted().joined(separator: ", "))") }
    if !closes.isEmpty { say(.port, "closes \(closes.sorted().joined(separator: ", "))") }
  }

  /// What options mean by how they begin; the first that fits counts.
  private static let options: [(prefix: String, kind: ChangeClass, words: String)] = [
    ("boot.loader", .content, "boot entries are written anew"),
    ("boot.kernel.sysctl", .restart, "systemd-sysctl.service is restarted"),
    ("boot", .reboot, "the kernel is started in another way: takes effect at the next boot"),
    ("hardware", .reboot, "takes effect at the next boot"),
    ("nixpkgs.hostPlatform", .wipe, "another architecture: only a new installation brings it"),
    ("imagegen.disks", .content, "the next installation asks the disks otherwise"),
    ("networking.firewall", .port, "the firewall is set up anew"),
    ("networking.hosts", .content, "/etc/hosts is written anew"),
    ("networking.hostName", .reboot, "the node's name takes effect at the next boot"),
    ("networking.hostId", .reboot, "takes effect at the next boot"),
    ("networking.domain", .reboot, "the node's name takes effect at the next boot"),
    ("networking", .port, "the network is set up anew"),
    ("systemd.network", .port, "the network is set up anew"),
    ("services.openssh", .restart, "sshd.service is restarted"),
    ("environment.etc", .restart, readers),
    ("environment", .content, "programs are there or are not; nothing is restarted"),
    ("users", .content, "accounts are set up anew"),
    ("security", .content, "rules for sudo are written anew"),
    ("time", .content, "the time zone is set anew"),
    ("system", .content, nothing),
    ("imports", .reboot, "other modules: what they bring may take a boot"),
  ]

  private mutating func option(_ option: String) {
    let parts = option.split(separator: ".")
    for (prefix, skipped) in [
      ("systemd.services", 2), ("services.first-boot-automation.steps", 3), ("packages", 1),
    ]
    where option.hasPrefix(prefix + ".") && parts.count > skipped {
      return restart(Self.unquoted(parts[skipped]) + ".service")
    }
    if option.hasPrefix("services.first-boot-automation") {
      return say(.restart, "first-boot steps are set up anew")
    }
    for known in Self.options where option == known.prefix || option.hasPrefix(known.prefix + ".") {
      return say(known.kind, known.words)
    }
    // Lines that bind nothing: what a file takes and what stands in a list.
    if !option.isEmpty { say(.restart, "\(option) differs: services that it concerns are restarted") }
  }

  private static func unquoted(_ text: Substring) -> String { text.filter { $0 != "\"" } }

  /// Options of disko that make no difference to what is on the disk.
  private mutating func disk(_ option: String) {
    let last = option.split(separator: ".").last ?? ""
    switch last {
    case "imageSize": say(.content, "the image of a virtual machine has another size")
    case "mountOptions", "allowDiscards", "discardPolicy":
      say(.reboot, "file systems are mounted in another way: takes effect at the next boot")
    case "priority" where option.hasSuffix(".content.priority"):
      say(.reboot, "swap space is used in another order: takes effect at the next boot")
    default: say(.wipe, Self.wipes)
    }
  }

  /// Every port that the firewall lets in, whoever may come.
  private static func ports(_ outline: NixOutline) -> Set<String> {
    var found: Set<String> = []
    for (path, lines) in outline.values where path.hasPrefix("networking.firewall.") {
      for (kind, option) in [("tcp", "allowedTCPPorts"), ("udp", "allowedUDPPorts")]
      where path.hasSuffix(option) {
        found.formUnion(numbers(lines.joined(separator: " ")).map { "\(kind) \($0)" })
      }
      for line in lines {
        for kind in ["tcp", "udp"] {
          let parts = line.split(separator: " ", omittingEmptySubsequences: true)
          guard
            let start = parts.indices.dropLast().first(where: {
              parts[$0] == kind && parts[$0 + 1] == "dport"
            })
          else { continue }
          found.formUnion(numbers(parts[(start + 2)...].joined(separator: " ")).map { "\(kind) \($0)" })
        }
      }
    }
    return found
  }

  private static func numbers(_ text: String) -> [Int] {
    text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
  }

  // MARK: The plan

  /// The plan of the disks is what was made; the lines of fstab are read at every boot.
  private mutating func compareInstall(_ former: [UInt8], _ next: [UInt8]) {
    let old = try? JSONReader.parse(former)
    let new = try? JSONReader.parse(next)
    guard let old = old?["storage"], let new = new?["storage"] else { return }
    for part in ["disks", "arrays", "groups", "pools"] where Self.layout(old[part]) != Self.layout(new[part])
    {
      say(.wipe, Self.wipes)
    }
    if old["mounts"] != new["mounts"] {
      say(.reboot, "file systems are mounted in another way: takes effect at the next boot")
    }
  }

  /// Without what a disk is known by: that is asked before an installation, and does not change what is on it.
  private static func layout(_ part: JSONValue?) -> JSONValue? {
    guard let elements = part?.elements else { return part }
    return .array(
      elements.map { element in
        guard let members = element.members, element["partitions"] != nil else { return element }
        return .object(members.filter { !["bytes", "device", "serial"].contains($0.key) })
      })
  }
}
