public import BootSimulation

/// Draws `report/boot.svg`: when each unit of a boot starts and is ready, a row for each. What decides over
/// the boot's length is told apart by more than colour.
public enum BootPicture {
  /// More rows than anyone reads are not drawn.
  static let maximumRows = 400

  /// The picture of a timeline; `title` says whose boot it is.
  public static func svg(of timeline: Timeline, title: String) -> [UInt8] {
    let rows = Array(timeline.shown.prefix(maximumRows))
    var drawing = BootDrawing(timeline, rows)
    drawing.open(title)
    drawing.axis()
    drawing.chain()
    for (index, entry) in rows.enumerated() { drawing.row(index, entry) }
    drawing.legend(hidden: timeline.entries.count - rows.count)
    drawing.out.markup("</svg>\n")
    return drawing.out.bytes
  }

  /// Seconds with one digit: `12.5`.
  static func seconds(_ milliseconds: Int) -> String {
    let tenths = (milliseconds + 50) / 100
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// The distance of the axis' marks in milliseconds: 1, 2 or 5 times a power of ten, for ten marks at most.
  static func step(for end: Int) -> Int {
    var power = 1
    while power < Int.max / 100 {
      for factor in [1, 2, 5] where end / (factor * power) <= 10 { return factor * power }
      power *= 10
    }
    return power
  }
}

/// A picture of a boot in the making. Lengths are in pixels, times in milliseconds.
private struct BootDrawing {
  private static let width = 960.0
  private static let top = 62.0
  private static let pitch = 22.0
  /// To the right of the last bar, for what it took.
  private static let margin = 72.0
  private static let letters = 44
  private static let fontSize = 12.0

  var out = SVGText()
  private let timeline: Timeline
  private let rows: [Timeline.Entry]
  private let left: Double
  private let end: Int

  init(_ timeline: Timeline, _ rows: [Timeline.Entry]) {
    self.timeline = timeline
    self.rows = rows
    let widest = rows.map { LetterWidth.of(Self.short($0.unit), size: Self.fontSize) }.max() ?? 0
    left = max(widest, 90) + 24
    end = max(rows.map(\.settled).max() ?? 0, timeline.total, 1)
  }

  private var bottom: Double { Self.top + Double(rows.count) * Self.pitch }

  private func x(_ time: Int) -> Double {
    left + (Self.width - Self.margin - left) * Double(min(max(time, 0), end)) / Double(end)
  }

  mutating func open(_ title: String) {
    out.open("boot-picture", width: Self.width, height: bottom + 66)
    out.title("Boot of \(title)")
    let total = "\(timeline.target) is reached after \(BootPicture.seconds(timeline.total)) s"
    out.markup("<desc>")
    out.text(total + ". Critical chain: " + timeline.criticalChain.joined(separator: ", "))
    out.markup("</desc>\n")
    out.style(Self.style)
    label("head", 8, 22, "Boot of \(title), as simulated")
    label("note", 8, 42, total + "; seconds since systemd began")
  }

  mutating func axis() {
    let step = BootPicture.step(for: end)
    var time = 0
    while time <= end {
      line("grid", Point(x: x(time), y: Self.top - 6), Point(x: x(time), y: bottom))
      // Marks finer than a tenth of a second would all be called the same.
      let fine = step >= 100 ? BootPicture.seconds(time) : "\(time) ms"
      label("note middle", x(time), bottom + 14, step % 1000 == 0 ? "\(time / 1000)" : fine)
      time += step
    }
  }

  /// Joins the units of the critical chain that are shown, each where it made the next one wait.
  mutating func chain() {
    let places = Dictionary(
      rows.enumerated().map { ($1.unit, $0) }, uniquingKeysWith: { first, _ in first })
    let shown = timeline.criticalChain.compactMap { places[$0] }
    for (one, next) in zip(shown, shown.dropFirst()) {
      let time = x(rows[next].start)
      line("chain", Point(x: time, y: middle(one)), Point(x: time, y: middle(next)))
    }
  }

  mutating func row(_ index: Int, _ entry: Timeline.Entry) {
    let y = Self.top + Double(index) * Self.pitch
    out.markup("<g>")
    out.title(tooltip(entry))
    label(entry.isCritical ? "name strong" : "name", left - 10, y + 15, Self.short(entry.unit))
    let (start, ready, settled) = (x(entry.start), x(entry.ready), x(entry.settled))
    if entry.ready > entry.start { bar(start, y + 4, max(ready - start, 2), isCritical: entry.isCritical) }
    if entry.settled > entry.ready {
      out.rectangle(
        Box(x: ready, y: y + 4, width: max(settled - ready, 2), height: 14), radius: 2, style: "after")
    }
    if entry.settled == entry.start { diamond(start, middle(index), isCritical: entry.isCritical) }
    let took =
      entry.settled > entry.start
      ? "\(BootPicture.seconds(entry.settled - entry.start)) s" : "at \(BootPicture.seconds(entry.start)) s"
    label("note", max(settled, start) + 10, y + 15, took)
    out.markup("</g>\n")
  }

