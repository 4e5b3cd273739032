/// What a misspelt word may have been meant to be.
enum SpellingHints {
  /// The candidate nearest to a word, at most two edits away; the first of several in order. Longer
  /// words may have two errors, short ones one.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = word.utf8.count >= 6 ? 2 : 1
    let bytes = Array(word.utf8)
    let own = letters(bytes)
    var best: (name: String, distance: Int)?
    for candidate in candidates where abs(candidate.utf8.count - bytes.count) <= limit {
      // An edit takes one letter away and brings one in at most.
      guard (letters(candidate.utf8) ^ own).nonzeroBitCount <= 2 * limit else { continue }
      guard
        let distance = distance(bytes, Array(candidate.utf8), limit: best.map { $0.distance - 1 } ?? limit)
      else { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// The letters of a word as bits.
  private static func letters(_ word: some Collection<UInt8>) -> UInt64 {
    word.reduce(0) { $0 | 1 << UInt64($1 & 63) }
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two words;
  /// `nil` when it is above the limit.
  static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
    guard limit >= 0, abs(left.count - right.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1..<(left.count + 1) {
      var current = [row]
      for column in 1..<(right.count + 1) {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var value = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          value = min(value, beforeLast[column - 2] + 1)
        }
        current.append(value)
      }
      if (current.min() ?? 0) > limit { return nil }
      (beforeLast, last) = (last, current)
    }
    return last[right.count] <= limit ? last[right.count] : nil
  }
}
