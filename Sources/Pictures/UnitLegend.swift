import UnitGraphs

/// A line of a unit picture's legend. Only what is in the picture is explained.
struct LegendEntry {
  /// What is shown beside the words.
  enum Sample: Equatable {
    case line(LineStyle)
    case unordered, dim, ring, stock, missing, masked, outside
  }

  static let sampleWidth = 42.0
  private static let height = 20.0

  let sample: Sample
  let text: String

  static func entries(for picture: UnitPicture) -> [LegendEntry] {
    let styles = Set(picture.lines.map { LineStyle($0.kinds) })
    var entries = LineStyle.allCases.filter(styles.contains).map {
      LegendEntry(sample: .line($0), text: $0.meaning)
    }
    let others: [LineStyle] = [.partOf, .conflicts, .triggers]
    if picture.lines.contains(where: { $0.earlier == nil && !others.contains(LineStyle($0.kinds)) }) {
      entries.append(LegendEntry(sample: .unordered, text: "no order: points at what is needed"))
    }
    if picture.lines.contains(where: { !$0.isSaid && !$0.isCyclic }) {
      entries.append(LegendEntry(sample: .dim, text: "fainter: by default, implied, or by way of others"))
    }
    if !picture.view.cyclic.isEmpty {
      entries.append(LegendEntry(sample: .ring, text: "ring of units that wait for one another"))
    }
    let states = Set(picture.view.nodes.map { picture.view.graph.nodes[$0].state })
    if states.contains(.stock) || states.contains(.dynamic) {
      entries.append(LegendEntry(sample: .stock, text: "systemd's own"))
    }
    if states.contains(.missing) { entries.append(LegendEntry(sample: .missing, text: "not there")) }
    if states.contains(.masked) { entries.append(LegendEntry(sample: .masked, text: "masked")) }
    if !picture.outside.isEmpty {
      entries.append(
        LegendEntry(sample: .outside, text: "↑ starts after, ↓ before, ↔ beside these of systemd's own"))
    }
    return entries
  }

  /// Entries side by side, in as many rows as they need.
  static func place(_ entries: [LegendEntry], width: Double) -> (places: [Point], height: Double) {
    var places: [Point] = []
    var point = Point(x: 0, y: 0)
    for entry in entries {
      let wide = sampleWidth + LetterWidth.proportional * 13 * Double(entry.text.count) + 16
      if point.x > 0, point.x + wide > width { point = Point(x: 0, y: point.y + height) }
      places.append(point)
      point.x += wide
    }
    return (places, entries.isEmpty ? 0 : point.y + height / 2)
  }
}
