/// What an ELF file asks of the machine that loads it (elf(5)); read within the file's bounds, 64 bits, little-endian.
struct ElfFile {
  /// `e_machine`: 62 is x86-64, 183 is AArch64.
  var machine = 0
  /// The loader, where there is one.
  var interpreter: String?
  /// Libraries, by name.
  var needed: [String] = []
  /// Where they are looked for first.
  var searchPath: [String] = []

  /// Why bytes are not the ELF file they say they are.
  struct Damage: Error {}

  /// Whether a file begins as one.
  static func isELF(_ head: [UInt8]) -> Bool { head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) }

  /// Reads by `read(offset, count)`, which gives `nil` for what is not there.
  init(_ read: (Int, Int) -> [UInt8]?) throws(Damage) {
    guard let header = read(0, 64), Self.isELF(header), header[4] == 2, header[5] == 1 else { throw Damage() }
    machine = Self.number(header, 18, 2)
    let (table, size, count) = (
      Self.number(header, 32, 8), Self.number(header, 54, 2), Self.number(header, 56, 2)
    )
    guard size >= 56, count <= 128, table < 1 << 40, let rows = read(table, size * count) else {
      throw Damage()
    }
    var segments: [(address: Int, offset: Int, size: Int)] = []
    var dynamic: (offset: Int, size: Int)?
    for index in 0..<count {
      let row = Array(rows[(index * size)..<(index * size + 56)])
      let (offset, address, length) = (
        Self.number(row, 8, 8), Self.number(row, 16, 8), Self.number(row, 32, 8)
      )
      switch Self.number(row, 0, 4) {
      case 1: segments.append((address, offset, length))
      case 2: dynamic = (offset, length)
      case 3:
        guard length <= 4096, let text = read(offset, length) else { throw Damage() }
        interpreter = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
      default: break
      }
    }
    if let dynamic { try readDynamic(dynamic, segments, read) }
  }

  private mutating func readDynamic(
    _ section: (offset: Int, size: Int), _ segments: [(address: Int, offset: Int, size: Int)],
    _ read: (Int, Int) -> [UInt8]?
  ) throws(Damage) {
    guard section.size <= 1 << 16, let bytes = read(section.offset, section.size) else { throw Damage() }
    var (names, paths): ([Int], [Int]) = ([], [])
    var (table, tableSize) = (0, 0)
    for start in stride(from: 0, through: bytes.count - 16, by: 16) {
      let value = Self.number(bytes, start + 8, 8)
      switch Self.number(bytes, start, 8) {
      case 0: break
      case 1: names.append(value)
      case 5: table = value
      case 10: tableSize = value
      case 15, 29: paths.append(value)
      default: break
      }
    }
    guard !names.isEmpty || !paths.isEmpty else { return }
    guard tableSize <= 1 << 24,
      let segment = segments.first(where: { $0.address <= table && table - $0.address < $0.size })
    else { throw Damage() }
    let start = segment.offset.addingReportingOverflow(table - segment.address)
    guard !start.overflow else { throw Damage() }
    func text(_ offset: Int) -> String? {
      let place = start.partialValue.addingReportingOverflow(offset)
      guard !place.overflow, offset < tableSize,
        let bytes = read(place.partialValue, min(4096, tableSize - offset))
      else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    for offset in names {
      guard let name = text(offset) else { throw Damage() }
      needed.append(name)
    }
    for offset in paths {
      guard let path = text(offset) else { throw Damage() }
      searchPath += path.utf8.split(separator: 58).map { String(decoding: Array($0), as: UTF8.self) }
    }
  }

  /// A little-endian number; one of eight bytes that is beyond `Int` becomes its largest, which is in no file.
  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
    Int(clamping: (0..<count).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) })
  }
}
