import SystemdUnits

/// What `DefaultDependencies=yes` adds to a unit of each type of the system manager (the sections
/// "Default Dependencies" of systemd.service(5) and its like).
enum DefaultDependencies {
  static func of(_ facts: DependencyFacts) -> [(DependencyKind, String)] {
    let shutdown: [(DependencyKind, String)] = [
      (.before, "shutdown.target"), (.conflicts, "shutdown.target"),
    ]
    let early: [(DependencyKind, String)] = [(.requires, "sysinit.target"), (.after, "sysinit.target")]
    let umount: [(DependencyKind, String)] = [(.before, "umount.target"), (.conflicts, "umount.target")]
    switch facts.name.type {
    case .service: return early + [(.after, "basic.target")] + shutdown
    case .socket: return [(.before, "sockets.target")] + early + shutdown
    case .timer:
      let clock: [(DependencyKind, String)] = [(.after, "time-set.target"), (.after, "time-sync.target")]
      return [(.before, "timers.target")] + early + shutdown + (facts.needsClock ? clock : [])
    case .path: return [(.before, "paths.target")] + early + shutdown
    case .target, .slice, .scope: return shutdown
    case .swap: return [(.before, "swap.target")] + umount
    case .automount: return [(.before, "local-fs.target"), (.after, "local-fs-pre.target")] + umount
    case .mount: return mount(facts) + umount
    case .device: return []
    }
  }

  private static func mount(_ facts: DependencyFacts) -> [(DependencyKind, String)] {
    let memory: [(DependencyKind, String)] = facts.mount.isMemory ? [(.after, "swap.target")] : []
    guard facts.mount.isNetwork else {
      return (facts.mount.isNofail ? [] : [(.before, "local-fs.target")]) + [(.after, "local-fs-pre.target")]
        + memory
    }
    return (facts.mount.isNofail ? [] : [(.before, "remote-fs.target")]) + [
      (.after, "remote-fs-pre.target"), (.after, "network.target"), (.wants, "network-online.target"),
      (.after, "network-online.target"),
    ] + memory
  }
}
