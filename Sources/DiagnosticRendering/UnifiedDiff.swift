/// The difference of two texts as `patch` and `git apply` read it (POSIX diff, "Diff -u Output Format").
///
/// Own code, because both texts may hold any bytes and neither need be on the disk. Lines that occur once in
/// both are the anchors, as in Bram Cohen's patience diff; what lies between anchors is trimmed and
/// exchanged whole, so that the time does not depend on how much differs.
public enum UnifiedDiff {
  /// Lines shown around a change.
  private static let context = 3

  /// The difference; empty when there is none.
  ///
  /// - Parameters:
  ///   - old: The text as it is.
  ///   - new: The text as it would be.
  ///   - path: The file, without `./`; a leading `/` is left out, so that `patch -p1 -d /` finds it.
  public static func text(from old: [UInt8], to new: [UInt8], path: String) -> [UInt8] {
    guard old != new else { return [] }
    let before = lines(of: old)
    let after = lines(of: new)
    let kept = matches(before, after)
    let relative = String(path.drop { $0 == "/" })
    var result = Array("--- \(name("a/" + relative))\n+++ \(name("b/" + relative))\n".utf8)
    for hunk in hunks(before, after, kept) { result += hunk }
    return result
  }

  /// As git writes names: quoted like a C string when a byte of it is special.
  private static func name(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    // A blank needs no quotes but a tab behind the name, or `patch` would stop reading there.
    if isPlain { return path }
    var text = "\""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(Unicode.Scalar(byte))
      case 0x20..<0x7f: text += String(Unicode.Scalar(byte))
      default:
        let octal = String(byte, radix: 8)
        text += "\\" + String(repeating: "0", count: 3 - octal.utf8.count) + octal
      }
    }
    return text + "\""
  }

  /// Lines with their line feeds; the last may have none.
  private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      lines.append(bytes[start...index])
      start = index + 1
    }
    if start < bytes.count { lines.append(bytes[start...]) }
    return lines
  }

  /// Pairs of equal lines, both sides growing.
  private static func matches(
    _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> [(old: Int, new: Int)] {
    var pairs: [(old: Int, new: Int)] = []
    var from = (old: 0, new: 0)
    for anchor in anchors(old, new) + [(old.count, new.count)] {
      // Between two anchors: what is equal at the start and at the end.
      var start = from
      while start.old < anchor.0, start.new < anchor.1, old[start.old] == new[start.new] {
        pairs.append(start)
        start = (start.old + 1, start.new + 1)
      }
      var end = (old: anchor.0, new: anchor.1)
      var tail: [(old: Int, new: Int)] = []
      while end.old > start.old, end.new > start.new, old[end.old - 1] == new[end.new - 1] {
        end = (end.old - 1, end.new - 1)
        tail.append(end)
      }
      pairs += tail.reversed()
      if anchor.0 < old.count || anchor.1 < new.count { pairs.append((anchor.0, anchor.1)) }
      from = (anchor.0 + 1, anchor.1 + 1)
    }
    return pairs
  }

  /// Lines that occur once in both, as many as keep their order: the longest growing run of their places.
  private static func anchors(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [(Int, Int)] {
    var places: [ArraySlice<UInt8>: Int] = [:]
    for (index, line) in new.enumerated() { places[line] = places[line] == nil ? index : -1 }
    var counts: [ArraySlice<UInt8>: Int] = [:]
    for line in old { counts[line, default: 0] += 1 }
    let candidates = old.enumerated().compactMap { index, line -> (old: Int, new: Int)? in
      guard counts[line] == 1, let place = places[line], place >= 0 else { return nil }
      return (index, place)
    }
    // Patience: piles by their top card; each card remembers the top of the pile to its left.
    var piles: [Int] = []
    var left: [Int?] = []
    for (index, card) in candidates.enumerated() {
      var low = 0
      var high = piles.count
      while low < high {
        let middle = (low + high) / 2
        if candidates[piles[middle]].new < card.new { low = middle + 1 } else { high = middle }
      }
      left.append(low > 0 ? piles[low - 1] : nil)
      if low == piles.count { piles.append(index) } else { piles[low] = index }
    }
    var run: [(Int, Int)] = []
    var next = piles.last
    while let index = next {
      run.append((candidates[index].old, candidates[index].new))
      next = left[index]
    }
    return run.reversed()
  }

  /// A change: lines of the old text that give way to lines of the new.
  private struct Change {
    var old: Range<Int>
    var new: Range<Int>
  }

  private static func hunks(
    _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>], _ kept: [(old: Int, new: Int)]
  ) -> [[UInt8]] {
    var changes: [Change] = []
    var from = (old: 0, new: 0)
    for pair in kept + [(old.count, new.count)] {
      if pair.old > from.old || pair.new > from.new {
        changes.append(Change(old: from.old..<pair.old, new: from.new..<pair.new))
      }
      from = (pair.old + 1, pair.new + 1)
    }
    var groups: [[Change]] = []
    for change in changes {
      if let last = groups.last?.last, change.old.lowerBound - last.old.upperBound <= 2 * context {
        groups[groups.count - 1].append(change)
      } else {
        groups.append([change])
      }
    }
    return groups.map { hunk($0, old, new) }
  }

  private static func hunk(
    _ changes: [Change], _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> [UInt8] {
    guard let first = changes.first, let last = changes.last else { return [] }
    let lead = min(context, first.old.lowerBound)
    let trail = min(context, old.count - last.old.upperBound)
    let oldRange = (first.old.lowerBound - lead)..<(last.old.upperBound + trail)
    let newRange = (first.new.lowerBound - lead)..<(last.new.upperBound + trail)
    var result = Array("@@ -\(place(oldRange)) +\(place(newRange)) @@\n".utf8)
    var position = oldRange.lowerBound
    func add(_ mark: Character, _ lines: ArraySlice<ArraySlice<UInt8>>) {
      for line in lines {
        result += String(mark).utf8
        result += line
        if line.last != UInt8(ascii: "\n") { result += Array("\n\\ No newline at end of file\n".utf8) }
      }
    }
    for change in changes {
      add(" ", old[position..<change.old.lowerBound])
      add("-", old[change.old])
      add("+", new[change.new])
      position = change.old.upperBound
    }
    add(" ", old[position..<oldRange.upperBound])
    return result
  }

  /// `start,count`; of an empty range the line in front of it.
  private static func place(_ range: Range<Int>) -> String {
    let start = range.isEmpty ? range.lowerBound : range.lowerBound + 1
    return range.count == 1 ? "\(start)" : "\(start),\(range.count)"
  }
}
