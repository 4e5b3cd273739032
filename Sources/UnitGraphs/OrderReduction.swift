/// The order among the units of a picture: who stands in which level, and which lines say nothing that
/// others do not say already.
struct OrderReduction {
  /// More units than this, and nothing is left out: the work is their number times that of the lines.
  static let limit = 4_096

  let lines: [GraphView.Line]
  /// By node: the longest way to a unit over order. Rings are cut open, each at one place.
  let levels: [Int: Int]
  /// All units, earlier ones first.
  private let sequence: [Int]
  /// By node: positions in `lines` of those that wait for it.
  private let followers: [Int: [Int]]

  /// Kahn's algorithm, linear in units and lines. Where all that is left waits for something, a ring is
  /// cut: in front of the first unit known to be in one, or else of the first.
  init(nodes: Set<Int>, lines: [GraphView.Line], cyclic: Set<Int>) {
    self.lines = lines
    var waits: [Int: Int] = [:]
    var followers: [Int: [Int]] = [:]
    for (index, line) in lines.enumerated() where line.from != line.to {
      guard let earlier = line.earlier, let later = line.later else { continue }
      waits[later, default: 0] += 1
      followers[earlier, default: []].append(index)
    }
    let sorted = nodes.sorted()
    let cuts = sorted.filter(cyclic.contains) + sorted.filter { !cyclic.contains($0) }
    var levels: [Int: Int] = [:]
    var sequence = sorted.filter { waits[$0] == nil }
    var isPlaced = Set(sequence)
    var (next, cut) = (0, 0)
    while next < sequence.count || cut < cuts.count {
      guard next < sequence.count else {
        if isPlaced.insert(cuts[cut]).inserted { sequence.append(cuts[cut]) }
        cut += 1
        continue
      }
      let node = sequence[next]
      next += 1
      let level = levels[node] ?? 0
      levels[node] = level
      for index in followers[node] ?? [] {
        guard let follower = lines[index].later, !isPlaced.contains(follower) else { continue }
        levels[follower] = max(levels[follower] ?? 0, level + 1)
        waits[follower, default: 0] -= 1
        if waits[follower] == 0 {
          isPlaced.insert(follower)
          sequence.append(follower)
        }
      }
    }
    self.levels = levels
    self.sequence = sequence
    self.followers = followers
  }

  /// The lines without order that follows from other lines: always that by way of folded units, and
  /// unless `keepsSaid` what units say themselves. Needs and rings stay.
  func reduced(keepsSaid: Bool) -> [GraphView.Line] {
    let mayDrop = lines.indices.filter { isDispensable(lines[$0], keepsSaid: keepsSaid) }
    guard !mayDrop.isEmpty, sequence.count <= Self.limit else { return lines }
    let ranks = Dictionary(uniqueKeysWithValues: sequence.enumerated().map { ($1, $0) })
    let width = (sequence.count + 63) / 64
    // By rank, a bit for each unit that starts later.
    var reach = [UInt64](repeating: 0, count: width * sequence.count)
    var isDropped = [Bool](repeating: false, count: lines.count)
    for (rank, node) in sequence.enumerated().reversed() {
      let next = (followers[node] ?? []).compactMap { index in
        lines[index].later.flatMap { ranks[$0] }.map { (rank: $0, index: index) }
      }
      // The nearest first: what it reaches need not be said again.
      // What leads back to a place where a ring was cut says nothing of what comes later.
      for (follower, index) in next.sorted(by: { ($0.rank, $0.index) < ($1.rank, $1.index) })
      where follower > rank {
        let (word, bit) = (rank * width + follower / 64, UInt64(1) << UInt64(follower % 64))
        if reach[word] & bit != 0 {
          isDropped[index] = isDispensable(lines[index], keepsSaid: keepsSaid)
          continue
        }
        reach[word] |= bit
        for offset in 0..<width { reach[rank * width + offset] |= reach[follower * width + offset] }
      }
    }
    return lines.indices.filter { !isDropped[$0] }.map { lines[$0] }
  }

  private func isDispensable(_ line: GraphView.Line, keepsSaid: Bool) -> Bool {
    line.isOrder && !line.isCyclic && (!line.way.isEmpty || !keepsSaid)
  }
}
