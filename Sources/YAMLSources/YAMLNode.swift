public import Diagnostics

/// A value of a YAML document and where it stands.
public struct YAMLNode: Hashable, Sendable {
  /// What the value is. Scalars stay text: what type they are is the schema's business, so that
  /// `no`, `012` or `1.10` never change their meaning behind a person's back.
  public enum Content: Hashable, Sendable {
    /// A text; `isPlain` when it has no quotes and is no block scalar (`|`, `>`).
    case scalar(String, isPlain: Bool)
    /// A list.
    case sequence([YAMLNode])
    /// A mapping, in the order written; no key occurs twice.
    case mapping([YAMLEntry])
  }

  /// What the value is.
  public var content: Content
  /// From its first byte to behind its last: quotes and brackets belong to it, anchors, tags,
  /// comments and blank space around it do not. A value left out has an empty span behind its `:` or `-`.
  public var span: Span

  /// Makes a value.
  public init(content: Content, span: Span) {
    self.content = content
    self.span = span
  }

  /// Whether this is YAML's null: nothing at all, `null` or `~`, without quotes.
  public var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return text.isEmpty || text == "null" || text == "~"
  }
}

/// A key of a mapping and its value.
public struct YAMLEntry: Hashable, Sendable {
  /// The key, never empty.
  public var key: String
  /// Where the key stands, quotes included.
  public var keySpan: Span
  /// What the key is set to.
  public var value: YAMLNode

  /// Makes an entry.
  public init(key: String, keySpan: Span, value: YAMLNode) {
    self.key = key
    self.keySpan = keySpan
    self.value = value
  }
}

/// How much a document may ask of the reader. Profiles are far below; hostile input is not.
public struct YAMLLimits: Hashable, Sendable {
  /// Most bytes of a document.
  public var bytes: Int
  /// Most lists and mappings inside one another.
  public var depth: Int
  /// Most values, keys included.
  public var nodes: Int

  /// Makes limits.
  public init(bytes: Int, depth: Int, nodes: Int) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
  }

  /// 1 MiB, 32 levels, 100,000 values.
  public static let standard = YAMLLimits(bytes: 1 << 20, depth: 32, nodes: 100_000)

  /// YAML's own limit of an implicit key, in characters (YAML 1.2.2, 7.4.2); also held for others.
  static let keyLength = 1024
}