  mutating func legend(hidden: Int) {
    let y = bottom + 28
    bar(8, y, 24, isCritical: true)
    label("note", 40, y + 11, "critical chain: the boot is over sooner if it takes less")
    bar(408, y, 24, isCritical: false)
    label("note", 440, y + 11, "others")
    out.rectangle(Box(x: 508, y: y, width: 24, height: 14), radius: 2, style: "after")
    label("note", 540, y + 11, "at work after it counts as started")
    diamond(800, y + 7, isCritical: false)
    label("note", 812, y + 11, "takes no time")
    guard hidden > 0 else { return }
    let units = "unit\(hidden == 1 ? "" : "s")"
    label("note", 8, y + 30, "\(hidden) more \(units), of systemd's own or taking no time, not shown")
  }

  // MARK: Parts

  private func middle(_ row: Int) -> Double { Self.top + Double(row) * Self.pitch + 11 }

  private static func short(_ name: String) -> String {
    name.count > letters ? name.prefix(letters - 1) + "…" : name
  }

  private func tooltip(_ entry: Timeline.Entry) -> String {
    var text =
      "\(entry.unit): starts at \(BootPicture.seconds(entry.start)) s, ready at "
      + "\(BootPicture.seconds(entry.ready)) s"
    if entry.settled > entry.ready { text += ", at work at \(BootPicture.seconds(entry.settled)) s" }
    return entry.isCritical ? text + "; on the critical chain" : text
  }

  private mutating func label(_ style: StaticString, _ x: Double, _ y: Double, _ words: String) {
    out.label(words, at: Point(x: x, y: y), style: style)
    out.markup("\n")
  }

  private mutating func line(_ style: StaticString, _ from: Point, _ to: Point) {
    out.markup("<line class=\"")
    out.markup(style)
    out.markup("\"")
    out.attribute("x1", from.x)
    out.attribute("y1", from.y)
    out.attribute("x2", to.x)
    out.attribute("y2", to.y)
    out.markup("/>\n")
  }

  private mutating func bar(_ x: Double, _ y: Double, _ width: Double, isCritical: Bool) {
    out.rectangle(
      Box(x: x, y: y, width: width, height: 14), radius: 2, style: isCritical ? "bar hot" : "bar")
  }

  private mutating func diamond(_ x: Double, _ y: Double, isCritical: Bool) {
    out.markup("<path class=\"bar")
    if isCritical { out.markup(" hot") }
    out.markup("\" d=\"M")
    out.point(Point(x: x, y: y - 5))
    out.markup("l5 5l-5 5l-5 -5z\"/>")
  }

  /// Plain colours first: what draws SVG without media queries shows the light scheme.
  private static let style: StaticString = """
    .boot-picture{background:#fff}
    .boot-picture text{fill:#1b1f24;font:12px system-ui,sans-serif}
    .boot-picture .head{font-size:17px;font-weight:600}
    .boot-picture .note{fill:#57606a}
    .boot-picture .middle{text-anchor:middle}
    .boot-picture .name{font:12px ui-monospace,monospace;text-anchor:end}
    .boot-picture .strong{font-weight:700}
    .boot-picture .grid{stroke:#d0d7de}
    .boot-picture .bar{fill:#ddf4ff;stroke:#0969da}
    .boot-picture .hot{fill:#bc4c00;stroke:#bc4c00}
    .boot-picture .chain{stroke:#bc4c00;stroke-width:1.5;stroke-dasharray:2 2}
    .boot-picture .after{fill:none;stroke:#0969da;stroke-dasharray:3 2}
    @media (prefers-color-scheme:dark){
    .boot-picture{background:#0d1117}
    .boot-picture text{fill:#e6edf3}
    .boot-picture .note{fill:#9198a1}
    .boot-picture .grid{stroke:#3d444d}
    .boot-picture .bar{fill:#0c2d6b;stroke:#58a6ff}
    .boot-picture .hot{fill:#f0883e;stroke:#f0883e}
    .boot-picture .chain{stroke:#f0883e}
    .boot-picture .after{stroke:#58a6ff}
    }

    """
}
