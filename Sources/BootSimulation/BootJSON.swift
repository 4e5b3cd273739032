internal import BootTransactions
public import JSONText
internal import UnitGraphs

extension Timeline {
  /// `[{"unit": …, "start": 0.0, "ready": 2.0}]`, times in seconds.
  public var json: JSONValue {
    .array(
      entries.map { entry in
        .object([
          "unit": .string(entry.unit), "start": .thousandths(entry.start),
          "ready": .thousandths(entry.ready),
        ])
      })
  }
}

extension FailureImpact {
  /// An object with a list for each way in which others are concerned; empty lists are left out.
  public var json: JSONValue {
    .object([
      "unit": .string(unit), "seenInTime": .bool(isSeenInTime), "retried": .bool(isRetried),
      "neverStart": Self.json(neverStart),
      "comeBack": comeBack.isEmpty ? nil : .strings(comeBack), "startAnyway": Self.json(startAnyway),
      "doWithout": Self.json(doWithout), "stop": Self.json(stop), "restart": Self.json(restart),
      "handlers": Self.json(handlers), "stopAlong": Self.json(stopAlong),
    ])
  }

  private static func json(_ effects: [Effect]) -> JSONValue? {
    guard !effects.isEmpty else { return nil }
    return .array(
      effects.map { effect in
        .object([
          "unit": .string(effect.unit), "dependency": .string(effect.dependency.rawValue),
          "on": .string(effect.other),
        ])
      })
  }
}

extension StopOrder {
  /// The units in order of their step; times in seconds, left out where there is no limit.
  public var json: JSONValue {
    .object([
      "units": .array(
        entries.map { entry in
          .object([
            "unit": .string(entry.unit), "step": .integer(entry.step),
            "latestStop": entry.start.map(JSONValue.thousandths),
            "latestEnd": entry.end.map(JSONValue.thousandths),
          ])
        }),
      "killed": killed.isEmpty ? nil : .strings(killed), "longest": longest.map(JSONValue.thousandths),
    ])
  }
}

extension BootComparison {
  /// What only the one has, what only the other has, and what moved; empty lists are left out.
  public var json: JSONValue {
    .object([
      "equal": .bool(isEmpty),
      "removedJobs": Self.list(removedJobs) { Self.json($0) },
      "addedJobs": Self.list(addedJobs) { Self.json($0) },
      "removedOrder": Self.list(removedOrder) { .strings([$0.first, $0.second]) },
      "addedOrder": Self.list(addedOrder) { .strings([$0.first, $0.second]) },
      "removedOutcomes": Self.list(removedOutcomes) { .string($0) },
      "addedOutcomes": Self.list(addedOutcomes) { .string($0) },
      "moved": Self.list(moved) { move in
        .object([
          "unit": .string(move.before.unit), "start": .thousandths(move.before.start),
          "ready": .thousandths(move.before.ready), "otherStart": .thousandths(move.after.start),
          "otherReady": .thousandths(move.after.ready),
        ])
      },
      "total": .thousandths(totalBefore), "otherTotal": .thousandths(totalAfter),
    ])
  }

  private static func list<Item>(_ items: [Item], _ json: (Item) -> JSONValue) -> JSONValue? {
    items.isEmpty ? nil : .array(items.map(json))
  }

  private static func json(_ job: NamedJob) -> JSONValue {
    .object(["unit": .string(job.unit), "type": .string(job.type.rawValue)])
  }
}
