import Diagnostics
import HostFiles
import SystemdUnits
import Testing

/// A real systemd, as a user's manager in namespaces of its own, over generated units.
///
/// What is kept of a unit is what decides over jobs: its `[Unit]` section and how it starts and
/// restarts. Sandboxes need a system manager, programs are stand-ins: a daemon forks, a step is done,
/// and either fails while a file `broken-NAME` lies in the folder.
enum Manager {
  /// Runs shell commands against the manager and returns what they print. `wait STATE UNIT…` waits
  /// until all units are in a state, `states UNIT…` prints theirs.
  static func run(_ units: [UnitFile], _ commands: String) throws -> String {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-manager")
    defer { try? HostFile.removeTree(folder) }
    let wants = folder + "/units/default.target.wants"
    try HostFile.makeDirectories(wants, mode: 0o755)
    for unit in units {
      try HostFile.write(
        Array(staged(unit, folder).utf8), to: "\(folder)/units/\(unit.name)", mode: 0o644)
      let link = try HostProgram.run(["ln", "-s", "../\(unit.name)", "\(wants)/\(unit.name)"])
      try #require(link.status == 0)
    }
    for (name, text) in [("stub", stub), ("inside", inside), ("commands", commands)] {
      try HostFile.write(Array(text.utf8), to: "\(folder)/\(name)", mode: 0o755)
    }
    let result = try HostProgram.run(["bash", "-c", outside, "manager", folder], seconds: 120)
    let errors = String(decoding: result.errors, as: UTF8.self)
    try #require(result.status == 0, "\(errors)")
    return String(decoding: result.output, as: UTF8.self)
  }

  private static func staged(_ unit: UnitFile, _ folder: String) -> String {
    let isStep = unit.values("Type", in: "Service") == ["oneshot"]
    var staged = unit
    for index in staged.sections.indices {
      let directives = staged.sections[index].directives
      switch staged.sections[index].name {
      case "Unit":
        staged.sections[index].directives = directives.filter { $0.key != "RequiresMountsFor" }.map {
          var directive = $0
          if directive.key == "ConditionPathExists" { directive.value = "!\(folder)/marker-none" }
          return directive
        }
      case "Service":
        let kept = ["RemainAfterExit", "Restart", "SuccessExitStatus", "RestartPreventExitStatus"]
        let own: [(String, String)] = [
          ("Type", isStep ? "oneshot" : "forking"), ("RestartSec", "300ms"),
          ("ExecStart", "\(folder)/stub \(folder) \(isStep ? "step" : "daemon") \(unit.name)"),
        ]
        staged.sections[index].directives =
          directives.filter { kept.contains($0.key) }
          + own.map { UnitFile.Directive($0.0, $0.1, .standard("test")) }
      default: staged.sections[index].directives = []
      }
    }
    return staged.text
  }

  private static let stub = """
    #!/bin/sh
    if [ -e "$1/broken-$3" ]; then
      touch "$1/tried-$3"
      exit 1
    fi
    [ "$2" = step ] && exit 0
    sleep 1000 > /dev/null 2>&1 &
    exit 0
    """

  /// Namespaces, so that nothing outlives the test, and a control group of its own.
  private static let outside = """
    set -eu
    folder=$1
    tree=/sys/fs/cgroup/unified
    [ -e $tree/cgroup.procs ] || tree=/sys/fs/cgroup
    own=$(sed -n 's/^0:://p' /proc/self/cgroup)
    group=$tree$own/imagegen-test-$$
    mkdir "$group" && echo $$ > "$group/cgroup.procs"
    leave() {
      echo $$ > "$tree$own/cgroup.procs"
      for attempt in 1 2 3 4 5 6 7 8 9; do
        find "$group" -depth -type d -exec rmdir {} + 2> /dev/null && return 0
        sleep 0.1
      done
    }
    trap leave EXIT
    unshare --mount --pid --fork --mount-proc --kill-child bash "$folder/inside" "$folder"
    """

  private static let inside = """
    set -eu
    folder=$1
    mount -t tmpfs none /run
    mkdir -p /run/systemd/system /run/user
    chmod 700 /run/user
    export XDG_RUNTIME_DIR=/run/user SYSTEMD_UNIT_PATH="$folder/units:" HOME="$folder" SYSTEMD_LOG_TARGET=null
    printf '[Unit]\\nDescription=all\\n' > "$folder/units/default.target"
    systemctl() { command systemctl --user "$@"; }
    states() { for unit in "$@"; do printf '%s=%s ' "$unit" "$(systemctl is-active "$unit" || :)"; done; echo; }
    wait() {
      local state=$1; shift
      for unit in "$@"; do
        for attempt in $(seq 2000); do
          [ "$(systemctl is-active "$unit" || :)" = "$state" ] && break
          sleep 0.05
        done
      done
    }
    # Returns when a broken unit was started in vain.
    tried() { until [ -e "$folder/tried-$1" ]; do sleep 0.05; done; }
    # Returns when a unit no longer waits to be started.
    given_up() { while systemctl --no-legend list-jobs | grep -q " $1 "; do sleep 0.05; done; }
    boot() {
      /lib/systemd/systemd --user > "$folder/log" 2>&1 &
      for attempt in $(seq 2000); do [ -S /run/user/systemd/private ] && break; sleep 0.05; done
    }
    . "$folder/commands"
    """
}
