internal import Diagnostics
public import SystemdUnits

/// A line that would make a service less exposed.
public struct HardeningStep: Hashable, Sendable {
  /// For example `ProtectSystem`.
  public let directive: String
  /// For example `strict`; empty where an empty line takes everything away.
  public let value: String
  /// How much less the exposure is with it, in hundredths of the scale from 0 to 10, rounded down.
  public let gain: Int

  /// The line as it is written.
  public var line: String { directive + "=" + value }

  /// The gain with its decimal point: `0.83`.
  public var gainText: String {
    let rest = gain % 100
    return "\(gain / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

extension Exposure {
  /// What each directive that is not set as tightly as it can be would gain, the best first. Each alone: the gains
  /// of several do not add up where they forbid the same.
  ///
  /// Which of them a service can live with is for those to say who know it. What has no value of
  /// its own is left out (`RootDirectory=`, `User=`).
  public static func nextSteps(for unit: UnitFile) -> [HardeningStep] {
    let before = score(of: unit).hundredths
    return tightest.compactMap { directive, value in
      let gain = before - score(of: adding(directive, value, to: unit)).hundredths
      return gain > 0 ? HardeningStep(directive: directive, value: value, gain: gain) : nil
    }.sorted { ($1.gain, $0.directive) < ($0.gain, $1.directive) }
  }

  /// The exposure once all of the steps are taken.
  public static func score(of unit: UnitFile, after steps: [HardeningStep]) -> ExposureReport {
    score(of: steps.reduce(unit) { adding($1.directive, $1.value, to: $0) })
  }

  private static func adding(_ directive: String, _ value: String, to unit: UnitFile) -> UnitFile {
    var unit = unit
    // A list is emptied first: the line is to stand alone.
    let lines = (lists.contains(directive) ? ["", value] : [value]).map {
      UnitFile.Directive(directive, $0, .standard("hardening.step"))
    }
    unit.sections.append(UnitFile.Section("Service", lines))
    return unit
  }

  private static let lists: Set<String> = [
    "AmbientCapabilities", "CapabilityBoundingSet", "DeviceAllow", "IPAddressAllow",
    "RestrictAddressFamilies",
    "RestrictNamespaces", "SupplementaryGroups", "SystemCallArchitectures", "SystemCallFilter",
  ]

  private static let booleans = [
    "DynamicUser", "LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices",
    "PrivateMounts", "PrivateNetwork", "PrivateTmp", "PrivateUsers", "ProtectClock", "ProtectControlGroups",
    "ProtectHome", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables",
    "RemoveIPC", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID",
  ]

  /// Every directive that counts, with the tightest value that a service may still run with.
  private static let tightest: [(String, String)] =
    booleans.map { ($0, "yes") } + [
      ("AmbientCapabilities", ""), ("CapabilityBoundingSet", ""), ("Delegate", "no"), ("DeviceAllow", ""),
      ("DevicePolicy", "closed"), ("IPAddressAllow", ""), ("IPAddressDeny", "any"),
      ("KeyringMode", "private"), ("NotifyAccess", "main"), ("ProcSubset", "pid"),
      ("ProtectProc", "invisible"), ("ProtectSystem", "strict"),
      ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"), ("SupplementaryGroups", ""),
      ("SystemCallArchitectures", "native"), ("SystemCallFilter", "@system-service"), ("UMask", "0077"),
    ]
}
