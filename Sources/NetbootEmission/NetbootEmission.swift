public import Artifacts
public import Diagnostics
public import FleetModel
import JSONText

/// Writes `netboot/`: a node's iPXE script under its name and under each of its addresses, the kernel's
/// command line, and which images the script fetches.
public enum NetbootEmission {
  /// The files of a node.
  ///
  /// - Parameter images: `nil` for the fleet's installer, not built yet.
  public static func artifacts(for node: Node, images: BootImages? = nil) -> Checked<[Artifact]> {
    let images = images ?? .installer(node.target.architecture.value)
    let macs = node.macAddresses
    let checked = KernelCommandLine.checked(for: node, prefix: images.commandLinePrefix)
    var report = checked.report
    if macs.isEmpty {
      report.add(
        Diagnostic(
          NetbootRules.noAddress, "\(node.name.value) has no network card to boot from",
          at: node.name.span, help: "give the node a mac, or leave netboot out of its outputs"))
    }
    guard let commandLine = checked.value, !report.hasErrors else { return Checked(nil, report) }
    let script = BootScript(
      node: node.name.value.description, images: images, commandLine: commandLine)
    let bytes = Array(script.text.utf8)
    var files: [(String, ArtifactKind, [UInt8], Origin)] = [
      ("\(node.name.value).ipxe", .ipxe, bytes, node.name.origin),
      ("cmdline", .cmdline, Array("\(commandLine.text)\n".utf8), node.name.origin),
      ("references.json", .manifest, images.references.sorted.pretty, node.name.origin),
    ]
    files += macs.map { ("mac-\($0.value.hyphenated).ipxe", .ipxe, bytes, $0.origin) }
    let artifacts = files.compactMap { name, kind, bytes, origin in
      ArtifactPath("netboot/\(name)").map {
        Artifact($0, kind: kind, content: .bytes(bytes), origin: origin)
      }
    }
    return Checked(artifacts, report)
  }
}

extension Node {
  /// Addresses of all its network cards, in order of links, each once.
  var macAddresses: [Sourced<MACAddress>] { cards.map(\.address) }

  /// All its network cards with the network that each is plugged into: a bond's members are on the
  /// bond's, and a card without addresses is on that of the first VLAN it carries.
  var cards: [(address: Sourced<MACAddress>, network: Name?)] {
    var seen = Set<MACAddress>()
    var cards: [(address: Sourced<MACAddress>, network: Name?)] = []
    for link in links {
      let network = link.addresses.first?.network.name.value ?? carried(on: link.name.value)
      switch link.kind {
      case .ethernet(let address): cards.append((address, network))
      case .bond(let members, _): cards += members.map { ($0, network) }
      case .vlan, .unmanaged: break
      }
    }
    return cards.filter { seen.insert($0.address.value).inserted }
  }

  private func carried(on link: Name) -> Name? {
    for other in links {
      if case .vlan(_, let parent) = other.kind, parent.value == link {
        return other.addresses.first?.network.name.value
      }
    }
    return nil
  }
}
