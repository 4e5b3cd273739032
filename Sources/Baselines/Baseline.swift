public import DiagnosticRendering
public import Diagnostics
internal import JSONText

/// Findings that are known and left for later: the file that `--baseline` reads and `--write-baseline` writes.
///
/// Lines may move and files may grow, an entry stays the same: it names the file, the code and the finding's
/// fingerprint. A finding that is mended leaves an entry that is not used any more, which is told.
public struct Baseline: Sendable {
  /// A known finding.
  public struct Entry: Hashable, Comparable, Sendable {
    /// The file, relative to the folder of the baseline; empty for findings without a place.
    public let file: String
    /// The rule's code.
    public let code: Code
    /// See `Fingerprints`.
    public let fingerprint: String

    /// Makes an entry.
    public init(file: String, code: Code, fingerprint: String) {
      self.file = file
      self.code = code
      self.fingerprint = fingerprint
    }

    public static func < (left: Entry, right: Entry) -> Bool {
      (left.file, left.code, left.fingerprint) < (right.file, right.code, right.fingerprint)
    }
  }

  /// In order, each with its place in the baseline's file, if it was read from one.
  private let entries: [(entry: Entry, span: Span?)]

  /// Largest baseline in bytes: some 60,000 findings.
  public static let maximumBytes = 16 << 20

  /// Takes every finding of a report.
  ///
  /// - Parameters:
  ///   - report: What is known from now on.
  ///   - sources: The texts that findings point into.
  ///   - name: What a file is called relative to the baseline's folder.
  public init(_ report: Report, sources: SourceMap, name: (SourceID) -> String) {
    var fingerprints = Fingerprints(sources)
    entries = report.sorted.map { finding in
      (
        Entry(
          file: finding.span.map { name($0.source) } ?? "", code: finding.code,
          fingerprint: fingerprints.next(finding)), nil
      )
    }.sorted { $0.entry < $1.entry }
  }

  /// Reads a baseline's file: strictly, for an entry that is not understood would hide nothing, or too much.
  public static func read(_ bytes: [UInt8], source: SourceID) -> Checked<Baseline> {
    do throws(JSONError) {
      let document = try JSONReader.parse(bytes, limits: JSONLimits(bytes: maximumBytes, depth: 4))
      guard document["version"]?.number == 1, let list = document["findings"]?.elements,
        document.members?.count == 2
      else { return Checked(nil, Report(malformed("this is no baseline of version 1", at: 0, source))) }
      let places = spans(of: bytes, source)
      var entries: [(entry: Entry, span: Span?)] = []
      for (index, value) in list.enumerated() {
        let place = places.count == list.count ? places[index] : nil
        guard value.members?.count == 3, let file = value["file"]?.text,
          let code = value["code"]?.text.flatMap(Code.init(parsing:)),
          let fingerprint = value["fingerprint"]?.text
        else {
          let finding = malformed(
            "finding \(index + 1) of the baseline needs file, code and fingerprint, and nothing else",
            at: place.map { Int($0.start) } ?? 0, source)
          return Checked(nil, Report(finding))
        }
        entries.append((Entry(file: file, code: code, fingerprint: fingerprint), place))
      }
      return Checked(Baseline(entries))
    } catch {
      return Checked(nil, Report(malformed(error.message, at: error.offset, source)))
    }
  }

  private init(_ entries: [(entry: Entry, span: Span?)]) {
    self.entries = entries
  }

  /// The file's text.
  public var bytes: [UInt8] {
    JSONValue.object([
      "version": .integer(1),
      "findings": .array(
        entries.map { item in
          .object([
            "file": .string(item.entry.file), "code": .string(item.entry.code.description),
            "fingerprint": .string(item.entry.fingerprint),
          ])
        }),
    ]).pretty
  }

  /// How many findings it has.
  public var count: Int { entries.count }

  /// Takes known findings out of a report, and adds a note for each entry that knows none.
  ///
  /// - Parameters:
  ///   - report: What was found.
  ///   - sources: The texts that findings point into.
  ///   - name: What a file is called relative to the baseline's folder.
  ///   - isExpected: Whether a file and rule were looked at: entries for others are no concern of this run.
  public func applied(
    to report: Report, sources: SourceMap, name: (SourceID) -> String,
    isExpected: (_ file: String, _ code: Code) -> Bool
  ) -> Report {
    var left: [Entry: Int] = [:]
    for item in entries { left[item.entry, default: 0] += 1 }
    var kept = Report()
    var fingerprints = Fingerprints(sources)
    for finding in report.sorted {
      let entry = Entry(
        file: finding.span.map { name($0.source) } ?? "", code: finding.code,
        fingerprint: fingerprints.next(finding))
      if let count = left[entry], count > 0 { left[entry] = count - 1 } else { kept.add(finding) }
    }
    for item in entries where left[item.entry] ?? 0 > 0 {
      left[item.entry] = (left[item.entry] ?? 0) - 1
      guard isExpected(item.entry.file, item.entry.code) else { continue }
      let file = item.entry.file.isEmpty ? "" : " in \(item.entry.file)"
      kept.add(
        Diagnostic(
          BaselineRules.unused, "\(item.entry.code) is mended\(file); the baseline still has it",
          at: item.span, help: "write the baseline anew with --write-baseline"))
    }
    return kept
  }

  /// Where the entries' fingerprints stand, in order: whatever the JSON's form, the key comes once for each.
  private static func spans(of bytes: [UInt8], _ source: SourceID) -> [Span] {
    let key = Array("\"fingerprint\"".utf8)
    var spans: [Span] = []
    var index = 0
    while index + key.count <= bytes.count {
      if bytes[index] == key[0], bytes[index..<(index + key.count)].elementsEqual(key) {
        spans.append(Span(source: source, start: index, end: index + key.count))
        index += key.count
      } else {
        index += 1
      }
    }
    return spans
  }

  private static func malformed(_ message: String, at offset: Int, _ source: SourceID) -> Diagnostic {
    Diagnostic(
      BaselineRules.malformed, message, at: Span(source: source, start: offset, end: offset),
      help: "write the baseline anew with --write-baseline")
  }
}
