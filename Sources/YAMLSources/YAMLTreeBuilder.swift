import Diagnostics

/// Builds the tree from events, without recursion, and reports what is refused.
struct YAMLTreeBuilder {
  /// A list or mapping that is still open.
  private struct Frame {
    let start: Int
    let isFlow: Bool
    let isMapping: Bool
    var items: [YAMLNode] = []
    var entries: [YAMLEntry] = []
    var firstPlaces: [String: Span] = [:]
    var key: Key?
    /// Behind the last byte of the last child.
    var end: Int
  }

  /// A key that waits for its value; `text` is `nil` when the entry was refused.
  private struct Key {
    let text: String?
    let span: Span
  }

  private let text: YAMLSourceBytes
  private let limits: YAMLLimits
  private var frames: [Frame] = []
  private var root: YAMLNode?
  private var report = Report()
  private var nodes = 0
  private var hasDocument = false
  /// Whether what was built is not what was meant.
  private var isMisleading = false
  /// Whether the stream has ended or reading cannot go on.
  private(set) var isDone = false

  init(text: YAMLSourceBytes, limits: YAMLLimits) {
    self.text = text
    self.limits = limits
  }

  /// Whether another event should be taken.
  var wantsMore: Bool { !isDone }

  /// The tree, if it is whole, and the findings.
  var result: Checked<YAMLNode> { Checked(isMisleading ? nil : root, report) }

  /// Takes the next event.
  mutating func take(_ event: YAMLEvent) {
    let start = text.offsets.offset(of: event.start)
    let end = text.offsets.offset(of: event.end)
    switch event.kind {
    case .streamStart, .documentEnd: break
    case .streamEnd: finish()
    case .documentStart(let hasDirectives): startDocument(hasDirectives: hasDirectives, at: start, end)
    case .alias: takeAlias(start, end)
    case .scalar(let value, let isPlain): takeScalar(value, isPlain: isPlain, event, start, end)
    case .sequenceStart: open(isMapping: false, event, start, end)
    case .mappingStart: open(isMapping: true, event, start, end)
    case .collectionEnd: close(at: end)
    }
  }

  /// Ends the reading with a syntax error.
  mutating func fail(_ failure: YAMLFailure) {
    stop(YAMLSyntaxError.diagnostic(of: failure, in: text))
  }

  private mutating func stop(_ diagnostic: Diagnostic) {
    report.add(diagnostic)
    isMisleading = true
    isDone = true
  }

  // MARK: Documents

  private mutating func startDocument(hasDirectives: Bool, at start: Int, _ end: Int) {
    guard !hasDocument else {
      return stop(
        YAMLRules.severalDocuments(at: start < end ? text.span(start, end) : text.character(at: start)))
    }
    hasDocument = true
    guard hasDirectives else { return }
    var lineEnd = start
    while lineEnd < end, text.bytes[lineEnd] != UInt8(ascii: "\n") { lineEnd += 1 }
    report.add(YAMLRules.directive(at: text.span(start, text.trimmed(lineEnd, from: start))))
  }

  private mutating func finish() {
    isDone = true
    if let root, root.content != .scalar("", isPlain: true) { return }
    stop(YAMLRules.emptyDocument(at: text.span(0, 0)))
  }

  // MARK: Scalars

  private mutating func takeAlias(_ start: Int, _ end: Int) {
    guard count(at: start) else { return }
    report.add(YAMLRules.alias(at: text.span(start, end)))
    isMisleading = true
    if let last = frames.indices.last, frames[last].isMapping, frames[last].key == nil {
      frames[last].key = Key(text: nil, span: text.span(start, end))
    } else {
      add(YAMLNode(content: .scalar("", isPlain: true), span: text.span(start, end)))
    }
  }

  private mutating func takeScalar(
    _ value: String, isPlain: Bool, _ event: YAMLEvent, _ start: Int, _ end: Int
  ) {
    guard count(at: start) else { return }
    let inner = refuseProperties(of: event, start, end)
    // Only block scalars end in blanks: libyaml takes the empty lines behind them as theirs.
    let span = text.span(inner, text.trimmed(end, from: inner))
    if value.utf8.contains(0) { report.add(YAMLRules.nulEscape(at: span)) }
    add(YAMLNode(content: .scalar(value, isPlain: isPlain), span: span))
  }

