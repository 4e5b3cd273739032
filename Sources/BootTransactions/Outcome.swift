/// How the jobs of a transaction treat those that are queued already (systemctl(1), `--job-mode=`).
public enum TransactionMode: String, CaseIterable, Hashable, Sendable {
  /// As at boot: `isolate` for a target with `AllowIsolate=yes`, `replace` for others.
  case auto
  /// What is active and not part of the transaction is stopped; jobs that nobody needs any more stay.
  case isolate
  /// Jobs that nobody needs any more are dropped.
  case replace
}

/// One way in which a start may go.
public struct Outcome: Hashable, Sendable {
  /// Whether the whole request is refused: then there are no jobs.
  public let failed: Bool
  /// Units whose jobs were deleted to break an ordering cycle, in order of name. What needs them is
  /// missing among the jobs as well.
  public let deleted: [Int]
  /// What is done, in order of name; a unit has one job at most.
  public let jobs: [Job]
  /// What of it waits for what, in order of names; each pair once, and no longer ways.
  public let order: [JobOrder]
  /// Whether it comes about only where a deletion changes the order in which the manager comes by the jobs
  /// that are left, which takes a full end of its table: once in some hundred starts, or less often.
  public let isRare: Bool

  /// Makes an outcome.
  public init(failed: Bool, deleted: [Int], jobs: [Job], order: [JobOrder], isRare: Bool = false) {
    self.failed = failed
    self.deleted = deleted
    self.jobs = jobs
    self.order = order
    self.isRare = isRare
  }
}

/// Every way in which a start may go.
public struct BootOutcomes: Hashable, Sendable {
  /// More than these are not listed.
  public static let limit = 256

  /// The unit that is started: a position in the graph's nodes.
  public let target: Int
  /// `isolate` or `replace`.
  public let mode: TransactionMode
  /// Without duplicates, and in an order that depends on nothing but their contents. There is one where
  /// no choice of the manager's makes a difference.
  public let outcomes: [Outcome]
  /// Whether there may be more than those listed.
  public let isTruncated: Bool
}
