public import DiskPlanning
internal import FleetModel

/// A disk as SVG: a bar to scale, below it every partition wide enough to be read, and below a physical
/// volume the volumes of its group. The same plan gives the same bytes.
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
    var group: String?
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

  private var partitions: [Part] {
    var parts = plan.partitions.map { partition in
      let (lines, look, group): ([String], StaticString, String?) =
        switch partition.content {
        case .fileSystem(let system): (words(system), style(of: system), nil)
        case .physicalVolume(let name): (["volume group \(name)"], "lvm", name)
        case nil: (["GRUB's image"], "raw", nil)
        }
      return Part(
        name: "\(partition.number) \(partition.name)", lines: [Self.size(partition.bytes)] + lines,
        remark: "partition \(partition.number) \(partition.label), type \(partition.type.rawValue), "
          + "sectors \(partition.sectors.lowerBound) to \(partition.sectors.upperBound)",
        bytes: partition.bytes, style: look, group: group)
    }
    let taken = parts.reduce(0) { $0 + $1.bytes }
    let size = plan.size.value.bytes
    // The table and what alignment leaves are a few MiB: nothing to see.
    if size > taken, size - taken > 64 << 20 { parts.append(Self.free(size - taken)) }
    return parts
  }

  private func volumes(of name: String) -> [Part] {
    guard let group = plan.volumeGroups.first(where: { $0.name.value.description == name }) else { return [] }
    var parts = group.volumes.map { volume in
      let (lines, look): ([String], StaticString) =
        if case .fileSystem(let system) = volume.content { (words(system), style(of: system)) } else {
          ([], "raw")
        }
      return Part(
        name: volume.name.value.description, lines: [Self.size(volume.bytes)] + lines,
        remark: "/dev/\(name)/\(volume.name.value), \(volume.extents) extents of 4 MiB", bytes: volume.bytes,
        style: look)
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
    case "/boot": "boot"
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
    let partitions = self.partitions
    let groups = partitions.compactMap(\.group).map(volumes)
    let depth = groups.contains { !$0.isEmpty } ? 1.0 : 0
    let top = 64.0
    let height = top + Self.bar + 26 + Self.boxHeight + depth * (26 + Self.boxHeight) + Self.margin
    svg.open(
      "disk-picture", width: Self.width + 2 * Self.margin, height: height)
    svg.title("Disk of \(title)")
    svg.style(Self.style)
    svg.label("Disk of \(title)", at: Point(x: Self.margin, y: 30), style: "head")
    svg.label(subtitle, at: Point(x: Self.margin, y: 49), style: "note")
    svg.markup("\n")
    let bar = Box(x: Self.margin, y: top, width: Self.width, height: Self.bar)
    let row = Box(x: Self.margin, y: top + Self.bar + 26, width: Self.width, height: Self.boxHeight)
    let scaled = scale(partitions, in: bar)
    let boxes = Self.boxes(partitions, in: row)
    for index in partitions.indices {
      svg.rectangle(scaled[index], radius: 0, style: partitions[index].style)
      join(scaled[index], boxes[index], style: partitions[index].style)
      draw(partitions[index], boxes[index])
      svg.markup("\n")
    }
    for index in partitions.indices {
      guard let group = partitions[index].group else { continue }
      drawVolumes(volumes(of: group), of: boxes[index], all: row, style: partitions[index].style)
    }
    svg.markup("</svg>\n")
  }

  private var subtitle: String {
    let serial = plan.serial.map { ", serial number \($0.value)" } ?? ""
    return
      "\(plan.device.value), \(Self.size(plan.size.value.bytes)), GPT, \(plan.firmware.value.rawValue)\(serial)"
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
