/// The directives that graphs and rules ask for by name, so that they compare a byte and no text.
public enum SettingKey: String, CaseIterable, Hashable, Sendable {
  // [Unit]
  case description = "Description"
  case requires = "Requires"
  case requisite = "Requisite"
  case wants = "Wants"
  case bindsTo = "BindsTo"
  case upholds = "Upholds"
  case partOf = "PartOf"
  case conflicts = "Conflicts"
  case before = "Before"
  case after = "After"
  case onFailure = "OnFailure"
  case onSuccess = "OnSuccess"
  case propagatesReloadTo = "PropagatesReloadTo"
  case reloadPropagatedFrom = "ReloadPropagatedFrom"
  case propagatesStopTo = "PropagatesStopTo"
  case stopPropagatedFrom = "StopPropagatedFrom"
  case joinsNamespaceOf = "JoinsNamespaceOf"
  case requiresMountsFor = "RequiresMountsFor"
  case wantsMountsFor = "WantsMountsFor"
  case defaultDependencies = "DefaultDependencies"
  case refuseManualStart = "RefuseManualStart"
  case allowIsolate = "AllowIsolate"
  case successAction = "SuccessAction"
  // [Service]
  case type = "Type"
  case execStart = "ExecStart"
  case execStartPre = "ExecStartPre"
  case execStartPost = "ExecStartPost"
  case execCondition = "ExecCondition"
  case execStop = "ExecStop"
  case execStopPre = "ExecStopPre"
  case execStopPost = "ExecStopPost"
  case execReload = "ExecReload"
  case restart = "Restart"
  case remainAfterExit = "RemainAfterExit"
  case timeoutSec = "TimeoutSec"
  case timeoutStartSec = "TimeoutStartSec"
  case busName = "BusName"
  case sockets = "Sockets"
  // Commands' surroundings
  case environment = "Environment"
  case environmentFile = "EnvironmentFile"
  case passEnvironment = "PassEnvironment"
  case workingDirectory = "WorkingDirectory"
  case rootDirectory = "RootDirectory"
  case rootImage = "RootImage"
  case stateDirectory = "StateDirectory"
  case cacheDirectory = "CacheDirectory"
  case logsDirectory = "LogsDirectory"
  case runtimeDirectory = "RuntimeDirectory"
  case configurationDirectory = "ConfigurationDirectory"
  case privateTmp = "PrivateTmp"
  case standardOutput = "StandardOutput"
  case standardError = "StandardError"
  case pamName = "PAMName"
  case user = "User"
  case dynamicUser = "DynamicUser"
  case slice = "Slice"
  // Sockets, timers, paths, mounts
  case accept = "Accept"
  case service = "Service"
  case unit = "Unit"
  case onCalendar = "OnCalendar"
  case persistent = "Persistent"
  case wherePath = "Where"
  case what = "What"
  case options = "Options"
  case mountType = "MountType"
  // [Install]
  case wantedBy = "WantedBy"
  case requiredBy = "RequiredBy"
  case upheldBy = "UpheldBy"
  case alias = "Alias"
  case also = "Also"
  case defaultInstance = "DefaultInstance"

  /// The key of a directive's name; older spellings that systemd still takes included.
  init?(directive name: String, in section: UnitSection) {
    switch (name, section) {
    case ("BindTo", _): self = .bindsTo
    case ("PropagateReloadTo", _): self = .propagatesReloadTo
    case ("PropagateReloadFrom", _): self = .reloadPropagatedFrom
    case ("Type", .mount): self = .mountType
    default:
      guard let key = Self(rawValue: name) else { return nil }
      self = key
    }
  }
}
