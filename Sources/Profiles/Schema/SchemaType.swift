/// The grammar of a scalar: what a text must look like, in words and for the JSON Schema.
struct ScalarType: Sendable {
  /// How editors see it.
  enum JSONType: String, Sendable {
    case string, integer, boolean
  }

  /// What is expected, for messages: "a size such as 512MiB".
  let expected: String
  /// How editors see it.
  let jsonType: JSONType
  /// An ECMA-262 pattern for editors; the check itself is `accepts`.
  let pattern: String?
  /// The words there are, where they are few.
  let choices: [String]
  /// Bounds of integers.
  let range: ClosedRange<Int>?
  /// Whether it names a thing, so that a list has no use for it twice.
  let isUnique: Bool
  /// Whether the text follows the grammar.
  let accepts: @Sendable (String) -> Bool

  init(
    _ expected: String, _ jsonType: JSONType = .string, pattern: String? = nil,
    choices: [String] = [], range: ClosedRange<Int>? = nil, isUnique: Bool = false,
    accepts: @escaping @Sendable (String) -> Bool
  ) {
    self.expected = expected
    self.jsonType = jsonType
    self.pattern = pattern
    self.choices = choices
    self.range = range
    self.isUnique = isUnique
    self.accepts = accepts
  }
}

/// What may stand at a place in a profile. The decoder's checks, `imagegen schema` and the list of
/// known keys in messages all come from this one table.
indirect enum SchemaType: Sendable {
  /// One value.
  case scalar(ScalarType)
  /// One value, or a reference to one: `{port: raft}`.
  case value(ScalarType)
  /// Any scalar, list, mapping or reference: the content of a configuration file.
  case content
  /// Several of a kind; `maximum` where there is no use for more.
  case list(SchemaType, minimum: Int, maximum: Int? = nil)
  /// Keys of a kind.
  case map(key: ScalarType, value: SchemaType)
  /// Known keys.
  case object(ObjectSchema)
  /// A mapping whose kind shows by which of some keys is there.
  case variants([ObjectSchema])
  /// A short form or a long one.
  case either(SchemaType, SchemaType)
}

/// Known keys of a mapping.
struct ObjectSchema: Sendable {
  /// What the mapping describes, for messages: "a port".
  let title: String
  /// In the order people should write them; for variants the first is the one that tells.
  let fields: [Field]

  init(_ title: String, _ fields: [Field]) {
    self.title = title
    self.fields = fields
  }

  func field(_ key: String) -> Field? { fields.first { $0.key == key } }
}

/// A known key.
struct Field: Sendable {
  let key: String
  let type: SchemaType
  /// Whether it must be there once everything is composed.
  let isRequired: Bool
  /// Whether `key+` and `key-` have something to add to.
  let isAdded: Bool
  /// One sentence for editors.
  let summary: String

  init(_ key: String, _ type: SchemaType, required: Bool = false, added: Bool = true, _ summary: String) {
    self.key = key
    self.type = type
    isRequired = required
    isAdded = added
    self.summary = summary
  }
}

/// The kinds of file there are in a fleet's folder.
public enum DocumentKind: String, CaseIterable, Sendable {
  case fleet, service, role, node

  /// The schema of the whole file.
  var schema: ObjectSchema {
    switch self {
    case .fleet: FleetSchema.document
    case .service: ServiceSchema.document
    case .role: NodeSchema.role
    case .node: NodeSchema.node
    }
  }

  /// The folder the files are in; `nil` for the one that is `fleet.yaml`.
  var folder: String? {
    self == .fleet ? nil : rawValue + "s"
  }

  /// Whether values are composed with others, so that `key+`, `key-` and null mean something.
  var isComposed: Bool { self == .role || self == .node || self == .fleet }
}

extension SchemaType {
  /// Whether a list of these has no use for one twice.
  var isUnique: Bool {
    if case .scalar(let scalar) = self { scalar.isUnique } else { false }
  }
}
