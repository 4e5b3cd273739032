public import DiskPlanning
internal import FleetModel

/// Disks as SVG: for each a bar to scale, below it every partition wide enough to be read, and below the first
/// that belongs to a volume group, pool or btrfs what is in it. The same plan gives the same bytes.
public struct DiskPicture {
  private static let margin = 16.0
  private static let width = 880.0
  private static let bar = 14.0
  private static let boxHeight = 78.0
  /// Sixteen letters of a monospaced font.
  private static let narrowest = 118.0

  /// A piece of the disk as it is drawn.
  private struct Part {
    let name: String
    let lines: [String]
    let remark: String
    let bytes: UInt64
    let style: StaticString
    /// What it is part of, and what is in that.
    var inner: (name: String, parts: [Part])?
  }

  private let plan: DiskPlan
  private let title: String
  private var svg = SVGText()

  /// The picture of a plan.
  ///
  /// - Parameter title: Whose disk it is: `plasmacloud/node01`.
  public static func svg(_ plan: DiskPlan, title: String) -> [UInt8] {
    var picture = DiskPicture(plan, title)
    picture.draw()
    return picture.svg.bytes
  }

  private init(_ plan: DiskPlan, _ title: String) {
    self.plan = plan
    self.title = title
  }

  // MARK: What there is

  private func partitions(of disk: DiskPlan.Disk) -> [Part] {
    var parts = disk.partitions.map { partition in
      let looks = partition.content.map(look) ?? Look(lines: ["GRUB's image"], style: "raw")
      return Part(
        name: "\(partition.number) \(partition.name)", lines: [Self.size(partition.bytes)] + looks.lines,
        remark: "partition \(partition.number) \(partition.label), type \(partition.type.rawValue), "
          + "sectors \(partition.sectors.lowerBound) to \(partition.sectors.upperBound)",
        bytes: partition.bytes, style: looks.style, inner: looks.inner)
    }
    let taken = parts.reduce(0) { $0 + $1.bytes }
    let size = disk.size.value.bytes
    // The table and what alignment leaves are a few MiB: nothing to see.
    if size > taken, size - taken > 64 << 20 { parts.append(Self.free(size - taken)) }
    return parts
  }

  /// How something that holds something is shown.
  private struct Look {
    var lines: [String]
    var style: StaticString
    var inner: (name: String, parts: [Part])?
  }

  private func look(_ content: DiskPlan.Content) -> Look {
    switch content {
    case .fileSystem(let system): return Look(lines: words(system), style: style(of: system))
    case .swap: return Look(lines: ["swap"], style: "raw")
    case .physicalVolume(let name):
      return Look(lines: ["volume group \(name)"], style: "lvm", inner: (name, volumes(of: name)))
    case .poolMember(let name):
      guard let pool = plan.pools.first(where: { $0.name.value.description == name }) else { break }
      let kind = pool.redundancy.map { "\($0.value.rawValue) of ZFS" } ?? "ZFS"
      return Look(
        lines: [kind, "pool \(name)"], style: "lvm",
        inner: (name, pool.datasets.map { shared($0, "\(name)/\($0.name.value)") }))
    case .subvolumes(let subvolumes):
      return Look(
        lines: ["btrfs"], style: "lvm", inner: ("btrfs", subvolumes.map { shared($0, "subvolume") }))
    case .encrypted(let inner):
      var looks = look(inner.content)
      looks.lines = [(["LUKS"] + looks.lines).joined(separator: ", ")]
      return looks
    case .arrayMember(let name):
      guard let array = plan.arrays.first(where: { $0.name == name }) else { break }
      var looks = look(array.content)
      looks.lines.insert("\(array.redundancy.value.rawValue) array \(name)", at: 0)
      return looks
    }
    return Look(lines: [], style: "raw")
  }

  /// What has no room of its own is drawn as wide as its neighbours.
  private func shared(_ volume: DiskPlan.Subvolume, _ remark: String) -> Part {
    var size = "shared"
    if case .bytes(let count) = volume.size.value { size = "at most \(Self.size(count.bytes))" }
    return Part(
      name: volume.name.value.description, lines: [size] + words(volume.fileSystem), remark: remark, bytes: 1,
      style: style(of: volume.fileSystem))
  }

  private func volumes(of name: String) -> [Part] {
    guard let group = plan.volumeGroups.first(where: { $0.name.value.description == name }) else { return [] }
    var parts = group.volumes.map { volume in
      let looks = look(volume.content)
      return Part(
        name: volume.name.value.description, lines: [Self.size(volume.bytes)] + looks.lines,
        remark: "/dev/\(name)/\(volume.name.value), \(volume.extents) extents of 4 MiB", bytes: volume.bytes,
        style: looks.style)
    }
    let free = group.extents - min(group.extents, group.volumes.reduce(0) { $0 + $1.extents })
    if free > 0 { parts.append(Self.free(free * Geometry.extent)) }
    return parts
  }

