/// The statuses that the installer ends with: one for each class of failure, apart from those of shells (126 and
/// more), of systemd (200 and more) and of sysexits.h (64 to 78).
public enum ExitCode: Int32, CaseIterable, Sendable {
  case done = 0
  case usage = 2
  /// The installer itself is wrong.
  case fault = 3
  case notPermitted = 4
  case unreadable = 10
  case malformed = 11
  case hostile = 12
  case limit = 13
  case signature = 14
  case key = 15
  case rollbackFloor = 16
  case digest = 17
  case wrongNode = 20
  case elf = 21
  case missingFeature = 22
  case space = 23
  case port = 24
  case units = 25
  case tls = 26
  case clock = 27
  case peers = 28
  case layout = 29
  case io = 30
  case storage = 31
  case busy = 32
  case recoveredOld = 33
  case recoveredNew = 34
  case rolledBack = 40
  case rollbackFailed = 41
  case unhealthy = 42
  case manager = 43
  case waived = 50
}

/// Why the installer does not go on.
public struct Refusal: Error, Hashable, Sendable {
  /// The status it ends with.
  public var code: ExitCode
  /// The node's rule, `ND001`, where one refuses.
  public var rule: String?
  /// What is wrong: short, lower case, no full stop.
  public var message: String
  /// What the manifest names: a path, a unit, a port.
  public var subject: String?
  /// What to do.
  public var help: String?

  /// Makes a refusal.
  public init(
    _ code: ExitCode, _ message: String, rule: String? = nil, subject: String? = nil, help: String? = nil
  ) {
    self.code = code
    self.message = message
    self.rule = rule
    self.subject = subject
    self.help = help
  }
}
