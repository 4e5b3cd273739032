public import Diagnostics

/// The rules of sandboxes in profiles.
public enum HardeningRules {
  static let unknownPreset = Rule(
    "PR080", "unknown-sandbox-preset",
    finds: "A sandbox names a preset that does not exist.",
    why: "The service would run without the walls the profile asks for.",
    example: "sandbox: {preset: network-deamon}",
    instead: "sandbox: {preset: network-daemon}")

  static let unknownDirective = Rule(
    "PR081", "unknown-sandbox-directive",
    finds: "A sandbox exception names something that is no sandbox directive of systemd.",
    why: "systemd would ignore the line with a warning, and the exception would do nothing.",
    example: "except: {PrivateDevice: {value: no, reason: \"opens /dev/kvm\"}}",
    instead: "except: {PrivateDevices: {value: no, reason: \"opens /dev/kvm\"}}")

  static let missingReason = Rule(
    "PR082", "sandbox-exception-without-reason",
    finds: "A sandbox exception gives no reason.",
    why: "Nobody who reviews the profile later can tell whether the hole is still needed.",
    example: "except: {MemoryDenyWriteExecute: {value: no, reason: \"\"}}",
    instead: "except: {MemoryDenyWriteExecute: {value: no, reason: \"LuaJIT generates code\"}}")

  static let badValue = Rule(
    "PR083", "sandbox-exception-value",
    finds: "The value of a sandbox exception holds a line break or another control character.",
    why: "It would end the line in the unit file, and what follows would be read as a directive.",
    example: "except: {UMask: {value: \"0022\\nUser=root\", reason: \"shared files\"}}",
    instead: "except: {UMask: {value: \"0022\", reason: \"shared files\"}}")

  static let needsRoot = Rule(
    "PR084", "sandbox-needs-root",
    finds: "A service with a preset for the superuser runs as another account.",
    why: """
      DynamicUser= implies a private view of the file system, and mounts made in it never reach the \
      host; another account may not mount at all.
      """,
    example: "sandbox: {preset: container-host}",
    instead: "user: root\nsandbox: {preset: container-host}")

  static let emptyException = Rule(
    "PR085", "sandbox-exception-without-effect", .warning,
    finds: "A sandbox exception says what its preset says anyway.",
    why: "It reads as a hole that is not there, and hides the ones that are.",
    example: "sandbox: {preset: network-daemon, except: {PrivateTmp: {value: yes, reason: \"…\"}}}",
    instead: "sandbox: {preset: network-daemon}",
    ignoreWhen: "the preset is expected to change")

  static let privilegedPort = Rule(
    "PR086", "sandbox-denies-port", .warning,
    finds: "A sandbox exception takes away CAP_NET_BIND_SERVICE from a service with a port below 1024.",
    why: "An account other than root may bind such a port with that capability only (ip(7)).",
    example:
      "ports: {dns: {udp: 53}}\nsandbox: {except: {AmbientCapabilities: {value: \"\", reason: \"…\"}}}",
    instead: "ports: {dns: {udp: 53}}\nsandbox: {preset: network-daemon}",
    ignoreWhen: "the service gets the port from a socket unit or net.ipv4.ip_unprivileged_port_start")

  /// All of them, in order of code.
  public static let all: [Rule] = [
    unknownPreset, unknownDirective, missingReason, badValue, needsRoot, emptyException, privilegedPort,
  ]
}
