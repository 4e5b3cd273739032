/// What one unit asks of another (systemd.unit(5)).
public enum DependencyKind: String, CaseIterable, Hashable, Sendable {
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
  case triggers = "Triggers"
  case propagatesReloadTo = "PropagatesReloadTo"
  case reloadPropagatedFrom = "ReloadPropagatedFrom"
  case propagatesStopTo = "PropagatesStopTo"
  case stopPropagatedFrom = "StopPropagatedFrom"
  case joinsNamespaceOf = "JoinsNamespaceOf"
  case inSlice = "InSlice"

  /// Whether starting the one starts the other, or at least asks for it to run.
  public var pullsIn: Bool {
    switch self {
    case .requires, .requisite, .wants, .bindsTo, .upholds: true
    default: false
    }
  }

  /// Whether the one cannot start when the other does not.
  public var isMandatory: Bool {
    switch self {
    case .requires, .requisite, .bindsTo: true
    default: false
    }
  }

  /// Whether it says nothing but who comes first.
  public var isOrdering: Bool { self == .before || self == .after }
}
