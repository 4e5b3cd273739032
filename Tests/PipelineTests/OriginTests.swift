import Diagnostics
import DiskPlanning
import FleetModel
import SystemdUnits
import Testing

@testable import NixEmission

/// Every line that is generated for the project's fleets says why it is there.
@Suite struct OriginTests {
  /// A line of a profile, or a default that has a name.
  private func isReason(_ origin: Origin, _ fleet: ProjectFleet) -> Bool {
    switch origin {
    case .profile(let span): span.start < span.end
    case .standard(let name): name.utf8.count > 3 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
  }

  @Test(arguments: ProjectFleet.folders)
  func everyDirectiveHasAReason(folder: String) throws {
    let fleet = try ProjectFleet(folder)
    var profiles = 0
    for node in fleet.nodes {
      for unit in try ProjectFleet.units(of: node) {
        for section in unit.sections {
          for directive in section.directives {
            #expect(isReason(directive.origin, fleet), "\(node.name.value) \(unit.name) \(directive.key)")
            if case .profile = directive.origin { profiles += 1 }
          }
        }
      }
    }
    #expect(profiles > 8 * fleet.nodes.count, "much of it comes from the profile")
  }

  @Test(
    arguments: [
      "plasmacloud", "examples/plasmacloud-growth", "disks/btrfs", "disks/lvm", "disks/mirror",
      "disks/raid5-luks", "disks/several-disks", "disks/swap", "disks/zfs-raidz",
    ])
  func everyAttributeHasAReason(folder: String) throws {
    let fleet = try ProjectFleet(folder)
    for node in fleet.nodes {
      var report = Report()
      let units = try ProjectFleet.units(of: node)
      let disk = try #require(node.disk)
      let plan = try #require(DiskPlanner.plan(disk).value)
      let modules: [(String, NixExpression)] = [
        ("configuration", ConfigurationModule(node, plan: plan, hasExtra: false).expression),
        ("hardware", HardwareModule(node, plan: plan).expression),
        ("network", NetworkModule(node).expression(&report)), ("disko", DiskoModule(plan).expression),
        ("services", ServicesModule(node, units: units, contents: [:]).expression(&report)),
      ]
      for (name, module) in modules {
        let bindings = bindings(of: module)
        #expect(bindings.count > 1, "\(name)")
        for binding in bindings {
          #expect(isReason(binding.origin, fleet), "\(node.name.value) \(name) \(binding)")
        }
      }
    }
  }

  private func bindings(of expression: NixExpression) -> [NixSet.Binding] {
    switch expression {
    case .set(let set): set.bindings.flatMap(bindings)
    case .list(let elements): elements.flatMap(bindings)
    case .function(_, let body): bindings(of: body)
    case .local(let set, let body): set.bindings.flatMap(bindings) + bindings(of: body)
    case .apply(let callee, let arguments): bindings(of: callee) + arguments.flatMap(bindings)
    case .update(let left, let right), .concatenation(let left, let right):
      bindings(of: left) + bindings(of: right)
    default: []
    }
  }

  private func bindings(of binding: NixSet.Binding) -> [NixSet.Binding] {
    guard case .value(_, let value) = binding.content else { return [binding] }
    return [binding] + bindings(of: value)
  }
}
