internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// Taking typed values out of a tree that was held against its schema.
///
/// Nothing is reported here: a text that its grammar refused was reported by the validation, and is
/// as good as absent.
extension YAMLNode {
  var origin: Origin { .profile(span) }

  /// The value of this scalar.
  func sourced<Value>(_ make: (String) -> Value?) -> Sourced<Value>? {
    guard let text = scalarText, let value = make(text) else { return nil }
    return Sourced(value, origin)
  }

  /// The value of a key.
  func sourced<Value>(_ key: String, _ make: (String) -> Value?) -> Sourced<Value>? {
    self[key]?.sourced(make)
  }

  /// The value of a key, or a named default.
  func sourced<Value>(_ key: String, _ make: (String) -> Value?, default value: Value, named name: String)
    -> Sourced<Value>
  {
    sourced(key, make) ?? Sourced(value, .standard(name))
  }

  /// The values of a list under a key.
  func list<Value>(_ key: String, _ make: (String) -> Value?) -> [Sourced<Value>] {
    (self[key]?.elements ?? []).compactMap { $0.sourced(make) }
  }

  /// The text of a key.
  func text(_ key: String) -> Sourced<String>? { sourced(key) { $0 } }

  /// The number of a key.
  func integer(_ key: String) -> Sourced<Int>? { sourced(key, Grammar.decimal) }

  /// The truth of a key, or a named default.
  func boolean(_ key: String, default value: Bool, named name: String) -> Sourced<Bool> {
    sourced(key, { $0 == "true" ? true : $0 == "false" ? false : nil }, default: value, named: name)
  }

  /// The entries of a mapping under a key, each with its name and where that stands.
  func named(_ key: String) -> [(name: Sourced<Name>, node: YAMLNode)] {
    (self[key]?.entries ?? []).compactMap { entry in
      Name(entry.key).map { (Sourced($0, .profile(entry.keySpan)), entry.value) }
    }
  }
}

extension YAMLEntry {
  var origin: Origin { .profile(keySpan) }
}
