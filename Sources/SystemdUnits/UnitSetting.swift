public import Diagnostics

/// An assignment as the manager reads it, whatever it was read from. A fleet has millions: what is small stands last, in
/// an order that leaves no gaps.
public struct UnitSetting: Sendable {
  /// The section's name as written; empty in front of the first.
  public let sectionName: String
  /// The name as written.
  public let name: String
  /// The value, continued lines joined.
  public let value: String
  /// The line a person can change; `nil` when a default of the generator made it.
  public let span: Span?
  /// The section, when there is one of that name.
  public let section: UnitSection?
  /// How its value is read; `nil` when that section knows none of the name.
  public let kind: DirectiveKind?
  /// The directive, when it is one that rules ask for by name.
  public let key: SettingKey?
  /// Its directive in the catalogue; `nil` when that section knows none of the name.
  public let directive: DirectiveCatalogue.Row?
  private let assignmentNumber: UInt32

  /// Index of the assignment in the fragment's source; `nil` for generated units.
  public var assignment: Int? { assignmentNumber == .max ? nil : Int(assignmentNumber) }
}

/// The settings of one file: a unit, or a drop-in for one.
public struct UnitFragment: Sendable {
  /// The file's name below its unit folder: `a.service` or `a.service.d/override.conf`.
  public let path: String
  /// In order.
  public let settings: [UnitSetting]
  /// The bytes, for rules about them; `nil` for generated units.
  public let source: UnitSource?
  /// Where to point for what has no line of its own.
  public let span: Span?

  /// Reads the settings of a file.
  public init(path: String, source: UnitSource, catalogue: DirectiveCatalogue = .standard) {
    self.path = path
    self.source = source
    let heads = source.sections.map { (name: $0.name, section: UnitSection(rawValue: $0.name)) }
    settings = source.assignments.enumerated().map { index, assignment in
      let head = assignment.section.map { heads[$0] }
      return UnitSetting(
        head?.name ?? "", head?.section, assignment.key, assignment.value, catalogue,
        source.span(
          assignment.keyRange
            .lowerBound..<max(assignment.valueRange.upperBound, assignment.keyRange.upperBound)),
        index)
    }
    let start = source.sections.first?.text ?? 0..<0
    span = source.span(start)
  }

  /// Takes the settings of a generated unit; each points at the profile line it came from.
  public init(generated unit: UnitFile, catalogue: DirectiveCatalogue = .standard) {
    path = unit.name
    source = nil
    var settings: [UnitSetting] = []
    settings.reserveCapacity(unit.sections.reduce(0) { $0 + $1.directives.count })
    var first: Span?
    for section in unit.sections {
      let known = UnitSection(rawValue: section.name)
      for directive in section.directives {
        let span = directive.origin.span
        if first == nil { first = span }
        settings.append(
          UnitSetting(section.name, known, directive.key, directive.value, catalogue, span, nil))
      }
    }
    self.settings = settings
    span = first
  }

  /// The place of a setting's name.
  public func nameSpan(_ setting: UnitSetting) -> Span? {
    guard let source, let index = setting.assignment else { return setting.span ?? span }
    return source.span(source.assignments[index].keyRange)
  }

  /// The place of a setting's value.
  public func valueSpan(_ setting: UnitSetting) -> Span? {
    guard let source, let index = setting.assignment else { return setting.span ?? span }
    return source.span(source.assignments[index].valueRange)
  }

  /// The place of a range of offsets in a setting's value.
  public func span(_ setting: UnitSetting, _ range: Range<Int>) -> Span? {
    guard let source, let index = setting.assignment else { return setting.span ?? span }
    let assignment = source.assignments[index]
    let start = assignment.fileOffset(ofValue: range.lowerBound)
    let end = range.isEmpty ? start : assignment.fileOffset(ofValue: range.upperBound - 1) + 1
    return source.span(start..<max(start, end))
  }
}

extension UnitSetting {
  fileprivate init(
    _ sectionName: String, _ section: UnitSection?, _ name: String, _ value: String,
    _ catalogue: DirectiveCatalogue, _ span: Span?, _ assignment: Int?
  ) {
    self.sectionName = sectionName
    self.section = section
    self.name = name
    self.value = value
    directive = section.flatMap { catalogue.row(name, in: $0) }
    kind = directive.map { catalogue.kind(of: $0) }
    key = directive.flatMap { catalogue.key(of: $0) }
    self.span = span
    assignmentNumber = assignment.map { UInt32(clamping: $0) } ?? .max
  }
}
