/// Escaping of arbitrary text for unit names, as `systemd-escape` does it (systemd.unit(5), "STRING
/// ESCAPING FOR INCLUSION IN UNIT NAMES").
public enum UnitEscaping {
  /// Whether a byte may stand in a unit name outside the `@`.
  static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"), UInt8(ascii: "\\"):
      true
    default: false
    }
  }

  /// The text as a part of a unit name: `/` becomes `-`; a leading dot, `-`, `\` and every other
  /// byte that names may not hold become `\xNN`.
  public static func escape(_ text: String) -> String {
    var escaped: [UInt8] = []
    for (index, byte) in text.utf8.enumerated() {
      if byte == UInt8(ascii: "/") {
        escaped.append(UInt8(ascii: "-"))
      } else if (byte == UInt8(ascii: ".") && index == 0) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "\\") || !isAllowed(byte)
      {
        escaped += hexadecimal(byte)
      } else {
        escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  /// An absolute path as the name of its mount unit without the type (`systemd-escape --path`):
  /// slashes at the ends and repeated ones do not count, `/` itself is `-`. `nil` for a relative
  /// path or one with a part `..`.
  public static func escape(path: String) -> String? {
    guard path.utf8.first == UInt8(ascii: "/") else { return nil }
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    guard !parts.contains(where: { $0.elementsEqual("..".utf8) }) else { return nil }
    if parts.isEmpty { return "-" }
    return escape(String(decoding: Array(parts.joined(separator: "/".utf8)), as: UTF8.self))
  }

  /// The bytes that an escaped text stands for; `nil` when an escape is malformed.
  public static func unescape(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "-") {
        bytes.append(UInt8(ascii: "/"))
      } else if byte == UInt8(ascii: "\\") {
        guard rest.popFirst() == UInt8(ascii: "x"), let high = rest.popFirst().flatMap(digit),
          let low = rest.popFirst().flatMap(digit)
        else { return nil }
        bytes.append(high << 4 | low)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
