public import Diagnostics
public import FleetModel

/// A Nix expression: as much of the language as is written, nothing of it as text.
///
/// Strings are never glued together: a user's value is a `literal` and is escaped when printed, so
/// that no profile can leave the string it is in.
public indirect enum NixExpression: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// `"…${…}…"`.
  case string([NixStringPart])
  /// `./nodes/${name}/configuration.nix`: a path literal; its text has no other characters than
  /// letters, digits and `/._-+`.
  case path([NixStringPart])
  /// A variable.
  case name(String)
  /// `[ … ]`.
  case list([NixExpression])
  /// `{ … }`.
  case set(NixSet)
  /// `set.a.b`, with `or fallback` where there is one.
  case select(NixExpression, [NixKey], fallback: NixExpression?)
  /// `f a b`.
  case apply(NixExpression, [NixExpression])
  /// `pattern: body`.
  case function(NixPattern, NixExpression)
  /// `let … in body`.
  case local(NixSet, NixExpression)
  /// `left // right`.
  case update(NixExpression, NixExpression)
  /// `left ++ right`.
  case concatenation(NixExpression, NixExpression)

  /// A string without interpolation.
  public static func literal(_ text: String) -> NixExpression { .string([.literal(text)]) }

  /// A list of strings.
  public static func literals(_ texts: some Sequence<String>) -> NixExpression {
    .list(texts.map(NixExpression.literal))
  }

  /// `lib.mkForce` and the like: a variable and the attributes behind it.
  public static func reference(_ variable: String, _ path: String...) -> NixExpression {
    path.isEmpty ? .name(variable) : .select(.name(variable), path.map(NixKey.literal), fallback: nil)
  }
}

/// A piece of a string or of a path.
public enum NixStringPart: Sendable {
  case literal(String)
  /// `${…}`.
  case interpolation(NixExpression)
}

/// A part of an attribute path.
public enum NixKey: Sendable {
  /// Quoted when it is no identifier.
  case literal(String)
  /// `${…}`; not where attributes are defined.
  case interpolation(NixExpression)
}

/// What a function takes.
public enum NixPattern: Sendable {
  /// `name:`.
  case variable(String)
  /// `{ a, b, ... }@name:`; `isOpen` writes the dots.
  case attributes([String], isOpen: Bool, as: String? = nil)
}

/// Attributes in the order they are written. Each knows why it is there.
public struct NixSet: Sendable {
  /// `a.b = value;` or `inherit a b;`.
  public struct Binding: Sendable {
    /// What is bound.
    public enum Content: Sendable {
      case value(path: [String], NixExpression)
      /// `inherit (source) a b;` where there is a source.
      case inherit([String], from: NixExpression?)
    }

    /// What is bound.
    public var content: Content
    /// Why.
    public var origin: Origin
    /// Whether an empty line is written before it.
    public var startsGroup: Bool
  }

  /// In the order written.
  public private(set) var bindings: [Binding] = []

  /// Makes an empty set.
  public init() {}

  /// Whether nothing is in it.
  public var isEmpty: Bool { bindings.isEmpty }

  /// Adds `key = value;`.
  public mutating func add(
    _ key: String, to value: NixExpression, _ origin: Origin, startsGroup: Bool = false
  ) {
    add([key], to: value, origin, startsGroup: startsGroup)
  }

  /// Adds `a.b = value;`.
  public mutating func add(
    _ path: [String], to value: NixExpression, _ origin: Origin, startsGroup: Bool = false
  ) {
    bindings.append(
      Binding(content: .value(path: path, value), origin: origin, startsGroup: startsGroup))
  }

  /// Adds `key = "text";`.
  public mutating func add(_ key: String, _ text: Sourced<String>) {
    add(key, to: .literal(text.value), text.origin)
  }

  /// Adds a set where it holds anything; the origin of its first attribute is its own.
  public mutating func add(_ path: String..., set: NixSet, startsGroup: Bool = false) {
    guard let first = set.bindings.first else { return }
    add(path, to: .set(set), first.origin, startsGroup: startsGroup)
  }

  /// Adds a list where it holds anything; the origin of its first element is its own.
  public mutating func add(_ path: String..., list: [Sourced<String>]) {
    guard let first = list.first else { return }
    add(path, to: .literals(list.map(\.value)), first.origin)
  }

  /// Adds `a.b = flag;`.
  public mutating func add(_ path: String..., flag: Bool, _ origin: Origin) {
    add(path, to: .boolean(flag), origin)
  }

  /// Adds `inherit names;`, from a set where one is given.
  public mutating func inherit(_ names: String..., from source: NixExpression? = nil, origin: Origin) {
    bindings.append(
      Binding(content: .inherit(names, from: source), origin: origin, startsGroup: false))
  }
}
