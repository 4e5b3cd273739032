/// A text that diagnostics may point into: a number into the run's `SourceRegistry`.
///
/// A number instead of a path keeps a span at twelve bytes, so that every resolved value of a fleet
/// of thousands of nodes can carry the place it came from.
public struct SourceID: Hashable, Comparable, Sendable {
  /// Position in the registry, in order of registration.
  public let index: UInt32

  /// Makes the identity of the registry's entry `index`.
  public init(index: UInt32) {
    self.index = index
  }

  public static func < (left: SourceID, right: SourceID) -> Bool { left.index < right.index }
}

/// A half-open range of UTF-8 byte offsets in one source.
public struct Span: Hashable, Comparable, Sendable {
  /// The text the range is in.
  public let source: SourceID
  /// Offset of the first byte.
  public let start: UInt32
  /// Offset behind the last byte; equal to `start` for a point.
  public let end: UInt32

  /// Makes a span; `end` is raised to `start` where it lies before it.
  public init(source: SourceID, start: Int, end: Int) {
    self.source = source
    self.start = UInt32(clamping: start)
    self.end = UInt32(clamping: max(start, end))
  }

  public static func < (left: Span, right: Span) -> Bool {
    (left.source, left.start, left.end) < (right.source, right.start, right.end)
  }
}

/// The names of all texts of one run, in order. The texts themselves are read again by whoever
/// renders, and only those that a diagnostic points into.
public struct SourceRegistry: Sendable {
  /// Display paths: as the user gave them, relative where they did.
  public private(set) var paths: [String] = []

  /// Makes an empty registry.
  public init() {}

  /// Adds a text and returns its identity.
  public mutating func register(_ path: String) -> SourceID {
    paths.append(path)
    return SourceID(index: UInt32(clamping: paths.count - 1))
  }

  /// The display path of a source; `nil` for an identity of another registry.
  public func path(of source: SourceID) -> String? {
    let index = Int(source.index)
    return paths.indices.contains(index) ? paths[index] : nil
  }
}

/// Why a generated value is what it is.
///
/// Every directive and every Nix attribute that is written carries one, so that a finding in a
/// generated file can name the line a person may change.
public enum Origin: Hashable, Sendable {
  /// A person wrote it, there.
  case profile(Span)
  /// A default of the generator, by its name, for example `sandbox.network-daemon`.
  case standard(String)

  /// The place in a profile, if a person wrote it.
  public var span: Span? {
    if case .profile(let span) = self { span } else { nil }
  }
}
