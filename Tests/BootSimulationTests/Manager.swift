import HostFiles
import Testing

/// A real systemd, as a user's manager in namespaces of its own.
enum Manager {
  /// What it says of a unit.
  struct State: Hashable {
    /// `active`, `failed` and so on.
    var active = ""
    /// Another one after each start.
    var invocation = ""
  }

  /// Boots `all.target` of a folder's units and tells their states once nothing is under way; then
  /// kills and stops units, and tells the states again.
  static func run(
    _ units: [(path: String, text: String)], kill: [String], stop: [String]
  ) throws -> (booted: [String: State], after: [String: State]) {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-boot")
    defer { try? HostFile.removeTree(folder) }
    try HostFile.makeDirectories(folder + "/units", mode: 0o755)
    for unit in units {
      try HostFile.write(Array(unit.text.utf8), to: "\(folder)/units/\(unit.path)", mode: 0o644)
    }
    for (name, words) in [("kill", kill), ("stop", stop)] {
      try HostFile.write(
        Array((words.joined(separator: "\n") + "\n").utf8), to: "\(folder)/\(name)", mode: 0o644)
    }
    for (name, text) in [("fork", fork), ("inside", inside)] {
      try HostFile.write(Array(text.utf8), to: "\(folder)/\(name)", mode: 0o755)
    }
    let result = try HostProgram.run(["bash", "-c", outside, "manager", folder], seconds: 240)
    let errors = String(decoding: result.errors, as: UTF8.self)
    try #require(result.status == 0, "\(errors)")
    let parts = String(decoding: result.output, as: UTF8.self).components(of: "====\n")
    try #require(parts.count == 2)
    return (states(parts[0]), states(parts[1]))
  }

  private static func states(_ text: String) -> [String: State] {
    var states: [String: State] = [:]
    var unit = ""
    for line in text.split(separator: "\n") {
      let words = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard words.count == 2 else { continue }
      switch words[0] {
      case "Id": unit = String(words[1])
      case "ActiveState": states[unit, default: State()].active = String(words[1])
      case "InvocationID": states[unit, default: State()].invocation = String(words[1])
      default: break
      }
    }
    return states
  }

  /// A daemon that forks: ready when the parent ends.
  private static let fork = """
    #!/bin/sh
    sleep 1000 > /dev/null 2>&1 &
    """

  /// Namespaces, so that nothing outlives the test, and a control group of its own.
  private static let outside = """
    set -eu
    folder=$1
    tree=/sys/fs/cgroup/unified
    [ -e $tree/cgroup.procs ] || tree=/sys/fs/cgroup
    own=$(sed -n 's/^0:://p' /proc/self/cgroup)
    group=$tree$own/imagegen-boot-$$
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

  /// Nothing is under way when there is no job, no unit on its way, and nothing has changed since the
  /// last look.
  private static let inside = """
    set -eu
    folder=$1
    mount -t tmpfs none /run
    mkdir -p /run/systemd/system /run/user
    chmod 700 /run/user
    export XDG_RUNTIME_DIR=/run/user SYSTEMD_UNIT_PATH="$folder/units:" HOME="$folder" SYSTEMD_LOG_TARGET=null
    sc() { systemctl --user "$@"; }
    show() { sc show -p Id -p ActiveState -p InvocationID 'g*.service'; }
    settle() {
      local last="" now
      for attempt in $(seq 500); do
        sleep 0.4
        now=$(show)
        if [ "$now" = "$last" ] && ! grep -q 'ing$' <<< "$now" && [ -z "$(sc --no-legend list-jobs)" ]; then
          return 0
        fi
        last=$now
      done
    }
    /lib/systemd/systemd --user --unit=all.target > "$folder/log" 2>&1 &
    for attempt in $(seq 2000); do [ -S /run/user/systemd/private ] && break; sleep 0.05; done
    settle
    show
    echo ====
    while read -r unit; do [ -z "$unit" ] || sc kill -s KILL "$unit"; done < "$folder/kill"
    while read -r unit; do [ -z "$unit" ] || sc stop --no-block "$unit"; done < "$folder/stop"
    settle
    show
    """
}

extension String {
  /// The parts between occurrences of a text.
  fileprivate func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
