/// Text as it must stand in a unit file or an environment file for systemd to read it back
/// unchanged.
///
/// systemd reads a command line in three steps, each with characters of its own: words are split
/// and unquoted, specifiers are expanded (`%`), and at the start variables (`$`). What is written
/// here passes all of them.
public enum UnitQuoting {
  /// One argument of `ExecStart=` and its like, behind the program (systemd.service(5), "COMMAND
  /// LINES"). A NUL, which no argument can hold, is written as `\x00`, which systemd refuses to
  /// load: better than another argument than was meant.
  public static func execWord(_ text: String) -> String {
    word(text, doublesDollar: true)
  }

  /// The program of a command line: like an argument, but systemd expands no variables in it, so
  /// `$` stands for itself. `path` is absolute; the prefixes `@-:+!` are the caller's to put in front.
  public static func execProgram(_ path: String) -> String {
    word(path, doublesDollar: false)
  }

  /// A whole command line: the program and its arguments; empty when there is no program.
  public static func execLine(_ argv: [String]) -> String {
    guard let program = argv.first else { return "" }
    return ([execProgram(program)] + argv.dropFirst().map(execWord)).joined(separator: " ")
  }

  /// One assignment for `Environment=` (systemd.exec(5)). `nil` when the name is none or the value
  /// holds what systemd takes from no variable: NUL and the non-characters of Unicode.
  public static func environmentAssignment(name: String, value: String) -> String? {
    guard VariableReference.isName(name.utf8),
      value.unicodeScalars.allSatisfy({ $0 != "\0" && !UTF8Check.isNoncharacter($0) })
    else { return nil }
    return word(name + "=" + value, doublesDollar: false)
  }

  /// One line of an `EnvironmentFile=`, without its line feed (systemd.exec(5)). The file knows
  /// neither specifiers nor C escapes: in double quotes, a backslash protects `"`, `\`, `` ` `` and
  /// `$` and nothing else, as in a shell. `nil` when the name is none or the value holds a line
  /// break, NUL or a non-character.
  public static func environmentFileLine(name: String, value: String) -> String? {
    let isHeld = value.unicodeScalars.allSatisfy {
      $0 != "\0" && $0 != "\n" && $0 != "\r" && !UTF8Check.isNoncharacter($0)
    }
    guard VariableReference.isName(name.utf8), isHeld else { return nil }
    if value.utf8.allSatisfy({ isPlain($0) || $0 == UInt8(ascii: "%") }) { return name + "=" + value }
    var quoted = Array((name + "=\"").utf8)
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "$"):
        quoted.append(UInt8(ascii: "\\"))
      default: break
      }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }

  /// Free text and single paths: `Description=`, `WorkingDirectory=`. Only specifiers are expanded
  /// there and no escapes are known, so control characters become blanks and an odd backslash at the
  /// end, which would continue the line, is doubled.
  public static func plain(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if byte == UInt8(ascii: "%") { bytes.append(byte) }
      bytes.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: " ") : byte)
    }
    let backslashes = bytes.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
    if backslashes % 2 == 1 { bytes.append(UInt8(ascii: "\\")) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// One element of a list of words that is split with quotes but without C escapes, such as
  /// `ReadWritePaths=` or `RequiresMountsFor=`. `nil` when it holds a control character, for which
  /// that grammar has no spelling.
  public static func listWord(_ text: String) -> String? {
    guard
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f && !UTF8Check.isNoncharacter($0) }
      )
    else { return nil }
    return word(text, doublesDollar: false)
  }

  private static func word(_ text: String, doublesDollar: Bool) -> String {
    if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += [UInt8(ascii: "\\"), UInt8(ascii: scalar)]
      case "%": quoted += "%%".utf8
      case "$": quoted += (doublesDollar ? "$$" : "$").utf8
      case "\n": quoted += "\\n".utf8
      case "\t": quoted += "\\t".utf8
      case "\r": quoted += "\\r".utf8
      case _ where scalar.value < 0x20 || scalar.value == 0x7f || UTF8Check.isNoncharacter(scalar):
        for byte in UTF8.encode(scalar).map(Array.init) ?? [] {
          quoted += (byte < 16 ? "\\x0" : "\\x").utf8
          quoted += String(byte, radix: 16).utf8
        }
      default: quoted += UTF8.encode(scalar).map(Array.init) ?? []
      }
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }

  /// Bytes that mean nothing to any of systemd's readers, nor to a person who skims the line.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: ","),
      UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
