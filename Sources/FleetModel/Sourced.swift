public import Diagnostics

/// A value and the reason it is what it is.
@dynamicMemberLookup
public struct Sourced<Value> {
  /// The value.
  public var value: Value
  /// The profile line or the named default it came from.
  public var origin: Origin

  /// Makes a value with its origin.
  public init(_ value: Value, _ origin: Origin) {
    self.value = value
    self.origin = origin
  }

  /// The profile line, if a person wrote it.
  public var span: Span? { origin.span }

  /// Members of the value.
  public subscript<Member>(dynamicMember path: KeyPath<Value, Member>) -> Member {
    value[keyPath: path]
  }

  /// Another value for the same reason.
  public func map<Other>(_ transform: (Value) -> Other) -> Sourced<Other> {
    Sourced<Other>(transform(value), origin)
  }
}

extension Sourced: Equatable where Value: Equatable {}
extension Sourced: Hashable where Value: Hashable {}
extension Sourced: Sendable where Value: Sendable {}
