/// A JSON document (RFC 8259). Nothing this tool trusts has fractions, and the reader takes none; what it
/// writes has thousandths for times in seconds.
///
/// Objects keep the order they were made in; `sorted` gives the canonical one.
public indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A fraction, by its thousandths: 2500 is written `2.5`, 0 `0.0`.
  case thousandths(Int)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A key and its value.
  public struct Member: Hashable, Sendable {
    /// The key.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// Makes a member.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// An object of the members that have a value, in this order.
  public static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { key, value in value.map { Member(key, $0) } })
  }

  /// An array of strings.
  public static func strings(_ texts: some Sequence<String>) -> JSONValue {
    .array(texts.map(JSONValue.string))
  }

  /// The value of a key; `nil` when this is no object or has no such key.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The text, if it is one.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number, if it is one.
  public var number: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The elements, if it is an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members, if it is an object.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The same with all objects' keys in order of their UTF-8 bytes.
  public var sorted: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map { $0.sorted })
    case .object(let members):
      .object(members.map { Member($0.key, $0.value.sorted) }.sorted { $0.key < $1.key })
    default: self
    }
  }
}
