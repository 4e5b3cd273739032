/// Values as systemd reads them.
public enum ValueReading {
  /// A boolean (systemd.syntax(7)); `nil` when it is none.
  public static func boolean(_ text: String) -> Bool? {
    guard text.utf8.count <= 5 else { return nil }
    switch text.lowercased() {
    case "1", "yes", "y", "true", "t", "on": return true
    case "0", "no", "n", "false", "f", "off": return false
    default: return nil
    }
  }

  /// A time span in seconds (systemd.time(7), "PARSING TIME SPANS"): `90`, `1min 30s`, `1.5h`,
  /// `infinity`. A number without a unit counts `unit` seconds. `nil` when it is none.
  public static func seconds(_ text: String, unit: Double = 1) -> Double? {
    var rest = Substring(text).utf8[...]
    skipBlanks(&rest)
    if rest.elementsEqual("infinity".utf8) { return .infinity }
    var total = 0.0
    var count = 0
    while !rest.isEmpty {
      guard let value = number(&rest) else { return nil }
      skipBlanks(&rest)
      let name = rest.prefix { !isBlank($0) && !isDigit($0) && $0 != UInt8(ascii: ".") }
      rest = rest[name.endIndex...]
      guard let factor = name.isEmpty ? unit : factor(of: String(decoding: name, as: UTF8.self)) else {
        return nil
      }
      total += value * factor
      count += 1
      skipBlanks(&rest)
    }
    // Microseconds in 64 bits, as systemd counts them.
    return count > 0 && total < 1.8e13 ? total : nil
  }

  /// Digits with a fraction perhaps; a point needs digits behind it but none in front.
  private static func number(_ rest: inout Substring.UTF8View.SubSequence) -> Double? {
    if rest.first == UInt8(ascii: "+"), rest.dropFirst().first.map(isDigit) == true {
      rest = rest.dropFirst()
    }
    let whole = rest.prefix(while: isDigit)
    rest = rest[whole.endIndex...]
    guard rest.first == UInt8(ascii: ".") else {
      return whole.isEmpty || whole.count > 19 ? nil : Double(String(decoding: whole, as: UTF8.self))
    }
    let fraction = rest.dropFirst().prefix(while: isDigit)
    guard !fraction.isEmpty, whole.count <= 19 else { return nil }
    rest = rest[fraction.endIndex...]
    // A second point is no start of the next number.
    guard rest.first != UInt8(ascii: ".") else { return nil }
    return Double(
      "0" + String(decoding: whole, as: UTF8.self) + "." + String(decoding: fraction, as: UTF8.self))
  }

  private static func factor(of name: String) -> Double? {
    switch name {
    case "seconds", "second", "sec", "s": 1
    case "minutes", "minute", "min", "m": 60
    case "months", "month", "M": 2_629_800
    case "msec", "ms": 1e-3
    case "hours", "hour", "hr", "h": 3600
    case "days", "day", "d": 86_400
    case "weeks", "week", "w": 604_800
    case "years", "year", "y": 31_557_600
    case "usec", "us", "µs", "μs": 1e-6
    default: nil
    }
  }

  private static func skipBlanks(_ rest: inout Substring.UTF8View.SubSequence) {
    rest = rest.drop(while: isBlank)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
