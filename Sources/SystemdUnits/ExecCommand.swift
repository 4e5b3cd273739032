/// One command of an `Exec…=` directive (systemd.service(5), "COMMAND LINES").
public struct ExecCommand: Hashable, Sendable {
  /// The characters in front of the program: `-`, `@`, `:`, `+`, `!`.
  public let prefixes: String
  /// The program, unquoted, without its prefixes.
  public let program: String
  /// The program's bytes in the value.
  public let programRange: Range<Int>
  /// What follows it; the name to run under is the first of them when there is an `@`.
  public let arguments: [UnitWords.Word]

  /// Whether a failure of the command counts as success.
  public var ignoresFailure: Bool { prefixes.utf8.contains(UInt8(ascii: "-")) }
  /// Whether `$` stands for itself.
  public var expandsNoVariables: Bool { prefixes.utf8.contains(UInt8(ascii: ":")) }

  /// The commands of a value, which `;` separates, and what is wrong with its words.
  public static func parse(_ value: String) -> (commands: [ExecCommand], problems: [UnitWords.Problem]) {
    let (words, problems) = UnitWords.split(value, .command)
    var commands: [ExecCommand] = []
    for group in words.split(whereSeparator: { $0.text == ";" && !$0.isQuoted }) {
      guard let first = group.first else { continue }
      let marks = first.text.utf8.prefix(while: isPrefix)
      commands.append(
        ExecCommand(
          prefixes: String(decoding: marks, as: UTF8.self),
          program: String(decoding: first.text.utf8.dropFirst(marks.count), as: UTF8.self),
          programRange: first.range, arguments: Array(group.dropFirst())))
    }
    return (commands, problems)
  }

  private static func isPrefix(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: "!"): true
    default: false
    }
  }
}

/// A variable that a command line names, as `systemd` expands it at the start of the program.
public struct VariableReference: Hashable, Sendable {
  /// The variable's name.
  public let name: String
  /// `${NAME}`, which gives one word; otherwise `$NAME` alone, which is split at blanks.
  public let isBraced: Bool

  /// Makes a reference.
  public init(name: String, isBraced: Bool) {
    self.name = name
    self.isBraced = isBraced
  }

  /// The variables that an argument, already unquoted, names. `$NAME` counts only as a whole word,
  /// `$$` is a dollar sign (systemd.service(5)).
  public static func all(in word: String) -> [VariableReference] {
    let bytes = Array(word.utf8)
    guard bytes.contains(UInt8(ascii: "$")) else { return [] }
    if bytes.first == UInt8(ascii: "$"), bytes.count > 1, bytes[1] != UInt8(ascii: "{"),
      bytes[1] != UInt8(ascii: "$")
    {
      let name = String(decoding: bytes[1...], as: UTF8.self)
      return isName(bytes[1...]) ? [.init(name: name, isBraced: false)] : []
    }
    var found: [VariableReference] = []
    var position = 0
    while position + 1 < bytes.count {
      guard bytes[position] == UInt8(ascii: "$") else {
        position += 1
        continue
      }
      if bytes[position + 1] == UInt8(ascii: "{"),
        let end = bytes[(position + 2)...].firstIndex(of: UInt8(ascii: "}"))
      {
        let name = bytes[(position + 2)..<end]
        if isName(name) { found.append(.init(name: String(decoding: name, as: UTF8.self), isBraced: true)) }
        position = end + 1
      } else {
        position += 2
      }
    }
    return found
  }

  /// Whether systemd takes the bytes for the name of a variable.
  public static func isName(_ bytes: some Collection<UInt8>) -> Bool {
    guard let first = bytes.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return bytes.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}
