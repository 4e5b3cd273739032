public import Diagnostics

/// A unit file as the generator makes it: sections and directives in order, each directive with the
/// reason it is there.
public struct UnitFile: Sendable {
  /// A line `Key=value`.
  public struct Directive: Sendable {
    /// For example `ExecStart`.
    public var key: String
    /// The value as it stands in the file, quoted and escaped already.
    public var value: String
    /// Why.
    public var origin: Origin

    /// Makes a directive.
    public init(_ key: String, _ value: String, _ origin: Origin) {
      self.key = key
      self.value = value
      self.origin = origin
    }
  }

  /// A section with its directives.
  public struct Section: Sendable {
    /// `Unit`, `Service`, `Install`.
    public var name: String
    /// In order; list directives have a line for each element.
    public var directives: [Directive]

    /// Makes a section.
    public init(_ name: String, _ directives: [Directive] = []) {
      self.name = name
      self.directives = directives
    }
  }

  /// The file's name: `chainfire.service`.
  public var name: String
  /// Comment lines at the top, without `#`.
  public var comments: [String]
  /// In order.
  public var sections: [Section]

  /// Makes a unit.
  public init(name: String, comments: [String] = [], sections: [Section]) {
    self.name = name
    self.comments = comments
    self.sections = sections
  }

  /// The directives of a section; empty when there is none.
  public func directives(in section: String) -> [Directive] {
    sections.filter { $0.name == section }.flatMap(\.directives)
  }

  /// All values of a directive, in order.
  public func values(_ key: String, in section: String) -> [String] {
    directives(in: section).filter { $0.key == key }.map(\.value)
  }

  /// The file's text.
  public var text: String {
    var lines = comments.map { $0.isEmpty ? "#" : "# " + $0 }
    for section in sections where !section.directives.isEmpty {
      if !lines.isEmpty { lines.append("") }
      lines.append("[\(section.name)]")
      lines += section.directives.map { "\($0.key)=\($0.value)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
