/// A pattern of relative paths: `*` and `?` stand for what is in one part of a path, `**` for any number of
/// parts. A pattern without a slash is about names, in whatever folder.
public struct PathPattern: Hashable, Sendable {
  /// As written.
  public let text: String
  private let parts: [[UInt8]]

  /// More parts than any path has.
  private static let maximum = 64

  /// Takes a pattern; `nil` for an absolute one, one with `.` or `..`, an empty part or control characters.
  public init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= 1024, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      return nil
    }
    var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(
      Array.init)
    guard parts.count <= Self.maximum,
      !parts.contains(where: { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) })
    else { return nil }
    if parts.count == 1 { parts.insert(Array("**".utf8), at: 0) }
    self.text = text
    self.parts = parts
  }

  /// Whether a path, relative and without `.` and `..`, is of the pattern. The time is the product of both
  /// lengths at most.
  public func matches(_ path: String) -> Bool {
    let names = path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    // Row by row: which numbers of names the parts so far can stand for.
    var reached = [Bool](repeating: false, count: names.count + 1)
    reached[0] = true
    for part in parts {
      var next = [Bool](repeating: false, count: names.count + 1)
      if part.elementsEqual("**".utf8) {
        var isReached = false
        for index in reached.indices {
          isReached = isReached || reached[index]
          next[index] = isReached
        }
      } else {
        for index in names.indices where reached[index] {
          next[index + 1] = Self.matches(part, names[index])
        }
      }
      reached = next
    }
    return reached[names.count]
  }

  /// One part: on a mismatch the last star takes one byte more.
  private static func matches(_ part: [UInt8], _ name: [UInt8]) -> Bool {
    var place = 0
    var index = 0
    var star: (place: Int, index: Int)?
    while index < name.count {
      if place < part.count, part[place] == UInt8(ascii: "*") {
        star = (place, index)
        place += 1
      } else if place < part.count, part[place] == UInt8(ascii: "?") || part[place] == name[index] {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return part[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