  /// Reports anchor and tag; returns where the value behind them starts.
  private mutating func refuseProperties(of event: YAMLEvent, _ start: Int, _ end: Int) -> Int {
    var offset = start
    var mayBeAnchor = event.hasAnchor
    var mayBeTag = true
    while offset < text.bytes.count {
      let isAnchor = text.bytes[offset] == UInt8(ascii: "&") && mayBeAnchor
      // The tag `!` alone leaves no trace in the event, only in its range; no value starts so.
      let isTag = text.bytes[offset] == UInt8(ascii: "!") && mayBeTag && (event.hasTag || offset < end)
      guard isAnchor || isTag else { break }
      let span = text.span(offset, text.propertyEnd(from: offset, to: text.bytes.count))
      report.add(isAnchor ? YAMLRules.anchor(at: span) : YAMLRules.tag(at: span))
      if isAnchor { mayBeAnchor = false } else { mayBeTag = false }
      offset = text.skipBlank(from: Int(span.end), to: max(Int(span.end), end))
    }
    return offset
  }

  // MARK: Collections

  private mutating func open(isMapping: Bool, _ event: YAMLEvent, _ start: Int, _ end: Int) {
    guard count(at: start) else { return }
    guard frames.count < limits.depth else {
      return stop(YAMLRules.tooDeep(limits.depth, at: text.character(at: start)))
    }
    let inner = refuseProperties(of: event, start, end)
    let opening = isMapping ? UInt8(ascii: "{") : UInt8(ascii: "[")
    let isFlow = inner < end && text.bytes[inner] == opening
    frames.append(Frame(start: inner, isFlow: isFlow, isMapping: isMapping, end: isFlow ? end : inner))
  }

  private mutating func close(at eventEnd: Int) {
    guard let frame = frames.popLast() else { return }
    // A block collection's end event stands at the next token, far below its own text.
    let end = frame.isFlow ? eventEnd : frame.end
    let content = frame.isMapping ? YAMLNode.Content.mapping(frame.entries) : .sequence(frame.items)
    add(YAMLNode(content: content, span: text.span(frame.start, end)))
  }

  /// Puts a whole value where it belongs: the root, a list's item, a mapping's key or value.
  private mutating func add(_ node: YAMLNode) {
    guard let last = frames.indices.last else {
      root = node
      return
    }
    guard frames[last].isMapping else {
      frames[last].items.append(node)
      frames[last].end = max(frames[last].end, Int(node.span.end))
      return
    }
    guard let key = frames[last].key else {
      takeKey(node)
      frames[last].end = max(frames[last].end, Int(node.span.end))
      return
    }
    frames[last].key = nil
    let value = placed(node, behind: key.span)
    frames[last].end = max(frames[last].end, Int(value.span.end))
    guard let name = key.text else { return }
    if let first = frames[last].firstPlaces[name] {
      report.add(YAMLRules.duplicateKey(name, at: key.span, first: first))
    } else {
      frames[last].firstPlaces[name] = key.span
      frames[last].entries.append(YAMLEntry(key: name, keySpan: key.span, value: value))
    }
  }

  /// A value left out: libyaml may put it as far as the next token; its place is behind the `:`, or
  /// behind the key where even that is missing.
  private func placed(_ node: YAMLNode, behind key: Span) -> YAMLNode {
    guard node.span.start == node.span.end else { return node }
    let next = text.skipBlank(from: Int(key.end), to: Int(node.span.start))
    let hasColon = next < text.bytes.count && text.bytes[next] == UInt8(ascii: ":")
    let place = hasColon ? next + 1 : Int(key.end)
    return YAMLNode(content: node.content, span: text.span(place, place))
  }

  private mutating func takeKey(_ node: YAMLNode) {
    guard let last = frames.indices.last else { return }
    var accepted: String?
    if case .scalar(let name, let isPlain) = node.content {
      if name.isEmpty {
        report.add(YAMLRules.emptyKey(at: text.character(at: Int(node.span.start))))
      } else if name.unicodeScalars.count > YAMLLimits.keyLength {
        report.add(YAMLRules.keyTooLong(at: node.span))
      } else if isPlain, name == "<<" {
        report.add(YAMLRules.mergeKey(at: node.span))
        isMisleading = true
      } else {
        accepted = name
      }
    } else if !hasStructuredKey(within: node.span) {
      report.add(YAMLRules.structuredKey(at: node.span))
    }
    frames[last].key = Key(text: accepted, span: node.span)
  }

  /// `{{ name }}` is a key within a key, and one mistake.
  private func hasStructuredKey(within span: Span) -> Bool {
    guard let last = report.diagnostics.last, let inner = last.span else { return false }
    return last.code == YAMLRules.structuredKey.code && span.start <= inner.start && inner.end <= span.end
  }

  private mutating func count(at offset: Int) -> Bool {
    nodes += 1
    guard nodes > limits.nodes else { return true }
    stop(YAMLRules.tooManyNodes(limits.nodes, at: text.character(at: offset)))
    return false
  }
}
