internal import UnitGraphs

/// The order in which jobs are done, and the cycles in it (`transaction_verify_order`). The manager walks
/// along the order from a job that chance picks, by edges in an order that chance picks, so that every job
/// on a cycle may be the one where it notices.
struct OrderCheck {
  private var starts: [Int32]
  private var others: [Int32]
  /// By edge: whether the unit it starts from comes before the other.
  private var isEarlier: [Bool]

  init(_ graph: UnitGraph) {
    var pairs = Set<Int64>()
    for edge in graph.edges {
      if let first = edge.earlier, let second = edge.later {
        pairs.insert(Int64(first) << 32 | Int64(second))
      }
    }
    starts = [Int32](repeating: 0, count: graph.nodes.count + 1)
    for pair in pairs {
      starts[Int(pair >> 32) + 1] += 1
      starts[Int(pair & 0xffff_ffff) + 1] += 1
    }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    var next = starts
    others = [Int32](repeating: 0, count: pairs.count * 2)
    isEarlier = [Bool](repeating: false, count: pairs.count * 2)
    for pair in pairs {
      let (first, second) = (Int(pair >> 32), Int(pair & 0xffff_ffff))
      others[Int(next[first])] = Int32(second)
      isEarlier[Int(next[first])] = true
      next[first] += 1
      others[Int(next[second])] = Int32(first)
      next[second] += 1
    }
  }

  /// The units whose jobs wait for a unit's. What is stopped goes first, whatever the units' order;
  /// of two units that are stopped the later one does (`job_compare`).
  func followers(of unit: Int32, _ types: [JobType?]) -> [Int32] {
    guard let own = types[Int(unit)] else { return [] }
    var found: [Int32] = []
    for index in Int(starts[Int(unit)])..<Int(starts[Int(unit) + 1]) {
      guard let other = types[Int(others[index])] else { continue }
      if isFirst(index, own, other) { found.append(others[index]) }
    }
    return found
  }

  /// Whether the unit that an edge starts from is done before the other.
  private func isFirst(_ edge: Int, _ own: JobType?, _ other: JobType?) -> Bool {
    isEarlier[edge] ? other != .stop : own == .stop
  }

  /// The units from which order leads to a cycle: what is left when those that nobody waits for are taken
  /// away, again and again.
  func live(_ units: [Int32], _ types: [JobType?]) -> [Bool] {
    var isLive = types.map { $0 != nil }
    var waiting = [Int32](repeating: 0, count: types.count)
    var before: [Int32] = []
    for unit in units {
      let followers = followers(of: unit, types)
      waiting[Int(unit)] = Int32(followers.count)
      if types[Int(unit)] != nil, followers.isEmpty { before.append(unit) }
    }
    while let unit = before.popLast() {
      isLive[Int(unit)] = false
      for index in Int(starts[Int(unit)])..<Int(starts[Int(unit) + 1]) {
        let other = others[index]
        guard types[Int(other)] != nil, !isFirst(index, types[Int(unit)], types[Int(other)]) else { continue }
        waiting[Int(other)] -= 1
        if waiting[Int(other)] == 0 { before.append(other) }
      }
    }
    return isLive
  }

  /// Of the units that order leads from to a cycle, those that lie on one.
  func cyclic(_ units: [Int32], _ types: [JobType?], _ isLive: [Bool]) -> [Int32] {
    knots(units, types, isLive).flatMap { $0 }.sorted()
  }

  /// The same, by what is tied to one another: strongly connected components of more than one unit, by
  /// Tarjan's algorithm without recursion.
  func knots(_ units: [Int32], _ types: [JobType?], _ isLive: [Bool]) -> [[Int32]] {
    var index = [Int32](repeating: -1, count: types.count)
    var low = index
    var isOnStack = [Bool](repeating: false, count: types.count)
    var stack: [Int32] = []
    var counter: Int32 = 0
    var found: [[Int32]] = []
    for root in units where index[Int(root)] < 0 && isLive[Int(root)] {
      var path: [(unit: Int32, followers: [Int32], next: Int)] = []
      func open(_ unit: Int32) {
        index[Int(unit)] = counter
        low[Int(unit)] = counter
        counter += 1
        stack.append(unit)
        isOnStack[Int(unit)] = true
        path.append((unit, followers(of: unit, types), 0))
      }
      open(root)
      while let (unit, followers, next) = path.last {
        if next < followers.count {
          path[path.count - 1].next += 1
          let other = followers[next]
          if index[Int(other)] < 0 {
            open(other)
          } else if isOnStack[Int(other)] {
            low[Int(unit)] = min(low[Int(unit)], index[Int(other)])
          }
          continue
        }
        path.removeLast()
        if let parent = path.last?.unit { low[Int(parent)] = min(low[Int(parent)], low[Int(unit)]) }
        guard low[Int(unit)] == index[Int(unit)] else { continue }
        var members: [Int32] = []
        repeat {
          guard let member = stack.popLast() else { break }
          isOnStack[Int(member)] = false
          members.append(member)
        } while members.last != unit
        if members.count > 1 { found.append(members) }
      }
    }
    return found
  }
}
