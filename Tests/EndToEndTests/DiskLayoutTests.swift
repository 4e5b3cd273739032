import HostFiles
import JSONText
import Testing

/// Every example of a layout, as built: disko's file is the plan, sgdisk lays it out in the plan's sectors,
/// and the virtual machine has the plan's disks.
@Suite struct DiskLayoutTests {
  /// Layouts that have an example, and those of them over several disks.
  private static let layouts = [
    "btrfs", "btrfs-bios", "luks-lvm", "lvm", "lvm-bios", "lvm-two-disks", "mirror", "mirror-bios",
    "mirror-zfs",
    "raid5-luks", "several-disks", "single-ext4", "single-ext4-bios", "swap", "zfs", "zfs-raidz",
  ]

  @Test func everyExampleIsItsPlan() throws {
    try Workplace.with { place in
      try place.require("build", "--all", "--profiles", "profiles/disks")
      #expect(try place.names("out") == Self.layouts)
      let trees = try evaluated(place)
      for (layout, tree) in zip(Self.layouts, trees) {
        let storage = try #require(
          try place.json("out/\(layout)/node01/install.json")["storage"], "\(layout)")
        let devices = try #require(tree["disko"]?["devices"])
        let planned = storage["disks"]?.elements ?? []
        #expect(
          devices["disk"]?.members?.map(\.key).sorted() == planned.compactMap { $0["name"]?.text }.sorted())
        for disk in planned {
          let name = try #require(disk["name"]?.text)
          let emitted = try #require(devices["disk"]?[name], "\(layout) \(name)")
          #expect(emitted["device"] == disk["device"], "\(layout) \(name)")
          try compareTable(try #require(emitted["content"]?["partitions"]), with: disk, "\(layout) \(name)")
        }
        compareHolders(devices, with: storage, layout)
        #expect(Mounted(devices).lines == Mounted.lines(of: storage), "\(layout)")
        try compareMachine(place, layout, planned)
      }
    }
  }

  /// All disko.nix at once, as Nix sees them.
  private func evaluated(_ place: Workplace) throws -> [JSONValue] {
    let files = Self.layouts.map { "(import \(place.out)/\($0)/flake/nodes/node01/disko.nix)" }
    let program = try #require(HostProgram.find("nix-instantiate"), "nix-bin is not installed")
    let result = Outcome(
      try HostProgram.run(
        [program, "--store", "dummy://", "--eval", "--strict", "--json", "--expr"]
          + ["[ \(files.joined(separator: " ")) ]"]))
    try #require(result.status == 0, "\(result.errors)")
    return try #require(try result.json().elements)
  }

  /// The table as emitted, by the very words that disko gives sgdisk, on a sparse file of the disk's size.
  private func compareTable(_ partitions: JSONValue, with disk: JSONValue, _ what: String) throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-table")
    defer { try? HostFile.removeTree(folder) }
    let image = folder + "/disk"
    let bytes = try #require(disk["bytes"]?.number)
    #expect(try HostProgram.run(["truncate", "--size", "\(Int(bytes))", image]).status == 0)
    // disko sorts by priority and numbers by rank.
    let sorted = (partitions.members ?? []).sorted {
      $0.value["priority"]?.number ?? 0 < $1.value["priority"]?.number ?? 0
    }
    let sgdisk = try #require(HostProgram.find("sgdisk"), "gdisk is not installed")
    var words = [sgdisk, "--align-end"]
    for (index, partition) in sorted.enumerated() {
      let size = try #require(partition.value["size"]?.text)
      let number = index + 1
      words += [
        "--new=\(number):0:\(size == "100%" ? "-0" : "+" + size)",
        "--change-name=\(number):disk-\(disk["name"]?.text ?? "")-\(partition.key)",
        "--typecode=\(number):\(partition.value["type"]?.text ?? "")",
      ]
    }
    let made = Outcome(try HostProgram.run(words + [image]))
    #expect(made.status == 0, "\(what): \(made.errors)")
    let planned = disk["partitions"]?.elements ?? []
    #expect(planned.count == sorted.count, "\(what)")
    let shown = Outcome(
      try HostProgram.run([sgdisk] + planned.indices.map { "--info=\($0 + 1)" } + [image])
    ).output
    let lines = shown.split(separator: "\n")
    func facts(_ key: String) -> [String] {
      lines.filter { $0.hasPrefix(key) }.map { String($0.dropFirst(key.utf8.count)) }
    }
    let first = facts("First sector: ").map { $0.split(separator: " ").first.map(String.init) ?? "" }
    let last = facts("Last sector: ").map { $0.split(separator: " ").first.map(String.init) ?? "" }
    #expect(first == planned.map { $0["first"]?.number.map { "\(Int($0))" } ?? "" }, "\(what)")
    #expect(last == planned.map { $0["last"]?.number.map { "\(Int($0))" } ?? "" }, "\(what)")
    #expect(facts("Partition name: ") == planned.map { "'\($0["label"]?.text ?? "")'" }, "\(what)")
    #expect(Outcome(try HostProgram.run([sgdisk, "--verify", image])).output.contains("No problems found"))
  }

  /// Arrays, groups and pools: each named once, each with the members and volumes of the plan.
  private func compareHolders(_ devices: JSONValue, with storage: JSONValue, _ layout: String) {
    for (kind, planned) in [("mdadm", "arrays"), ("lvm_vg", "groups"), ("zpool", "pools")] {
      let names = storage[planned]?.elements?.compactMap { $0["name"]?.text } ?? []
      #expect((devices[kind]?.members?.map(\.key).sorted() ?? []) == names, "\(layout) \(kind)")
      for item in storage[planned]?.elements ?? [] {
        let emitted = devices[kind]?[item["name"]?.text ?? ""]
        #expect(emitted?["level"] == item["level"], "\(layout)")
        #expect(emitted?["metadata"] == item["metadata"], "\(layout)")
        let volumes = (emitted?["lvs"] ?? emitted?["datasets"])?.members?.map(\.key).sorted()
        let wanted =
          item["volumes"]?.elements?.compactMap { $0["name"]?.text }
          ?? item["datasets"]?.elements?.compactMap(\.text)
        #expect(volumes == wanted?.sorted(), "\(layout)")
      }
    }
  }

  /// The launch script's disks are those of the plan, with the serial numbers that the guard asks for.
  private func compareMachine(_ place: Workplace, _ layout: String, _ planned: [JSONValue]) throws {
    let folder = "\(place.out)/\(layout)/node01/vm"
    let words = Outcome(try HostProgram.run(["\(folder)/launch", "--state", "here", "--dry-run"])).output
      .split(separator: "\n")
    let serials = words.compactMap { word in
      word.firstRange(of: ",serial=").map { String(word[$0.upperBound...].prefix { $0 != "," }) }
    }
    #expect(serials == planned.compactMap { $0["serial"]?.text }, "\(layout)")
    guard planned.count > 1 else { return }
    for script in ["launch", "create-disk"] {
      let lint = Outcome(try HostProgram.run(["shellcheck", "--shell=sh", "\(folder)/\(script)"]))
      #expect(lint.status == 0, "\(layout) \(script): \(lint.output)")
    }
    let state = "\(place.folder)/state-\(layout)"
    #expect(try HostProgram.run(["\(folder)/create-disk", "--state", state]).status == 0)
    for (index, disk) in planned.enumerated() {
      let name = index == 0 ? "node01" : "node01-\(disk["name"]?.text ?? "")"
      let info = Outcome(
        try HostProgram.run(["qemu-img", "info", "--output=json", "\(state)/\(name).qcow2"]))
      #expect(try info.json()["virtual-size"] == disk["bytes"], "\(layout) \(name)")
    }
    #expect(try HostProgram.run(["\(folder)/create-disk", "--state", state]).status == 3)
  }

  /// LUKS: the passphrase goes to the installer's memory alone, and nobody is asked for it.
  @Test func thePassphraseIsForTheInstaller() throws {
    try Workplace.with { place in
      try place.require("secrets", "luks-lvm", "--profiles", "profiles/disks")
      try place.require("build", "luks-lvm/node01", "--profiles", "profiles/disks")
      let words =
        try place.json("out/luks-lvm/node01/install.json")["argv"]?.elements?.compactMap(\.text) ?? []
      let option = try #require(words.firstIndex(of: "--disk-encryption-keys"))
      #expect(words[option + 1] == "/run/imagegen/disk-keys/disk")
      let key = "out/" + words[option + 2]
      #expect(try HostFile.status(place.folder + "/" + key)?.mode == 0o600)
      let text = try place.text(key)
      #expect(try text == place.text("secrets/luks-lvm/node01/disk"))
      #expect(try place.text("out/luks-lvm/RUNBOOK.md").contains("node01: `secrets/luks-lvm/node01/disk`"))
      let disko = try place.text("out/luks-lvm/flake/nodes/node01/disko.nix")
      #expect(disko.contains("passwordFile = \"/run/imagegen/disk-keys/disk\";"))
      for file in try place.files("out/luks-lvm") where "out/luks-lvm/" + file != key {
        let other = try HostFile.read("\(place.out)/luks-lvm/\(file)", limit: 16 << 20)
        #expect(!String(decoding: other, as: UTF8.self).contains(text.dropLast()), "\(file)")
      }
    }
  }
}

