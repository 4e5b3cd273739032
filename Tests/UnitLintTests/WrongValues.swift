/// A value that no directive takes whose values have a form, and what becomes of it.
enum WrongValues {
  static let never = "!bad value"

  /// Directives whose values systemd refuses and the linter leaves to it: what is right depends on the host,
  /// or the form is a language of its own.
  static let leftToSystemd: Set<String> = [
    "BPFProgram", "BusName", "CoredumpFilter", "Delegate", "DisableControllers", "ExtensionImages",
    "IPAddressDeny",
    "LimitCPU", "LimitNICE", "LimitRTTIME", "ListenNetlink", "LogExtraFields", "LogNamespace", "MountImages",
    "Personality", "RestartForceExitStatus", "RestartPreventExitStatus", "RootHash", "RootHashSignature",
    "SocketBindDeny", "StandardInputData", "SuccessExitStatus", "SystemCallLog",
  ]

  /// Told by a rule of another family, whose business it is when to tell.
  static let elsewhere: Set<String> = ["OnCalendar"]

  /// What systemd takes without a word, or reads as something else, and the linter calls wrong.
  static let toldByUs: Set<String> = [
    // Read by `systemctl enable` alone, which refuses them.
    "Alias", "Also", "RequiredBy", "WantedBy",
    // Names of capabilities that systemd skips at debug level.
    "AmbientCapabilities", "CapabilityBoundingSet",
    // Not a path that a daemon may write, and an old home.
    "PIDFile", "RebootArgument",
    // No name of an instance, and no file system.
    "DefaultInstance", "What",
  ]

  /// Right values that need something of the host.
  static let needHost: Set<String> = ["Slice"]
}
