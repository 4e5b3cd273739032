import CGetopt

/// What getopt_long(3) finds in the words of a command line, in their order.
enum ScannedItem: Equatable {
  /// The option at this place of the table, with its value unless it is a flag.
  case option(Int, String?)
  /// A word that is no option; `word` counts from 0.
  case operand(String, word: Int)
  /// An option that is not in the table, as typed.
  case unknown(String)
  /// A part of a long option's name, as typed, and the option that getopt took it for.
  case abbreviated(String, Int)
  /// An option whose value is missing.
  case missingValue(Int)
  /// A flag that was given a value.
  case unwantedValue(Int)
  /// Memory is out.
  case failed
}

/// The only caller of getopt_long.
enum GetoptScanner {
  static func scan(_ words: [String], options: [OptionSpec]) -> [ScannedItem] {
    // The first word is the program's name to getopt; operands come in order because of `-`, a missing
    // value is told from an unknown option because of `:`.
    let letters = "-:" + options.compactMap(Self.letter).joined()
    let blank = unsafe cgetopt_item(code: 0, culprit: 0, word: 0, value: nil)
    // A word of n letters gives n - 1 items at most (`-abc`), and one at least.
    var items = unsafe [cgetopt_item](repeating: blank, count: words.reduce(1) { $0 + $1.utf8.count + 1 })
    return unsafe CStrings([""] + words).withPointers { arguments in
      let count = unsafe CStrings(options.map(\.long)).withPointers { names in
        let table = unsafe options.indices.map { index in
          unsafe cgetopt_option(name: names[index], takes_value: options[index].placeholder == nil ? 0 : 1)
        }
        return unsafe cgetopt_scan(
          Int32(clamping: words.count + 1), arguments, letters, table, Int32(clamping: table.count), &items,
          Int32(clamping: items.count))
      }
      guard count >= 0 else { return [.failed] }
      return unsafe items.prefix(Int(count)).map { unsafe item($0, words, options) }
    }
  }

  private static func letter(of option: OptionSpec) -> String? {
    option.short.map { String($0) + (option.placeholder == nil ? "" : ":") }
  }

  private static func item(_ item: cgetopt_item, _ words: [String], _ options: [OptionSpec]) -> ScannedItem {
    let index = unsafe Int(item.word) - 1
    let word = words.indices.contains(index) ? words[index] : ""
    let value = unsafe item.value.map { unsafe String(cString: $0) }
    switch unsafe item.code {
    case 1: return .operand(value ?? "", word: index)
    case Int32(UInt8(ascii: "?")): return unsafe unknown(item.culprit, word, options)
    case Int32(UInt8(ascii: ":")):
      return unsafe option(item.culprit, word, options).map {
        abbreviation(word, $0, options) ?? .missingValue($0)
      }
        ?? .unknown(word)
    default:
      return unsafe option(item.code, word, options).map {
        abbreviation(word, $0, options) ?? .option($0, value)
      }
        ?? .unknown(word)
    }
  }

  /// `?` stands for an unknown letter or name, several names with this start, or a flag with a value.
  private static func unknown(_ culprit: Int32, _ word: String, _ options: [OptionSpec]) -> ScannedItem {
    if culprit >= 256, let index = option(culprit, word, options) {
      return abbreviation(word, index, options) ?? .unwantedValue(index)
    }
    guard !word.hasPrefix("--") else { return .unknown(name(in: word)) }
    // Letters beyond ASCII come byte by byte; then the whole word says more.
    guard (0x21..<0x7f).contains(culprit) else { return .unknown(word) }
    return .unknown("-" + String(Unicode.Scalar(UInt8(culprit))))
  }

  private static func option(_ code: Int32, _ word: String, _ options: [OptionSpec]) -> Int? {
    if code >= 256 { return options.indices.contains(Int(code) - 256) ? Int(code) - 256 : nil }
    return options.firstIndex { $0.short?.asciiValue == UInt8(exactly: code) && $0.short != nil }
  }

  /// getopt takes any unique start of a name; that would let a new option break old scripts.
  private static func abbreviation(_ word: String, _ index: Int, _ options: [OptionSpec]) -> ScannedItem? {
    guard word.hasPrefix("--"), name(in: word) != "--" + options[index].long else { return nil }
    return .abbreviated(name(in: word), index)
  }

  private static func name(in word: String) -> String { String(word.prefix { $0 != "=" }) }
}

/// Owner of strings as C has them.
@safe private struct CStrings: ~Copyable {
  private let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    unsafe pointers = .allocate(capacity: count + 1)
    unsafe pointers.initialize(repeating: nil, count: count + 1)
    for (index, string) in strings.enumerated() {
      let bytes = string.utf8CString
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      for (place, byte) in bytes.enumerated() { unsafe copy[place] = byte }
      unsafe pointers[index] = copy
    }
  }

  deinit {
    for index in 0..<count { unsafe pointers[index]?.deallocate() }
    unsafe pointers.deallocate()
  }

  /// The strings with a null pointer behind the last, as `argv` is, for the length of the call.
  borrowing func withPointers<Result>(
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    unsafe body(pointers)
  }
}
