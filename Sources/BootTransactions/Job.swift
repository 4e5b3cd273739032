/// What a job does to its unit (systemctl(1), "Unit Commands"; job.h). A boot has no other types: nothing
/// runs yet that could be restarted or reloaded.
public enum JobType: String, CaseIterable, Hashable, Sendable {
  /// Starts the unit.
  case start
  /// Succeeds where the unit is active, and fails otherwise: what `Requisite=` asks for.
  case verifyActive = "verify-active"
  /// Stops the unit.
  case stop
}

/// Something to be done to a unit, as it stands in the manager's queue.
public struct Job: Hashable, Sendable {
  /// A position in the graph's nodes.
  public let unit: Int
  /// What is to be done to it.
  public let type: JobType

  /// Makes a job.
  public init(unit: Int, type: JobType) {
    self.unit = unit
    self.type = type
  }
}

/// One job waits for another: positions of their units in the graph's nodes.
public struct JobOrder: Hashable, Sendable {
  /// The unit whose job is done first.
  public let first: Int
  /// The unit whose job waits for it.
  public let second: Int

  /// Says that one unit's job is done before another's.
  public init(first: Int, second: Int) {
    self.first = first
    self.second = second
  }
}
