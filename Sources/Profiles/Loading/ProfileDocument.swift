internal import Diagnostics
internal import Digests
internal import FleetModel
internal import HostFiles
internal import YAMLSources

/// One file of a fleet, read and held against the schema.
struct ProfileDocument {
  /// What is in it; `nil` when that cannot be said.
  var tree: YAMLNode?
  /// Whether every key and value is what it should be. What is made of a file that is not whole is not
  /// checked any further: most of what would be found there follows from what was found already.
  var isWhole: Bool
  /// The digest of its bytes; `nil` when they cannot be read.
  var digest: SHA256Digest?
  var report: Report

  /// Reads a file, parses it and holds it against its schema; a file is named like what it declares.
  static func read(_ path: String, kind: DocumentKind, name: Name?, source: SourceID) -> ProfileDocument {
    do throws(HostError) {
      let bytes = try HostFile.read(path, limit: ProfileLimits.fileBytes)
      var document = parse(bytes, kind: kind, source: source)
      document.digest = SHA256.digest(of: bytes)
      if let tree = document.tree, let name { document.take(nameReport(tree, kind: kind, file: name)) }
      return document
    } catch {
      let point = Span(source: source, start: 0, end: 0)
      let finding =
        error.isLackOfSpace
        ? Diagnostic(
          ProfileRules.tooMany, "the file has more than \(ProfileLimits.fileBytes) bytes", at: point,
          help: "check that it is the file you mean")
        : Diagnostic(
          ProfileRules.unreadable,
          HostError(operation: error.operation, path: "the file", errno: error.errno).message, at: point)
      return ProfileDocument(tree: nil, isWhole: false, digest: nil, report: Report(finding))
    }
  }

  /// Parses a file's bytes and holds them against the schema of its kind.
  static func parse(_ bytes: [UInt8], kind: DocumentKind, source: SourceID) -> ProfileDocument {
    let parsed = YAMLDocument.parse(bytes, source: source)
    var document = ProfileDocument(
      tree: parsed.value, isWhole: !parsed.report.hasErrors, digest: nil, report: parsed.report)
    guard let tree = parsed.value else { return document }
    var hasName = true
    if case .mapping(let entries) = tree.content, let finding = wrongKind(entries, kind, at: tree.span) {
      document.take(Report(finding.diagnostic))
      hasName = false
      if finding.isOther {
        document.tree = nil
        return document
      }
    }
    var validation = SchemaValidation(isComposed: kind.isComposed)
    validation.validate(tree, as: kind.schema, key: kind.rawValue)
    if !kind.isComposed, hasName { validation.report.merge(Completeness.report(on: tree, as: kind.schema)) }
    let content = ContentScan.report(on: tree)
    // A placeholder says it all: of course it is no address.
    let placeholders = content.diagnostics.filter { $0.code == ContentRules.placeholder.code }
    let said = Set((placeholders + document.report.diagnostics).compactMap(\.span))
    for finding in validation.report.diagnostics where !(finding.span.map(said.contains) ?? false) {
      document.report.add(finding)
    }
    document.isWhole = document.isWhole && hasName && !validation.report.hasErrors && !content.hasErrors
    document.report.merge(content)
    return document
  }

  private mutating func take(_ findings: Report) {
    report.merge(findings)
    isWhole = isWhole && !findings.hasErrors
  }

  /// What is said of a file without its kind's own key, and whether it is of another kind altogether.
  private static func wrongKind(
    _ entries: [YAMLEntry], _ kind: DocumentKind, at span: Span
  ) -> (diagnostic: Diagnostic, isOther: Bool)? {
    let keys = entries.map(\.key)
    let known = kind.schema.fields.map(\.key)
    // A key that is nearly the one is reported as unknown, with the right one.
    let isMisspelt = keys.contains {
      !known.contains($0) && Suggestion.nearest(to: $0, in: known) == kind.rawValue
    }
    guard !keys.contains(kind.rawValue), !isMisspelt else { return nil }
    let other = DocumentKind.allCases.first { keys.contains($0.rawValue) }
    let help = other.map { other in
      "this is a \(other.rawValue) file: it belongs "
        + (other.folder.map { "into \($0)/" } ?? "beside them as fleet.yaml")
    }
    let finding = Diagnostic(
      ProfileRules.wrongKind, "a \(kind.rawValue) file needs the key \(kind.rawValue)", at: span,
      help: help ?? "write \(kind.rawValue): as its first key")
    return (finding, other != nil)
  }

  /// Whether a file is named like what it declares.
  private static func nameReport(_ tree: YAMLNode, kind: DocumentKind, file: Name) -> Report {
    guard let declared = tree[kind.rawValue], let text = declared.scalarText, Name(text) != nil,
      text != file.description
    else { return Report() }
    return Report(
      Diagnostic(
        ProfileRules.fileName, "the file is called \(file).yaml and declares \(text)", at: declared.span,
        help: "rename one of them"))
  }
}

extension ProfileDocument {
  /// Reads a node's file.
  static func read(_ file: ProfileSet.NodeFile) -> ProfileDocument {
    read(file.path, kind: .node, name: file.name, source: file.source)
  }
}