  private static func free(_ bytes: UInt64) -> Part {
    Part(name: "free", lines: [size(bytes)], remark: "in no partition or volume", bytes: bytes, style: "free")
  }

  private func words(_ system: DiskPlan.FileSystem) -> [String] {
    [system.format.value, system.mountPoint.value]
  }

  private func style(of system: DiskPlan.FileSystem) -> StaticString {
    switch system.mountPoint.value {
    case "/": "root"
    case let place where plan.bootMounts.contains(place): "boot"
    default: "data"
    }
  }

  /// To the tenth, by the largest unit that leaves at least one: the exact size stands in the plan.
  static func size(_ bytes: UInt64) -> String {
    for (unit, shift) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)] as [(String, UInt64)]
    where bytes >> shift > 0 {
      let tenths = ((bytes >> (shift - 10)) * 10) >> 10
      return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return "\(bytes) B"
  }

  // MARK: Where it goes

  /// To scale, where that is wide enough to be read; what is narrower takes its room from the others.
  private static func boxes(_ parts: [Part], in row: Box) -> [Box] {
    let total = max(parts.reduce(0.0) { $0 + Double($1.bytes) }, 1)
    let least = min(narrowest, row.width / Double(max(parts.count, 1)))
    var isNarrow = [Bool](repeating: false, count: parts.count)
    var scale = row.width / total
    // Each round makes at least one part narrow, or ends.
    for _ in parts {
      let narrow = parts.indices.filter { isNarrow[$0] || Double(parts[$0].bytes) * scale < least }
      for index in narrow { isNarrow[index] = true }
      let rest = parts.indices.reduce(0.0) { $0 + (isNarrow[$1] ? 0 : Double(parts[$1].bytes)) }
      scale = rest > 0 ? (row.width - Double(narrow.count) * least) / rest : 0
    }
    var x = row.x
    return parts.indices.map { index in
      let width = isNarrow[index] ? least : Double(parts[index].bytes) * scale
      defer { x += width }
      return Box(x: x, y: row.y, width: width, height: row.height)
    }
  }

  private mutating func draw() {
    var shown: Set<String> = []
    let disks = plan.disks.map { disk in
      var parts = partitions(of: disk)
      // What several partitions are part of is drawn once.
      for index in parts.indices {
        if let name = parts[index].inner?.name, !shown.insert(name).inserted { parts[index].inner = nil }
      }
      return (disk, parts)
    }
    let heights = disks.map { Self.height(of: $0.1) + (plan.disks.count > 1 ? Self.caption : 0) }
    let top = plan.disks.count > 1 ? 58.0 : 64.0
    svg.open(
      "disk-picture", width: Self.width + 2 * Self.margin,
      height: top + heights.reduce(0, +) + 26 * Double(disks.count - 1) + Self.margin)
    let heading = "Disk\(plan.disks.count > 1 ? "s" : "") of \(title)"
    svg.title(heading)
    svg.style(Self.style)
    svg.label(heading, at: Point(x: Self.margin, y: 30), style: "head")
    if plan.disks.count == 1 {
      svg.label(subtitle(plan.disks[0]), at: Point(x: Self.margin, y: 49), style: "note")
    }
    svg.markup("\n")
    var y = top
    for (index, (disk, parts)) in disks.enumerated() {
      var start = y
      if plan.disks.count > 1 {
        let words = "\(disk.name.value): \(subtitle(disk))"
        svg.label(words, at: Point(x: Self.margin, y: y + 11), style: "note")
        start += Self.caption
      }
      draw(parts, at: start)
      y += heights[index] + 26
    }
    svg.markup("</svg>\n")
  }

  private static let caption = 22.0

  private static func height(of parts: [Part]) -> Double {
    let hasInner = parts.contains { !($0.inner?.parts.isEmpty ?? true) }
    return bar + 26 + boxHeight + (hasInner ? 26 + boxHeight : 0)
  }

  private mutating func draw(_ parts: [Part], at top: Double) {
    let bar = Box(x: Self.margin, y: top, width: Self.width, height: Self.bar)
    let row = Box(x: Self.margin, y: top + Self.bar + 26, width: Self.width, height: Self.boxHeight)
    let scaled = scale(parts, in: bar)
    let boxes = Self.boxes(parts, in: row)
    for index in parts.indices {
      svg.rectangle(scaled[index], radius: 0, style: parts[index].style)
      join(scaled[index], boxes[index], style: parts[index].style)
      draw(parts[index], boxes[index])
      svg.markup("\n")
    }
    for index in parts.indices {
      guard let inner = parts[index].inner else { continue }
      drawVolumes(inner.parts, of: boxes[index], all: row, style: parts[index].style)
    }
  }

  private func subtitle(_ disk: DiskPlan.Disk) -> String {
    let serial = disk.serial.map { ", serial number \($0.value)" } ?? ""
    return
      "\(disk.device.value), \(Self.size(disk.size.value.bytes)), GPT, \(plan.firmware.value.rawValue)\(serial)"
  }

  /// Where parts truly begin and end, a pixel at least.
  private func scale(_ parts: [Part], in bar: Box) -> [Box] {
    let total = max(parts.reduce(0.0) { $0 + Double($1.bytes) }, 1)
    var x = bar.x
    return parts.map { part in
      let width = Double(part.bytes) / total * bar.width
      defer { x += width }
      return Box(x: x, y: bar.y, width: max(width, 1), height: bar.height)
    }
  }

  private mutating func drawVolumes(_ parts: [Part], of owner: Box, all: Box, style: StaticString) {
    let row = Box(x: all.x, y: all.bottom + 26, width: all.width, height: all.height)
    // Volumes stand below their group where that is wide enough for them, else over all of the width.
    let isWide = owner.width >= Self.narrowest * Double(parts.count)
    let place = isWide ? Box(x: owner.x, y: row.y, width: owner.width, height: row.height) : row
    for (part, box) in zip(parts, Self.boxes(parts, in: place)) {
      draw(part, box)
      svg.markup("\n")
    }
    if !parts.isEmpty { join(owner, place, style: style) }
  }

  /// The lines between a part and what shows it larger.
  private mutating func join(_ upper: Box, _ lower: Box, style: StaticString) {
    svg.markup("<path class=\"join ")
    svg.markup(style)
    svg.markup("\" d=\"M")
    svg.point(Point(x: upper.x, y: upper.bottom))
    svg.markup("L")
    svg.point(Point(x: lower.x, y: lower.y))
    svg.markup("L")
    svg.point(Point(x: lower.right, y: lower.y))
    svg.markup("L")
    svg.point(Point(x: upper.right, y: upper.bottom))
    svg.markup("Z\"/>")
  }

  private mutating func draw(_ part: Part, _ box: Box) {
    svg.markup("<g>")
    svg.title(part.remark)
    svg.rectangle(box, radius: 0, style: part.style)
    let room = Int((box.width - 16) / (12 * LetterWidth.monospaced))
    for (index, line) in ([part.name] + part.lines).enumerated() {
      // What does not fit is in the tooltip and in the table beside the picture.
      let shown = line.count > room ? line.prefix(max(room - 1, 1)) + "…" : line[...]
      let place = Point(x: box.x + 8, y: box.y + 18 + Double(index) * 16)
      svg.label(String(shown), at: place, style: index == 0 ? "name" : "fact")
    }
    svg.markup("</g>")
  }

  /// Plain colours first: what draws SVG without media queries shows the light scheme.
  private static let style: StaticString = """
    .disk-picture{background:#fff}
    .disk-picture text{fill:#1b1f24;font:12px ui-monospace,monospace}
    .disk-picture .head{font:600 17px system-ui,sans-serif}
    .disk-picture .note{fill:#57606a;font:13px system-ui,sans-serif}
    .disk-picture .name{font-weight:700}
    .disk-picture rect{stroke:#fff;stroke-width:2}
    .disk-picture .raw{fill:#d0d7de}
    .disk-picture .boot{fill:#fde6a8}
    .disk-picture .root{fill:#b6e3ff}
    .disk-picture .data{fill:#aceebb}
    .disk-picture .lvm{fill:#e2d3fb}
    .disk-picture .free{fill:#eaeef2}
    .disk-picture .join{opacity:.4}
    @media (prefers-color-scheme:dark){
    .disk-picture{background:#0d1117}
    .disk-picture text{fill:#e6edf3}
    .disk-picture .note{fill:#9198a1}
    .disk-picture rect{stroke:#0d1117}
    .disk-picture .raw{fill:#3d444d}
    .disk-picture .boot{fill:#6b4e00}
    .disk-picture .root{fill:#0c4a7e}
    .disk-picture .data{fill:#0f5323}
    .disk-picture .lvm{fill:#4b3282}
    .disk-picture .free{fill:#21262d}
    }

    """
}
