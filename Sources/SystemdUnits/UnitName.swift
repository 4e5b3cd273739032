/// The eleven types of unit that systemd knows (systemd(1), "CONCEPTS").
public enum UnitType: String, CaseIterable, Hashable, Sendable {
  case service, socket, target, device, mount, automount, swap, timer, path, slice, scope

  /// Whether an alias may point to a unit of this type (systemd.unit(5): not mount, slice, swap,
  /// scope or device, whose names say what they are).
  public var mayHaveAliases: Bool {
    switch self {
    case .service, .socket, .target, .timer, .path: true
    case .device, .mount, .automount, .swap, .slice, .scope: false
    }
  }
}

/// A valid unit name: `prefix.type`, the template `prefix@.type` or its instance
/// `prefix@instance.type` (systemd.unit(5), "DESCRIPTION").
public struct UnitName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The longest name in bytes (`UNIT_NAME_MAX` less its NUL).
  public static let maximumLength = 255

  /// The whole name.
  public let description: String
  /// What follows the last dot.
  public let type: UnitType
  /// Offset of the first `@`, if there is one.
  private let at: Int?

  /// Checks and takes a name: at most 255 bytes, a known type behind the last dot, before it
  /// ASCII letters, digits and `:-_.\`, and a prefix before the first `@`; `nil` for any other text.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.count <= Self.maximumLength, let dot = bytes.lastIndex(of: UInt8(ascii: ".")),
      dot != bytes.startIndex, let type = UnitType(rawValue: String(text[bytes.index(after: dot)...]))
    else { return nil }
    var at: Int?
    var offset = 0
    for byte in bytes[..<dot] {
      if byte == UInt8(ascii: "@") {
        if at == nil { at = offset }
      } else if !UnitEscaping.isAllowed(byte) {
        return nil
      }
      offset += 1
    }
    if at == 0 { return nil }
    self.description = text
    self.type = type
    self.at = at
  }

  // The rest follows from the name.
  public static func == (left: Self, right: Self) -> Bool { left.description == right.description }

  public func hash(into hasher: inout Hasher) { hasher.combine(description) }

  /// Makes the name of a plain unit or, with an instance, of a template's instance. `instance` is
  /// escaped text; the empty one names the template itself. `nil` when the parts give no valid name.
  public init?(prefix: String, instance: String? = nil, type: UnitType) {
    self.init(prefix + (instance.map { "@" + $0 } ?? "") + "." + type.rawValue)
  }

  /// The unit that mounts or automounts `path`, or that swaps on it: `/srv/data` is
  /// `srv-data.mount`. `nil` when the path is relative, climbs with `..` or gives too long a name.
  public init?(path: String, type: UnitType) {
    guard let escaped = UnitEscaping.escape(path: path) else { return nil }
    self.init(escaped + "." + type.rawValue)
  }

  /// The text before the first `@`, or before the type.
  public var prefix: String {
    let end = at ?? (description.utf8.count - type.rawValue.utf8.count - 1)
    return String(decoding: description.utf8.prefix(end), as: UTF8.self)
  }

  /// The escaped text between `@` and the type; empty for a template, `nil` for a plain unit.
  public var instance: String? {
    guard let at else { return nil }
    let rest = description.utf8.dropFirst(at + 1).dropLast(type.rawValue.utf8.count + 1)
    return String(decoding: rest, as: UTF8.self)
  }

  /// Whether this is `prefix@.type`.
  public var isTemplate: Bool {
    at.map { $0 + 2 + type.rawValue.utf8.count == description.utf8.count } ?? false
  }

  /// Whether this is `prefix@instance.type`.
  public var isInstance: Bool { at != nil && !isTemplate }

  /// The template of an instance; `nil` for other names.
  public var template: UnitName? {
    isInstance ? UnitName(prefix: prefix, instance: "", type: type) : nil
  }

  /// The instance of a template for escaped text; `nil` for other names or text that does not fit.
  public func instantiated(_ instance: String) -> UnitName? {
    isTemplate && !instance.isEmpty ? UnitName(prefix: prefix, instance: instance, type: type) : nil
  }

  /// The name without its type, which is what `%N` expands to before unescaping.
  public var withoutType: String {
    String(decoding: description.utf8.dropLast(type.rawValue.utf8.count + 1), as: UTF8.self)
  }

  public static func < (left: UnitName, right: UnitName) -> Bool {
    left.description < right.description
  }
}
