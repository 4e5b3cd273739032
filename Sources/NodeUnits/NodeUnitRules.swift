public import Diagnostics

/// What can be wrong with a resolved service once it is to become a unit.
public enum NodeUnitRules {
  static let stateOnMountPoint = Rule(
    "PR090", "state-on-mount-point",
    finds: "A volume is mounted on the state directory of a service with a transient account.",
    why: """
      DynamicUser= moves the directory below /var/lib/private and leaves a link in its place, which \
      cannot be done with a mount point: the service fails with 238/STATE_DIRECTORY.
      """,
    example: "volumes: {data: {mount: /var/lib/flaredb}}",
    instead: "volumes: {data: {mount: /var/lib}}")

  static let unwritableValue = Rule(
    "PR091", "unwritable-value",
    finds: "A value holds a character that a unit file or an environment file cannot carry.",
    why: "A line break would end the line and what follows would be read as another setting.",
    example: "environment: {GREETING: \"two\\nlines\"}",
    instead: "files: {greeting: {text: \"two\\nlines\"}}")

  static let oneshotRestart = Rule(
    "PR092", "oneshot-restart",
    finds: "A service of type oneshot is to be restarted always.",
    why: "systemd refuses the unit: a oneshot that has done its work would start anew for ever.",
    example: "start: {type: oneshot, restart: always}",
    instead: "start: {type: oneshot, restart: on-failure}")

  static let transientWriter = Rule(
    "PR093", "transient-account-writes", .warning,
    finds: "A service with a transient account writes a path outside /var/lib.",
    why: """
      The account has another number at every start and owns nothing that stays: what it wrote \
      before, it may not open again.
      """,
    example: "writes: [/opt/unibus/local_files]",
    instead: "user: unibus\nwrites: [/opt/unibus/local_files]",
    ignoreWhen: "everybody may write there")

  /// All of them, in order of code.
  public static let all: [Rule] = [stateOnMountPoint, unwritableValue, oneshotRestart, transientWriter]
}
