public import BootSimulation

/// Draws `report/boot.svg`: when each unit of a boot starts and is ready. One element that stands alone
/// or inside a page, without scripts, in light and dark; what decides over the boot's length is told
/// apart by more than colour.
public enum BootPicture {
  /// More rows than anyone reads are not drawn.
  static let maximumRows = 400

  /// The picture of a timeline; `name` says whose boot it is.
  public static func svg(of timeline: Timeline, name: String) -> [UInt8] {
    let rows = Array(timeline.shown.prefix(maximumRows))
    var drawing = Drawing(timeline, rows)
    drawing.open(name)
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

/// A picture in the making. Lengths are in pixels, times in milliseconds.
private struct Drawing {
  private static let width = 960
  private static let top = 62
  private static let pitch = 22
  private static let margin = 72
  private static let digit = 8

  var out = HTML()
  private let timeline: Timeline
  private let rows: [Timeline.Entry]
  private let left: Int
  private let end: Int

  init(_ timeline: Timeline, _ rows: [Timeline.Entry]) {
    self.timeline = timeline
    self.rows = rows
    let longest = rows.map(\.unit.utf8.count).max() ?? 0
    left = min(max(longest, 12), 44) * Self.digit + 16
    end = max(rows.map(\.settled).max() ?? 0, timeline.total, 1)
  }

  private var bottom: Int { Self.top + rows.count * Self.pitch }

  private func x(_ time: Int) -> Int {
    let span = Self.width - Self.margin - left
    // Times are limited to a hundred years: no overflow.
    return left + min(max(time, 0), end) * span / end
  }

  mutating func open(_ name: String) {
    let height = bottom + 66
    out.markup("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"boot\" role=\"img\" ")
    out.markup("aria-labelledby=\"boot-title boot-desc\" viewBox=\"0 0 ")
    out.text("\(Self.width) \(height)")
    out.markup("\" width=\"")
    out.text("\(Self.width)")
    out.markup("\" height=\"")
    out.text("\(height)")
    out.markup("\">\n<title id=\"boot-title\">")
    out.text("Boot of \(name)")
    out.markup("</title>\n<desc id=\"boot-desc\">")
    out.text(
      "\(timeline.target) is reached after \(BootPicture.seconds(timeline.total)) seconds. Critical chain: "
        + timeline.criticalChain.joined(separator: ", "))
    out.markup("</desc>\n<style>\n")
    out.markup(Self.style)
    out.markup("</style>\n<rect class=\"boot-page\" width=\"100%\" height=\"100%\"/>\n")
    text("boot-head", 8, 22, "Boot of \(name), as simulated")
    text(
      "boot-soft", 8, 42,
      "\(timeline.target) is reached after \(BootPicture.seconds(timeline.total)) s; seconds since systemd began"
    )
  }

  mutating func axis() {
    let step = BootPicture.step(for: end)
    var time = 0
    while time <= end {
      line("boot-grid", x(time), Self.top - 6, x(time), bottom)
      // Marks finer than a tenth of a second would all be called the same.
      let label = step >= 100 ? BootPicture.seconds(time) : "\(time) ms"
      text("boot-soft boot-mid", x(time), bottom + 14, step % 1000 == 0 ? "\(time / 1000)" : label)
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
      line("boot-chain", time, middle(one), time, middle(next))
    }
  }

  mutating func row(_ index: Int, _ entry: Timeline.Entry) {
    let y = Self.top + index * Self.pitch
    let isCritical = entry.isCritical
    out.markup("<g>\n<title>")
    out.text(tooltip(entry))
    out.markup("</title>\n")
    text(isCritical ? "boot-name boot-strong" : "boot-name", left - 10, y + 15, short(entry.unit))
    let (start, ready, settled) = (x(entry.start), x(entry.ready), x(entry.settled))
    if entry.ready > entry.start {
      box(isCritical ? "boot-bar boot-critical" : "boot-bar", start, y + 4, max(ready - start, 2))
    }
    if entry.settled > entry.ready { box("boot-after", ready, y + 4, max(settled - ready, 2)) }
    if entry.settled == entry.start { diamond(isCritical, start, middle(index)) }
    let label =
      entry.settled > entry.start
      ? "\(BootPicture.seconds(entry.settled - entry.start)) s" : "at \(BootPicture.seconds(entry.start)) s"
    text("boot-soft", max(settled, start) + 10, y + 15, label)
    out.markup("</g>\n")
  }

  mutating func legend(hidden: Int) {
    let y = bottom + 28
    box("boot-bar boot-critical", 8, y, 24)
    text("boot-soft", 40, y + 11, "critical chain: the boot is over sooner if it takes less")
    box("boot-bar", 408, y, 24)
    text("boot-soft", 440, y + 11, "others")
    box("boot-after", 508, y, 24)
    text("boot-soft", 540, y + 11, "at work after it counts as started")
    diamond(false, 800, y + 7)
    text("boot-soft", 812, y + 11, "takes no time")
    if hidden > 0 {
      let units = "unit\(hidden == 1 ? "" : "s")"
      text("boot-soft", 8, y + 30, "\(hidden) \(units) of systemd's own that take no time are not shown")
    }
  }

  // MARK: Parts

  private func middle(_ row: Int) -> Int { Self.top + row * Self.pitch + 11 }

  private func short(_ name: String) -> String { name.count > 44 ? name.prefix(43) + "…" : name }

  private func tooltip(_ entry: Timeline.Entry) -> String {
    var text =
      "\(entry.unit): starts at \(BootPicture.seconds(entry.start)) s, ready at \(BootPicture.seconds(entry.ready)) s"
    if entry.settled > entry.ready { text += ", at work at \(BootPicture.seconds(entry.settled)) s" }
    return entry.isCritical ? text + "; on the critical chain" : text
  }

  private mutating func text(_ style: StaticString, _ x: Int, _ y: Int, _ words: String) {
    out.markup("<text class=\"")
    out.markup(style)
    out.markup("\"")
    attributes([("x", x), ("y", y)])
    out.markup(">")
    out.text(words)
    out.markup("</text>\n")
  }

  private mutating func line(_ style: StaticString, _ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int) {
    out.markup("<line class=\"")
    out.markup(style)
    out.markup("\"")
    attributes([("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)])
    out.markup("/>\n")
  }

  private mutating func box(_ style: StaticString, _ x: Int, _ y: Int, _ width: Int) {
    out.markup("<rect class=\"")
    out.markup(style)
    out.markup("\"")
    attributes([("x", x), ("y", y), ("width", width), ("height", 14), ("rx", 2)])
    out.markup("/>\n")
  }

  private mutating func diamond(_ isCritical: Bool, _ x: Int, _ y: Int) {
    out.markup("<path class=\"boot-bar")
    if isCritical { out.markup(" boot-critical") }
    out.markup("\" d=\"M")
    out.text("\(x) \(y - 5)l5 5l-5 5l-5 -5z")
    out.markup("\"/>\n")
  }

  private mutating func attributes(_ values: [(StaticString, Int)]) {
    for (name, value) in values {
      out.markup(" ")
      out.markup(name)
      out.markup("=\"")
      out.text(String(value))
      out.markup("\"")
    }
  }

  /// Colours of light and dark pages; each name is this picture's own, as it may stand inside a page.
  private static let style: StaticString = """
    .boot { --boot-ink: #1b1f24; --boot-soft: #57606a; --boot-line: #d0d7de; --boot-page: #ffffff;
      --boot-fill: #ddf4ff; --boot-edge: #0969da; --boot-hot: #bc4c00; font: 12px system-ui, sans-serif; }
    @media (prefers-color-scheme: dark) {
      .boot { --boot-ink: #e6edf3; --boot-soft: #9198a1; --boot-line: #3d444d; --boot-page: #0d1117;
        --boot-fill: #0c2d6b; --boot-edge: #58a6ff; --boot-hot: #f0883e; }
    }
    .boot-page { fill: var(--boot-page); }
    .boot text { fill: var(--boot-ink); }
    .boot .boot-soft { fill: var(--boot-soft); }
    .boot-mid { text-anchor: middle; }
    .boot-head { font-size: 15px; font-weight: 600; }
    .boot-name { text-anchor: end; font-family: ui-monospace, monospace; }
    .boot-strong { font-weight: 700; }
    .boot-grid { stroke: var(--boot-line); }
    .boot-chain { stroke: var(--boot-hot); stroke-width: 1.5; stroke-dasharray: 2 2; }
    .boot-bar { fill: var(--boot-fill); stroke: var(--boot-edge); }
    .boot-critical { fill: var(--boot-hot); stroke: var(--boot-hot); }
    .boot-after { fill: none; stroke: var(--boot-edge); stroke-dasharray: 3 2; }

    """
}
