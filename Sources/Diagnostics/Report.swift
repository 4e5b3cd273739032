/// All findings of a step. A value: steps return one, callers add them up.
public struct Report: Sendable {
  /// In the order they were found; `sorted` is what users see.
  public private(set) var diagnostics: [Diagnostic] = []

  /// Makes an empty report.
  public init() {}

  /// Makes a report of one finding.
  public init(_ diagnostic: Diagnostic) {
    diagnostics = [diagnostic]
  }

  /// Adds a finding.
  public mutating func add(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
  }

  /// Adds all findings of another report.
  public mutating func merge(_ other: Report) {
    diagnostics.append(contentsOf: other.diagnostics)
  }

  /// Whether anything at error level was found.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// How many findings there are of a severity.
  public func count(of severity: Severity) -> Int {
    diagnostics.count { $0.severity == severity }
  }

  /// Each finding once, by source, place and code: the same for the same input, whatever the order
  /// of work was. Findings without a place come first.
  public var sorted: [Diagnostic] {
    var seen = Set<Diagnostic>()
    return diagnostics.filter { seen.insert($0).inserted }.sorted { left, right in
      switch (left.span, right.span) {
      case (nil, nil): break
      case (nil, _): return true
      case (_, nil): return false
      case (let first?, let second?): if first != second { return first < second }
      }
      return (left.code, left.message, left.node ?? "") < (right.code, right.message, right.node ?? "")
    }
  }
}

/// What a step returns: its findings and, unless they made it impossible, its value.
public struct Checked<Value> {
  /// The result, if there is one.
  public var value: Value?
  /// What was found on the way.
  public var report: Report

  /// Makes a result.
  public init(_ value: Value?, _ report: Report = Report()) {
    self.value = value
    self.report = report
  }
}

extension Checked: Sendable where Value: Sendable {}
