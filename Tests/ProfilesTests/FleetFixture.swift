import Diagnostics
import FleetModel
import HostFiles
import Testing

@testable import Profiles

/// The fleets that are shipped, loaded as the tool loads them.
struct FleetFixture {
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  let context: FleetContext
  let registry: SourceRegistry
  let report: Report

  /// Loads `profiles/NAME`; everything an error was found in is a failure of the test.
  init(_ name: String) throws {
    var registry = SourceRegistry()
    let profiles = ProfileLoader.load(folder: Self.root + "/profiles/" + name, registry: &registry)
    let set = try #require(profiles.value)
    let fleet = FleetResolution.resolve(set)
    var report = profiles.report
    report.merge(fleet.report)
    #expect(report.diagnostics.map(\.message) == [])
    context = try #require(fleet.value)
    self.registry = registry
    self.report = report
  }

  func node(_ name: String) throws -> Node {
    let resolved = NodeResolution.resolve(try #require(Name(name)), in: context)
    #expect(resolved.report.diagnostics.map(\.message) == [])
    return try #require(resolved.value).node
  }

  func service(_ name: String, on node: String) throws -> Service {
    try #require(try self.node(node).services.first { $0.name.value.description == name })
  }
}

extension Node {
  /// Each service's ports as `service.port protocol/number scopes`.
  var portTable: [String] {
    services.flatMap { service in
      service.ports.map { port in
        let network = port.network.map { "@\($0.value)" } ?? ""
        return
          "\(service.name.value).\(port.name.value) \(port.transport.rawValue)/\(port.number.value)\(network) "
          + port.scopes.map(\.value.rawValue).joined(separator: ",")
      }
    }
  }

  /// Each delivered file as `mode owner path`.
  var deliveryTable: [String] { deliveries.map { "\($0.mode) \($0.owner) \($0.path.value)" } }

  /// The hosts file as lines.
  var hostsTable: [String] { hosts.map { "\($0.address.value) \($0.names.joined(separator: " "))" } }
}
