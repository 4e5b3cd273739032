public import SystemdUnits
public import UnitGraphs

/// How long units take until they are ready, in milliseconds.
public struct StartEstimates: Hashable, Sendable {
  /// What a service of the set takes for which nothing is said: the profile language's default.
  public static let standard = 1000

  /// By unit name.
  public var milliseconds: [String: Int]
  /// What a service of the set takes that is not among them.
  public var unsaid: Int

  /// Makes estimates.
  public init(_ milliseconds: [String: Int] = [:], unsaid: Int = StartEstimates.standard) {
    self.milliseconds = milliseconds
    self.unsaid = unsaid
  }
}

/// When systemd takes a unit for started.
public enum Readiness: Hashable, Sendable {
  /// As soon as its process is made, or there is nothing to wait for.
  case atOnce
  /// Once it says so itself, its parent process has ended, or its commands are done.
  case whenDone

  /// That of a unit (systemd.service(5), `Type=`); `unit` is `nil` for one of systemd's own.
  public init(of name: UnitName, _ unit: LoadedUnit?) {
    guard name.type == .service, let unit else {
      self = .atOnce
      return
    }
    switch unit.value(.type) {
    case "simple", "idle", "exec": self = .atOnce
    case "notify", "notify-reload", "forking", "oneshot", "dbus": self = .whenDone
    default:
      // Without Type=: dbus with a bus name, oneshot without a command, else simple.
      let isSimple = unit.value(.busName) == nil && !unit.indices(of: .execStart).isEmpty
      self = isSimple ? .atOnce : .whenDone
    }
  }
}
