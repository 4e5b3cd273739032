/// Two texts side by side, line by line, as `diff -u` shows them without its line numbers.
enum LineDifference {
  static func text(expected: String, actual: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines = ["--- expected", "+++ actual"]
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if removed.contains(left) {
        lines.append("-" + old[left])
        left += 1
      } else if inserted.contains(right) {
        lines.append("+" + new[right])
        right += 1
      } else {
        lines.append(" " + old[left])
        left += 1
        right += 1
      }
    }
    return lines.joined(separator: "\n")
  }
}
