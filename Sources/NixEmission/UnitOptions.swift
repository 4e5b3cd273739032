internal import Diagnostics
internal import FleetModel
internal import SystemdUnits

/// A unit file as the NixOS option that writes the same file (systemd.unit(5); NixOS's
/// `systemd-unit-options.nix`).
struct UnitOptions {
  /// `services`, `timers`: the attribute of `systemd`.
  let kind: String
  /// The unit's name without its type.
  let name: String
  /// Its options.
  let options: NixSet

  /// - Parameter references: paths in commands and credentials that NixOS has elsewhere.
  init?(_ unit: UnitFile, references: PathReferences) {
    guard let dot = unit.name.lastIndex(of: "."), dot != unit.name.startIndex,
      let kind = Self.kinds.first(where: { $0.suffix == unit.name[unit.name.index(after: dot)...] })
    else { return nil }
    self.kind = kind.attribute
    name = String(unit.name[..<dot])
    var options = NixSet()
    for section in unit.sections {
      switch section.name {
      case "Unit": Self.addUnit(section, to: &options, references)
      case "Install":
        // Instances are wanted, never the template.
        if !name.hasSuffix("@") { Self.addLists(section, Self.installs, to: &options) }
      default:
        guard section.name == kind.section else { return nil }
        options.add(kind.option, set: Self.config(section.directives, references))
      }
    }
    self.options = options
  }

  private static let kinds: [(suffix: String, attribute: String, section: String, option: String)] = [
    ("service", "services", "Service", "serviceConfig"), ("target", "targets", "", ""),
    ("timer", "timers", "Timer", "timerConfig"), ("socket", "sockets", "Socket", "socketConfig"),
    ("path", "paths", "Path", "pathConfig"), ("slice", "slices", "Slice", "sliceConfig"),
  ]

  /// Directives of [Unit] that are options of their own: lists of units, merged with those that other
  /// modules add.
  private static let lists = [
    "After": "after", "Before": "before", "Requires": "requires", "Requisite": "requisite", "Wants": "wants",
    "BindsTo": "bindsTo", "PartOf": "partOf", "Conflicts": "conflicts", "Upholds": "upholds",
    "OnFailure": "onFailure", "OnSuccess": "onSuccess", "Documentation": "documentation",
  ]

  private static let installs = [
    "WantedBy": "wantedBy", "RequiredBy": "requiredBy", "UpheldBy": "upheldBy", "Alias": "aliases",
  ]

  private static func addUnit(
    _ section: UnitFile.Section, to options: inout NixSet, _ references: PathReferences
  ) {
    for directive in section.directives where directive.key == "Description" {
      options.add("description", to: .literal(directive.value), directive.origin)
    }
    addLists(section, lists, to: &options)
    let others = section.directives.filter { $0.key != "Description" && lists[$0.key] == nil }
    options.add("unitConfig", set: config(others, references))
  }

  private static func addLists(
    _ section: UnitFile.Section, _ names: [String: String], to options: inout NixSet
  ) {
    for (key, directives) in grouped(section.directives) {
      guard let option = names[key] else { continue }
      options.add(
        option,
        list: directives.flatMap { directive in
          directive.value.split(separator: " ").map { Sourced(String($0), directive.origin) }
        })
    }
  }

  /// Values as they stand in the file. A directive that stands there several times is a list, which
  /// NixOS writes as several lines again.
  private static func config(
    _ directives: [UnitFile.Directive], _ references: PathReferences
  ) -> NixSet {
    var set = NixSet()
    for (key, group) in grouped(directives) {
      let values = group.map { references.replace(in: $0.value, of: key) }
      set.add(key, to: values.count == 1 ? values[0] : .list(values), group[0].origin)
    }
    return set
  }

  /// By key, in the order keys first stand in the file.
  private static func grouped(
    _ directives: [UnitFile.Directive]
  ) -> [(key: String, directives: [UnitFile.Directive])] {
    var groups: [(key: String, directives: [UnitFile.Directive])] = []
    var places: [String: Int] = [:]
    for directive in directives {
      if let place = places[directive.key] {
        groups[place].directives.append(directive)
      } else {
        places[directive.key] = groups.count
        groups.append((directive.key, [directive]))
      }
    }
    return groups
  }
}
