/// Rows of places, each joined to places in the rows above and below: boxes, and the dummies that lines
/// pass through.
struct LayoutRows {
  /// By row: its places from left to right.
  private(set) var rows: [[Int]] = []
  /// By row: the level it belongs to; `nil` for what has no lines.
  private(set) var levels: [Int?] = []
  /// By place: its row.
  private(set) var row: [Int] = []
  /// By place: how wide it is.
  private(set) var width: [Double] = []
  /// By place: its middle.
  private(set) var x: [Double] = []
  /// By place: those it is joined to in the row above, and in the row below.
  private(set) var above: [[Int]] = []
  private(set) var below: [[Int]] = []
  private var isDummy: [Bool] = []

  /// Adds a box, which has no place in a row yet.
  mutating func add(width: Double, row: Int, isDummy: Bool = false) {
    self.width.append(width)
    self.row.append(row)
    self.isDummy.append(isDummy)
    above.append([])
    below.append([])
  }

  /// Adds a row below all others.
  mutating func append(_ places: [Int], level: Int?) {
    for place in places { row[place] = rows.count }
    rows.append(places)
    levels.append(level)
  }

  /// Adds a place for a line at the end of a row.
  mutating func addDummy(width: Double, row: Int) -> Int {
    add(width: width, row: row, isDummy: true)
    rows[row].append(self.width.count - 1)
    return self.width.count - 1
  }

  /// Joins a place with one in the next row.
  mutating func join(_ upper: Int, _ lower: Int) {
    below[upper].append(lower)
    above[lower].append(upper)
  }

  // MARK: Crossings

  /// Orders rows by the mean place of what they are joined to, down and up again, and keeps the order with
  /// the fewest crossings.
  mutating func reduceCrossings() {
    let joins = below.reduce(0) { $0 + $1.count }
    var position = [Int](repeating: 0, count: row.count)
    for row in rows { for (index, place) in row.enumerated() { position[place] = index } }
    var best = (rows, crossings(position))
    for sweep in 0..<(joins > 5_000 ? 4 : 12) where best.1 > 0 {
      let isDown = sweep % 2 == 0
      for number in isDown ? Array(rows.indices) : rows.indices.reversed() {
        order(number, by: isDown ? above : below, &position)
      }
      let count = crossings(position)
      if count < best.1 { best = (rows, count) }
    }
    rows = best.0
  }

  private mutating func order(_ number: Int, by joined: [[Int]], _ position: inout [Int]) {
    let keyed = rows[number].enumerated().map { index, place -> (key: Double, index: Int, place: Int) in
      let others = joined[place]
      guard !others.isEmpty else { return (Double(index), index, place) }
      return (Double(others.reduce(0) { $0 + position[$1] }) / Double(others.count), index, place)
    }
    rows[number] = keyed.sorted { ($0.key, $0.index) < ($1.key, $1.index) }.map(\.place)
    for (index, place) in rows[number].enumerated() { position[place] = index }
  }

  /// How many pairs of lines cross: inversions, counted with Fenwick's tree.
  private func crossings(_ position: [Int]) -> Int {
    var count = 0
    for (number, row) in rows.enumerated() where number + 1 < rows.count {
      var tree = [Int](repeating: 0, count: rows[number + 1].count + 1)
      var seen = 0
      for place in row {
        let ends = below[place].map { position[$0] }
        for end in ends {
          var before = 0
          var index = end + 1
          while index > 0 {
            before += tree[index]
            index -= index & -index
          }
          count += seen - before
        }
        for end in ends {
          var index = end + 1
          while index < tree.count {
            tree[index] += 1
            index += index & -index
          }
        }
        seen += ends.count
      }
    }
    return count
  }

  // MARK: Places

  /// Gives every place its middle: near what it is joined to, in order, and without touching its neighbours.
  mutating func spread(gap: Double) {
    x = [Double](repeating: 0, count: row.count)
    for row in rows {
      var middle = 0.0
      for (index, place) in row.enumerated() {
        if index > 0 { middle += distance(row[index - 1], place, gap) }
        x[place] = middle
      }
      for place in row { x[place] -= middle / 2 }
    }
    for sweep in 0..<10 {
      // Last of all both sides count, so that boxes end up in the middle of what they are joined to.
      let sides = sweep >= 8 ? [above, below] : [sweep % 2 == 0 ? above : below]
      for number in sweep % 2 == 0 ? Array(rows.indices) : rows.indices.reversed() {
        shift(number, toward: sides, gap: gap)
      }
    }
    let left = x.indices.reduce(Double.infinity) { min($0, x[$1] - width[$1] / 2) }
    for place in x.indices { x[place] = (x[place] - left).rounded() }
  }

  /// How far the middles of neighbours are from one another at least; lines may pass closer by each other.
  private func distance(_ left: Int, _ right: Int, _ gap: Double) -> Double {
    (width[left] + width[right]) / 2 + (isDummy[left] && isDummy[right] ? gap / 3 : gap)
  }

  /// Moves the places of a row as near as can be to where they want to be: least squares under the order,
  /// by pooling adjacent violators.
  private mutating func shift(_ number: Int, toward sides: [[[Int]]], gap: Double) {
    var pools: [(sum: Double, weight: Double, count: Int)] = []
    var offset = 0.0
    var offsets: [Double] = []
    var former: Int?
    for place in rows[number] {
      if let former { offset += distance(former, place, gap) }
      former = place
      offsets.append(offset)
      var (sum, weight) = (0.0, 0.0)
      for other in sides.flatMap({ $0[place] }) {
        // Straight lines first, so that what passes by does not wind.
        let pull = isDummy[place] && isDummy[other] ? 8.0 : isDummy[place] || isDummy[other] ? 2 : 1
        sum += x[other] * pull
        weight += pull
      }
      if weight == 0 { (sum, weight) = (x[place] * 0.01, 0.01) }
      pools.append((sum - offset * weight, weight, 1))
      while pools.count > 1 {
        let (last, other) = (pools[pools.count - 1], pools[pools.count - 2])
        guard other.sum / other.weight > last.sum / last.weight else { break }
        pools.removeLast()
        pools[pools.count - 1] = (
          other.sum + last.sum, other.weight + last.weight, other.count + last.count
        )
      }
    }
    var index = 0
    for pool in pools {
      for _ in 0..<pool.count {
        x[rows[number][index]] = pool.sum / pool.weight + offsets[index]
        index += 1
      }
    }
  }
}
