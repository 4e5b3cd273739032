public import Diagnostics

/// Puts the fixes of findings into the text they are for.
public enum LintFixes {
  /// A text after its fixes.
  public struct Result: Sendable {
    /// The text.
    public let bytes: [UInt8]
    /// The findings whose fixes are in it.
    public let applied: [Diagnostic]
  }

  /// Applies fixes in the order of `findings`. A fix is applied as a whole or not at all: one that reaches
  /// into another file or overlaps one applied before is left for the next run.
  ///
  /// - Parameters:
  ///   - findings: All findings; those about other texts are left out.
  ///   - bytes: The text.
  ///   - source: Its identity.
  ///   - withUnsafe: Whether fixes that may change what is meant are applied as well.
  public static func apply(
    _ findings: [Diagnostic], to bytes: [UInt8], of source: SourceID, withUnsafe: Bool = false
  ) -> Result {
    var edits: [Fix.Edit] = []
    var applied: [Diagnostic] = []
    for finding in findings {
      guard let fix = finding.fix, isWanted(fix, withUnsafe),
        fix.edits.allSatisfy({ $0.span.source == source && Int($0.span.end) <= bytes.count })
      else { continue }
      // Two rules may well ask for the same line.
      let new = fix.edits.filter { !edits.contains($0) }
      guard !new.contains(where: { edit in edits.contains { overlaps($0.span, edit.span) } }) else {
        continue
      }
      edits += new
      applied.append(finding)
    }
    guard !edits.isEmpty else { return Result(bytes: bytes, applied: []) }
    var result: [UInt8] = []
    var position = 0
    let ordered = edits.enumerated().sorted { ($0.element.span, $0.offset) < ($1.element.span, $1.offset) }
    for (_, edit) in ordered {
      result += bytes[position..<Int(edit.span.start)]
      result += edit.text.utf8
      position = Int(edit.span.end)
    }
    return Result(bytes: result + bytes[position...], applied: applied)
  }

  private static func isWanted(_ fix: Fix, _ withUnsafe: Bool) -> Bool {
    switch fix.applicability {
    case .safe: true
    case .unsafe: withUnsafe
    case .display: false
    }
  }

  /// Insertions at one place do not overlap; an insertion inside of what another edit replaces does.
  private static func overlaps(_ left: Span, _ right: Span) -> Bool {
    if left.start == left.end, right.start == right.end { return false }
    return left.start < right.end && right.start < left.end
  }
}
