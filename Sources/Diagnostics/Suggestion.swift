/// "Did you mean": the known word nearest to a mistyped one.
public enum Suggestion {
  /// Longest word that is compared; anything longer is no slip of the fingers.
  private static let longest = 64

  /// The candidate with the fewest slips (a letter added, missing, changed or swapped with its
  /// neighbour; case does not count), the first of equals; `nil` when none is near enough to be
  /// meant: one slip for up to five letters, one more for every three letters beyond.
  public static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let typed = lowercased(word)
    guard !typed.isEmpty, typed.count <= longest else { return nil }
    var best: (word: String, slips: Int)?
    for candidate in candidates {
      let known = lowercased(candidate)
      let allowed = min(
        best.map { $0.slips - 1 } ?? Int.max, max(1, (min(typed.count, known.count) - 2) / 3 + 1))
      guard known.count <= longest, abs(known.count - typed.count) <= allowed else { continue }
      let slips = distance(typed, known)
      if slips <= allowed { best = (candidate, slips) }
    }
    return best?.word
  }

  private static func lowercased(_ word: String) -> [UInt8] {
    word.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  /// Optimal string alignment distance (Damerau-Levenshtein without moves over more than one place).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in 0..<right.count {
        let changed = previous[column] + (left[row] == right[column] ? 0 : 1)
        var best = min(changed, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, older[column - 1] + 1)
        }
        current.append(best)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
