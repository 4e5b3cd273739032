import Diagnostics
import FleetModel
import Hardening
import SystemdUnits

/// The oneshot units of the first boot: a step runs once, leaves a marker, and is skipped from then on.
///
/// Steps run as root without a single capability. Root, because they read `cluster-config.json` and
/// the node's key, which are root's with mode 0600, and because the markers of all steps lie in one
/// directory that operators look at and clean by hand; without capabilities, in a read-only system,
/// because they talk to other machines.
struct FirstBootUnits {
  /// The last unit of the first boot, and of every boot: it leaves no marker.
  static let healthUnit = "cluster-health-check.service"

  /// What a request may take at most, beside the pauses between tries.
  private static let requestLimit = TimeSpan.seconds(10)
  /// What starting, certificates and a slow disk may take on top.
  private static let slack = TimeSpan.seconds(30)
  private static let restartDelay = TimeSpan.seconds(10)
  /// Tries before systemd gives up: about ten minutes where a step fails at once, some hours where
  /// it waits for a leader each time. Then a person is needed, and `systemctl start` counts anew
  /// after `systemctl reset-failed`.
  private static let tries = 60
  /// What a try costs of the limit: while the unit waits to be restarted, what requires it asks for
  /// it once more, and systemd counts that request too.
  private static let startsOfTry = 2

  private let plan: NodePlan

  init(_ plan: NodePlan) { self.plan = plan }

  /// `SERVICE-cluster-join.service`: forms the cluster or joins it, as the node's mode says.
  func join(_ service: Service, _ step: JoinStep) -> UnitFile {
    let isJoining = plan.node.mode.value == .join
    let name = service.name.value.description
    let verb = isJoining ? "join" : "bootstrap"
    let comesFirst = plan.joinsBeforeStart(step)
    var unit = UnitLines()
    unit.addText(
      "Description", "Cluster \(verb) of \(name) at first boot", .standard("first-boot.description"))
    // Whichever of the two is there: a member stays one, even if its profile changes its mode.
    let markers = isJoining ? ["joined", "initialized"] : ["initialized", "joined"]
    for marker in markers { addMarker("\(name)-\(marker)", plan.node.mode.origin, &unit) }
    addNetwork(&unit)
    if !comesFirst { addRequirements(service.startedUnits, step.path.origin, &unit) }
    addEarlierJoins(of: service, &unit)
    let tries = isJoining ? tries(step.retry) : 0
    let timeout = total([
      comesFirst ? 0 : step.healthTimeout.milliseconds, tries, Self.slack.milliseconds,
    ])
    return finish(
      NodePlan.joinUnit(service), unit, service: [verb, name], timeout: (timeout, step.healthTimeout.origin)
    ) { lines in
      // 2 says: is a member already, and the marker is written (WARN in the journal).
      lines.add("SuccessExitStatus", "2", .standard("first-boot.exit-status"))
    }
  }

  /// `SERVICE-initial-setup.service`: first accounts and tokens.
  func setup(_ service: Service, _ step: SetupStep) -> UnitFile {
    let name = service.name.value.description
    var unit = UnitLines()
    unit.addText("Description", "Initial setup of \(name) at first boot", .standard("first-boot.description"))
    addMarker("\(name)-initialized", step.path.origin, &unit)
    addNetwork(&unit)
    addRequirements(service.startedUnits, step.path.origin, &unit)
    if plan.join(of: service) != nil {
      addRequirements([NodePlan.joinUnit(service)], step.path.origin, &unit)
    }
    addEarlierJoins(of: service, &unit)
    let timeout = total([
      step.healthTimeout.milliseconds, tries(step.retry), Self.slack.milliseconds,
    ])
    return finish(
      NodePlan.setupUnit(service), unit, service: ["setup", name],
      timeout: (timeout, step.healthTimeout.origin))
  }

  /// `cluster-health-check.service`: asks every endpoint, at every boot. It requires nothing, so that
  /// it can say what is missing.
  func clusterHealth() -> UnitFile {
    let node = plan.node
    var unit = UnitLines()
    unit.addText("Description", "Health of the cluster after boot", .standard("first-boot.description"))
    addNetwork(&unit)
    for service in node.services {
      let origin = node.firstBoot.clusterHealth.origin
      for started in service.startedUnits { unit.add("After", started, origin) }
      if plan.join(of: service) != nil { unit.add("After", NodePlan.joinUnit(service), origin) }
      if plan.setup(of: service) != nil { unit.add("After", NodePlan.setupUnit(service), origin) }
    }
    let wait = node.firstBoot.clusterHealthTimeout
    let timeout = total([wait.milliseconds, Self.slack.milliseconds])
    return finish(
      Self.healthUnit, unit, service: ["cluster-health"], timeout: (timeout, wait.origin), isRepeated: true)
  }

