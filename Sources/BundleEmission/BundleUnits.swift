import Bundles
import FleetModel

/// The units of a bundle with what the node must know to enable and watch them.
struct BundleUnits {
  let node: Node

  /// A row for each unit file; drop-ins belong to units that are there already.
  func units(in files: [BundleFile]) -> [BundleManifest.Unit] {
    var services: [String: Service] = [:]
    for service in node.services { services[Self.fileName(of: service)] = service }
    return files.compactMap { file in
      guard file.fileClass == .unit, case .bytes(let text) = file.content,
        file.path.parent.map({ "\($0)/" }) == BundleContents.unitFolder
      else { return nil }
      let name = file.path.lastComponent
      let service = services[name]
      return BundleManifest.Unit(
        name: name, isEnabled: Self.hasInstallSection(text),
        instances: service?.instances.map(\.value) ?? [],
        live: (service?.health.live).map(BundleManifest.Probe.init),
        ready: (service?.health.ready).map(BundleManifest.Probe.init))
    }
  }

  /// The file that holds a service's unit: a template's has an at sign.
  private static func fileName(of service: Service) -> String {
    service.unitName.value + (service.instances.isEmpty ? ".service" : "@.service")
  }

  /// Whether a line of the unit is `[Install]` (systemctl(1), enable).
  private static func hasInstallSection(_ text: [UInt8]) -> Bool {
    text.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual("[Install]".utf8) }
  }
}
