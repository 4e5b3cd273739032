internal import SystemdUnits

/// When units started and were ready in a boot that took place, as `systemctl show` tells it.
public struct BootRecord: Hashable, Sendable {
  /// What is known of a unit. Times are microseconds of the monotonic clock.
  public struct Times: Hashable, Sendable {
    /// When its job began to run (`InactiveExitTimestampMonotonic`).
    public let start: Int
    /// When its job was done: active (`ActiveEnterTimestampMonotonic`) or, for a unit whose work was
    /// over at once, inactive again (`InactiveEnterTimestampMonotonic`).
    public let ready: Int
  }

  /// A pair of units that did not keep their order.
  public struct Contradiction: Hashable, Sendable {
    /// The unit that is to be ready first.
    public let first: String
    /// The unit that started before the other was ready.
    public let second: String
    /// By how many microseconds it was early.
    public let microseconds: Int

    /// Makes a contradiction.
    public init(first: String, second: String, microseconds: Int) {
      self.first = first
      self.second = second
      self.microseconds = microseconds
    }
  }

  /// By unit; those that were not started are not among them.
  public let times: [String: Times]

  /// Makes a record.
  public init(times: [String: Times]) { self.times = times }

  /// Where a boot did not go as simulated: of two units with an order the second began before the first
  /// was ready. In order of names.
  public func contradictions(to jobs: BootJobs) -> [Contradiction] {
    var found: [Contradiction] = []
    for position in jobs.nodes.indices {
      guard let first = times[jobs.name(position)] else { continue }
      for other in jobs.later[position].map(Int.init) {
        guard let second = times[jobs.name(other)], second.start < first.ready else { continue }
        found.append(
          Contradiction(
            first: jobs.name(position), second: jobs.name(other),
            microseconds: first.ready - second.start))
      }
    }
    return found
  }

  /// How many ordered pairs of a simulation the record speaks of.
  public func comparablePairs(with jobs: BootJobs) -> Int {
    jobs.nodes.indices.reduce(0) { count, position in
      guard times[jobs.name(position)] != nil else { return count }
      return count + jobs.later[position].count { times[jobs.name(Int($0))] != nil }
    }
  }

  /// How long each unit took, for a simulation with these times.
  public var estimates: StartEstimates {
    StartEstimates(times.mapValues { max($0.ready - $0.start, 0) / 1000 })
  }
}

/// A line of an estimate file or a record that cannot be read.
public struct TimesError: Error, Hashable, Sendable {
  /// Its number, from 1.
  public let line: Int
  /// What is wrong with it.
  public let message: String
}

/// Reads how long units take: a person's list, or what a manager printed.
public enum TimesReader {
  /// Times of more units than any host has are not read.
  private static let limit = 100_000

  /// Whether a text is what `systemctl show` prints, and no list.
  public static func isRecord(_ text: String) -> Bool {
    text.split(separator: "\n").contains { $0.hasPrefix("Id=") }
  }

  /// A list: a unit and a time span in each line (`chainfire.service 10s`), `*` for units that are not
  /// in it, `#` before remarks.
  public static func estimates(_ text: String) throws(TimesError) -> StartEstimates {
    var estimates = StartEstimates()
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard let unit = words.first else { continue }
      let span = words.dropFirst().joined(separator: " ")
      guard let seconds = ValueReading.seconds(span), seconds >= 0, seconds < 1e9 else {
        throw TimesError(line: index + 1, message: "`\(span)` is no time span, such as 10s or 1min 30s")
      }
      let milliseconds = Int((seconds * 1000).rounded())
      if unit == "*" {
        estimates.unsaid = milliseconds
      } else if UnitName(String(unit)) != nil, estimates.milliseconds.count < limit {
        estimates.milliseconds[String(unit)] = milliseconds
      } else {
        throw TimesError(line: index + 1, message: "`\(unit)` is no unit's name")
      }
    }
    return estimates
  }

  /// What `systemctl show '*'` prints with the properties Id, InactiveExitTimestampMonotonic,
  /// ActiveEnterTimestampMonotonic and InactiveEnterTimestampMonotonic among others: a line for each,
  /// an empty line between units.
  public static func record(_ text: String) throws(TimesError) -> BootRecord {
    var times: [String: BootRecord.Times] = [:]
    var block: [Substring: Substring] = [:]
    func finish() {
      defer { block = [:] }
      guard let id = block["Id"], times.count < limit else { return }
      func stamp(_ name: String) -> Int { block[name[...]].flatMap { Int($0) } ?? 0 }
      let start = stamp("InactiveExitTimestampMonotonic")
      let active = stamp("ActiveEnterTimestampMonotonic")
      // A unit that failed and was tried again tells of its last try only.
      let ready = active >= start ? active : stamp("InactiveEnterTimestampMonotonic")
      guard start > 0, ready >= start else { return }
      times[String(id)] = BootRecord.Times(start: start, ready: ready)
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.isEmpty {
        finish()
      } else if let equals = line.firstIndex(of: "=") {
        block[line[..<equals]] = line[line.index(after: equals)...]
      } else {
        throw TimesError(line: index + 1, message: "this is no line of `systemctl show`: it has no `=`")
      }
    }
    finish()
    return BootRecord(times: times)
  }
}