/// What disko mounts, read from its tree, in the form of the plan's own lines.
private struct Mounted {
  private(set) var lines: [String] = []

  init(_ devices: JSONValue) {
    for disk in devices["disk"]?.members ?? [] {
      for partition in disk.value["content"]?["partitions"]?.members ?? [] {
        add(partition.value["content"], "/dev/disk/by-partlabel/disk-\(disk.key)-\(partition.key)")
      }
    }
    for array in devices["mdadm"]?.members ?? [] { add(array.value["content"], "/dev/md/\(array.key)") }
    for group in devices["lvm_vg"]?.members ?? [] {
      for volume in group.value["lvs"]?.members ?? [] {
        add(volume.value["content"], "/dev/\(group.key)/\(volume.key)")
      }
    }
    for pool in devices["zpool"]?.members ?? [] {
      for dataset in pool.value["datasets"]?.members ?? [] {
        add(dataset.value, "\(pool.key)/\(dataset.key)", format: "zfs")
      }
    }
    lines.sort()
  }

  private mutating func add(
    _ content: JSONValue?, _ source: String, format: String? = nil, extra: [String] = []
  ) {
    guard let content else { return }
    let options = (content["mountOptions"]?.elements?.compactMap(\.text) ?? ["defaults"]) + extra
    switch format ?? content["type"]?.text {
    case "luks": add(content["content"], "/dev/mapper/\(content["name"]?.text ?? "")")
    case "btrfs" where content["subvolumes"] != nil:
      for subvolume in content["subvolumes"]?.members ?? [] {
        add(subvolume.value, source, format: "btrfs", extra: ["subvol=\(subvolume.key)"])
      }
    case "swap":
      let priority = content["priority"]?.number.map { ["pri=\(Int($0))"] } ?? []
      let name = source.dropFirst().replacing("-", with: "x2d").replacing("/", with: "-")
      let device = content["randomEncryption"] == nil ? source : "/dev/mapper/\(name)"
      lines.append(Self.line(device, "none", "swap", options + priority))
    case "lvm_pv", "mdraid",
      "zfs" where content["mountpoint"] == nil:
      break
    case let type:
      lines.append(
        Self.line(
          source, content["mountpoint"]?.text ?? "",
          type == "filesystem" ? content["format"]?.text ?? "" : type ?? "",
          options))
    }
  }

  static func lines(of storage: JSONValue) -> [String] {
    (storage["mounts"]?.elements ?? []).map { mount in
      line(
        mount["source"]?.text ?? "", mount["target"]?.text ?? "", mount["format"]?.text ?? "",
        mount["options"]?.elements?.compactMap(\.text) ?? [])
    }.sorted()
  }

  private static func line(_ source: String, _ target: String, _ format: String, _ options: [String])
    -> String
  {
    "\(source) \(target) \(format) \(options.joined(separator: ","))"
  }
}
