public import SystemdUnits

/// How exposed a service is, on the scale of `systemd-analyze security`.
public struct ExposureReport: Sendable {
  /// One check.
  public struct Row: Sendable {
    /// The check's name in the tool's JSON, for example `ProtectKernelLogs`.
    public let field: String
    /// How much the check counts.
    public let weight: Int
    /// How bad the setting is, from 0 to `range`; `nil` where the check does not apply.
    public let badness: Int?
    /// The worst there is.
    public let range: Int

    /// What the row adds to the sum, in the unit of `weight`.
    public var points: Int { badness.map { divideUp($0 * weight, range) } ?? 0 }
  }

  /// In order of the checks' table.
  public let rows: [Row]

  /// From 0 for a service that can do nothing to 100 for one that can do everything: ten times
  /// the number that the tool prints.
  public var tenths: Int {
    let weight = rows.reduce(0) { $0 + ($1.badness == nil ? 0 : $1.weight) }
    return weight == 0 ? 0 : divideUp(rows.reduce(0) { $0 + $1.points } * 100, weight)
  }

  /// The same with its decimal point: `1.2`.
  public var text: String { "\(tenths / 10).\(tenths % 10)" }

  /// From 0 to 1000, rounded down: fine enough to compare single directives.
  public var hundredths: Int {
    let weight = rows.reduce(0) { $0 + ($1.badness == nil ? 0 : $1.weight) }
    return weight == 0 ? 0 : rows.reduce(0) { $0 + $1.points } * 1000 / weight
  }

  /// The tool's word for it.
  public var level: String {
    switch tenths {
    case 100...: "DANGEROUS"
    case 90...: "UNSAFE"
    case 75...: "EXPOSED"
    case 50...: "MEDIUM"
    case 10...: "OK"
    case 1...: "SAFE"
    default: "PERFECT"
    }
  }

  /// What a row alone adds, in tenths: the number that the tool prints beside it.
  public func tenths(of row: Row) -> Int {
    let weight = rows.reduce(0) { $0 + ($1.badness == nil ? 0 : $1.weight) }
    return row.badness.map { divideUp(divideUp($0 * row.weight * 100, row.range), max(weight, 1)) } ?? 0
  }
}

/// The judgement of `systemd-analyze security --offline=true` without the tool, for every unit of a
/// fleet: the same checks, weights and rounding as systemd 252 on x86-64, held to it by a
/// differential test. What systemd sets behind a unit's back counts as set (`DynamicUser=`,
/// `PrivateDevices=` and others imply directives and take capabilities away).
public enum Exposure {
  /// Judges the `[Service]` section of a unit.
  public static func score(of unit: UnitFile) -> ExposureReport {
    let settings = SecuritySettings(unit)
    return ExposureReport(
      rows: ExposureCheck.all.map { check in
        ExposureReport.Row(
          field: check.field, weight: check.weight, badness: check.assess(settings),
          range: check.range)
      })
  }
}

private func divideUp(_ dividend: Int, _ divisor: Int) -> Int { (dividend + divisor - 1) / divisor }
