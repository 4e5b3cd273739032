import CLibYAML

/// One step of libyaml through a document. Marks are in characters, as libyaml counts them.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd
    case documentStart(hasDirectives: Bool), documentEnd
    case alias
    case scalar(String, isPlain: Bool)
    case sequenceStart, mappingStart
    case collectionEnd
  }

  let kind: Kind
  /// Index of the first character; of the anchor or tag where there is one.
  let start: Int
  /// Index behind the last character.
  let end: Int
  let hasAnchor: Bool
  let hasTag: Bool
}

/// Why libyaml stopped. Indices are in characters.
struct YAMLFailure: Error {
  let problem: String
  let context: String
  let index: Int
  let contextIndex: Int
}

/// Owner of a `yaml_parser_t` and of the bytes it reads; the only code that calls libyaml.
///
/// The parser lives on the heap because libyaml keeps a pointer to it inside itself.
@safe struct YAMLEventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// Takes a copy of `bytes`; fails when memory is out.
  init(_ bytes: [UInt8]) throws(YAMLFailure) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      throw YAMLFailure(problem: "out of memory", context: "", index: 0, contextIndex: 0)
    }
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
    unsafe _ = input.initialize(from: bytes)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    unsafe self.parser = parser
    unsafe self.input = input
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event. Not to be called after `streamEnd` or a failure.
  mutating func next() throws(YAMLFailure) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { unsafe yaml_event_delete(&event) }
    let properties = unsafe Self.properties(of: event)
    return YAMLEvent(
      kind: unsafe Self.kind(of: event), start: unsafe event.start_mark.index,
      end: unsafe event.end_mark.index, hasAnchor: properties.anchor, hasTag: properties.tag)
  }

  private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT:
      let start = unsafe event.data.document_start
      let hasTags = unsafe start.tag_directives.start != start.tag_directives.end
      return .documentStart(hasDirectives: unsafe start.version_directive != nil || hasTags)
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let text = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        unsafe String(decoding: text, as: UTF8.self),
        isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT: return .sequenceStart
    case YAML_MAPPING_START_EVENT: return .mappingStart
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd
    default: return .streamEnd
    }
  }

  private static func properties(of event: yaml_event_t) -> (anchor: Bool, tag: Bool) {
    switch unsafe event.type {
    case YAML_SCALAR_EVENT:
      unsafe (event.data.scalar.anchor != nil, event.data.scalar.tag != nil)
    case YAML_SEQUENCE_START_EVENT:
      unsafe (event.data.sequence_start.anchor != nil, event.data.sequence_start.tag != nil)
    case YAML_MAPPING_START_EVENT:
      unsafe (event.data.mapping_start.anchor != nil, event.data.mapping_start.tag != nil)
    default: (false, false)
    }
  }

  private func failure() -> YAMLFailure {
    let state = unsafe parser.pointee
    return YAMLFailure(
      problem: unsafe state.problem.map { unsafe String(cString: $0) } ?? "out of memory",
      context: unsafe state.context.map { unsafe String(cString: $0) } ?? "",
      index: unsafe state.problem_mark.index, contextIndex: unsafe state.context_mark.index)
  }
}
