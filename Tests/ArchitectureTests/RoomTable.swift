/// The table of rows in docs/architecture.md, and the paragraphs about rooms below it.
struct RoomTable {
  /// A room: its row, and the C library it owns.
  struct Room {
    var name: String
    var row: Int
    var library: String?
  }

  let rooms: [Room]
  /// What is said about each room, by its heading.
  let paragraphs: [String: String]

  init(page: String) {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    rooms = lines.flatMap(Self.rooms(inRow:))
    var paragraphs: [String: String] = [:]
    var heading: String?
    for line in lines {
      if line.hasPrefix("#") {
        heading = line.hasPrefix("### ") ? String(line.dropFirst(4)) : nil
      } else if let heading {
        paragraphs[heading, default: ""] += line
      }
    }
    self.paragraphs = paragraphs
  }

  /// `| L2 | `A` `B` (`CB`) |`
  private static func rooms(inRow line: Substring) -> [Room] {
    let cells = line.split(separator: "|").map { $0.split(separator: " ") }
    guard cells.count == 2, cells[0].count == 1, cells[0][0].hasPrefix("L"),
      let row = Int(cells[0][0].dropFirst())
    else { return [] }
    var rooms: [Room] = []
    for word in cells[1] {
      let name = String(word.filter { !"`()".contains($0) })
      if word.hasPrefix("("), !rooms.isEmpty {
        rooms[rooms.count - 1].library = name
      } else {
        rooms.append(Room(name: name, row: row))
      }
    }
    return rooms
  }

  /// The row of a room.
  func row(of name: String) -> Int? { rooms.first { $0.name == name }?.row }
}