  // MARK: Parts

  private var stateDirectory: (name: String, path: String, origin: Origin) {
    let directory = plan.node.firstBoot.stateDirectory
    let prefix = "/var/lib/"
    let name =
      directory.value.hasPrefix(prefix)
      ? String(directory.value.dropFirst(prefix.utf8.count)) : directory.value
    return (name, prefix + name, directory.origin)
  }

  private func addMarker(_ name: String, _ origin: Origin, _ lines: inout UnitLines) {
    lines.addText("ConditionPathExists", "!\(stateDirectory.path)/.\(name)", origin)
  }

  private func addNetwork(_ lines: inout UnitLines) {
    lines.add("Wants", "network-online.target", .standard("unit.network-online"))
    lines.add("After", "network-online.target", .standard("unit.network-online"))
  }

  private func addRequirements(_ units: [String], _ origin: Origin, _ lines: inout UnitLines) {
    for unit in units {
      lines.add("Requires", unit, origin)
      lines.add("After", unit, origin)
    }
  }

  /// A cluster is joined after those that its service builds on.
  private func addEarlierJoins(of service: Service, _ lines: inout UnitLines) {
    for earlier in plan.earlierJoins(of: service) {
      lines.add(earlier.isRequired ? "Requires" : "Wants", earlier.unit, earlier.origin)
      lines.add("After", earlier.unit, earlier.origin)
    }
  }

  private func tries(_ retry: RetryPolicy) -> Int {
    total([retry.total.milliseconds, max(retry.attempts.value, 1) * Self.requestLimit.milliseconds])
  }

  /// A sum that no profile can make overflow: a week is more than any step needs.
  private func total(_ milliseconds: [Int]) -> Int {
    milliseconds.reduce(0) { min($0 + min(max($1, 0), 604_800_000), 604_800_000) }
  }

  private func finish(
    _ name: String, _ head: UnitLines, service words: [String], timeout: (milliseconds: Int, origin: Origin),
    isRepeated: Bool = false, more: (inout UnitLines) -> Void = { _ in }
  ) -> UnitFile {
    var unit = head
    for edge in plan.dependants[name] ?? [] { unit.add("Wants", edge.unit, edge.origin) }
    let state = stateDirectory
    unit.addWord("RequiresMountsFor", state.path, state.origin)
    let limit = Self.tries * (timeout.milliseconds + Self.restartDelay.milliseconds)
    if !isRepeated {
      unit.add("StartLimitIntervalSec", seconds(limit), .standard("first-boot.start-limit"))
      unit.add("StartLimitBurst", String(Self.tries * Self.startsOfTry), .standard("first-boot.start-limit"))
    }
    var install = UnitLines()
    install.add("WantedBy", "multi-user.target", .standard("unit.install"))
    return UnitFile(
      name: name, comments: ["Generated by imagegen: change the profile instead."],
      sections: [
        UnitFile.Section("Unit", unit.directives),
        UnitFile.Section(
          "Service", serviceLines(words, timeout, isRepeated: isRepeated, more: more).directives),
        UnitFile.Section("Install", install.directives),
      ])
  }

  private func serviceLines(
    _ words: [String], _ timeout: (milliseconds: Int, origin: Origin), isRepeated: Bool,
    more: (inout UnitLines) -> Void
  ) -> UnitLines {
    let executable = plan.node.firstBoot.executable
    let command =
      [
        ExecWord(
          .program(executable: executable.value.lastComponent, path: executable.value), executable.origin)
      ] + words.map { ExecWord(.text($0), executable.origin) }
    var lines = UnitLines()
    lines.add("Type", "oneshot", .standard("first-boot.type"))
    if !isRepeated { lines.add("RemainAfterExit", "yes", .standard("first-boot.type")) }
    lines.add("ExecStart", ExecWord.line(command, paths: plan.paths), executable.origin)
    lines.add("User", "root", .standard("first-boot.account"))
    lines.addWord("StateDirectory", stateDirectory.name, stateDirectory.origin)
    if let config = plan.node.clusterConfig {
      lines.addText(
        "LoadCredential", "cluster-config:\(config.path.value)", config.path.origin)
    }
    if !isRepeated {
      lines.add("Restart", "on-failure", .standard("first-boot.restart"))
      lines.add("RestartSec", Self.restartDelay.description, .standard("first-boot.restart"))
      // 3 says: wrong arguments. Those do not heal.
      lines.add("RestartPreventExitStatus", "3", .standard("first-boot.exit-status"))
    }
    lines.add("TimeoutStartSec", seconds(timeout.milliseconds), timeout.origin)
    more(&lines)
    lines.add(Hardening.directives(of: Hardening.firstBootPreset))
    return lines
  }

  private func seconds(_ milliseconds: Int) -> String { "\((milliseconds + 999) / 1000)s" }
}
