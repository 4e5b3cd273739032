/// How a machine's firmware boots from the network.
public enum Firmware: String, CaseIterable, Sendable {
  /// PXE with BIOS.
  case bios
  /// PXE with UEFI of 64 bits.
  case uefi
  /// UEFI of 64 bits that fetches by HTTP.
  case uefiHTTP = "uefi-http"
  /// A card whose own program is iPXE, with BIOS: QEMU's.
  case ipxe

  var architecture: Int {
    switch self {
    case .bios, .ipxe: 0
    case .uefi: 7
    case .uefiHTTP: 16
    }
  }

  var platform: String { self == .bios || self == .ipxe ? "pcbios" : "efi" }
}

/// A tree and what its DHCP server makes of it, read once for any number of boots.
public struct BootServer: Sendable {
  let tree: PublishedTree
  let dhcp: DHCPConfiguration?
  let machines: [KnownMachine]
  let macs: Set<String>

  /// Reads the configuration of a tree.
  public init(_ tree: PublishedTree) {
    self.tree = tree
    dhcp = tree.texts["\(tree.generation)/dhcp/dnsmasq.conf"].map(DHCPConfiguration.init)
    machines = KnownMachine.all(in: tree)
    macs = Set(machines.flatMap(\.macs))
  }

  /// The card that a machine boots from, by its host name, its `FLEET-NODE` or the card's own address.
  public func mac(of name: String) -> String? {
    if macs.contains(name.lowercased()) { return name.lowercased() }
    return machines.first { $0.name == name || $0.file == name }?.macs.first
  }

  /// Host names of all machines, in order.
  public var names: [String] { machines.map(\.name).sorted() }
}

/// A boot from the network, played: DHCP, TFTP, HTTP, iPXE.
public struct BootWalk: Sendable {
  /// What is asked for, in order.
  public let fetches: [ChainFetch]
  /// How it ends.
  public let end: ChainEnd

  /// Programs that take a machine from firmware to iPXE, by how their names begin.
  private static let loaders = ["undionly", "snponly", "ipxe"]

  /// Plays a boot.
  ///
  /// - Parameters:
  ///   - mac: The address of the card, with colons.
  ///   - fails: Whether a fetch fails, by its number from 0 and its path; none unless said.
  public init(
    _ server: BootServer, firmware: Firmware, mac: String, fails: (Int, String) -> Bool = { _, _ in false }
  ) {
    var fetches: [ChainFetch] = []
    end = withoutActuallyEscaping(fails) { fails in
      Self.walk(server, firmware, mac.lowercased(), fails, &fetches)
    }
    self.fetches = fetches
  }

  /// Bytes that all fetches come to.
  public var bytes: Int { fetches.reduce(0) { $0 + ($1.bytes ?? 0) } }

  /// Milliseconds that so many machines need to fetch it all at once from one server of so many bits a second.
  public func milliseconds(machines: Int, bitsPerSecond: Int) -> Int {
    let (bits, overflow) = (bytes * 8).multipliedReportingOverflow(by: max(machines, 1))
    return overflow ? Int.max : bits / max(bitsPerSecond / 1000, 1)
  }

  private static func walk(
    _ server: BootServer, _ firmware: Firmware, _ mac: String, _ fails: @escaping (Int, String) -> Bool,
    _ fetches: inout [ChainFetch]
  ) -> ChainEnd {
    guard let dhcp = server.dhcp else { return .stuck("there is no dnsmasq.conf") }
    guard server.macs.contains(mac) else { return .stuck("DHCP does not know \(mac)") }
    let tree = server.tree
    var client = DHCPConfiguration.Client(architecture: firmware.architecture, isIPXE: firmware == .ipxe)
    while true {
      guard let boot = dhcp.boot(for: client) else { return .stuck("DHCP offers nothing to boot") }
      let isHTTP = boot.name.hasPrefix("http://")
      guard let path = isHTTP ? ChainAddress.path(boot.name, from: "") : "current/tftp/\(boot.name)" else {
        return .stuck("DHCP offers \(boot.name)")
      }
      let size = fails(fetches.count, path) ? nil : tree.size(of: path)
      fetches.append(ChainFetch(scheme: isHTTP ? "http" : "tftp", path: path, bytes: size))
      guard size != nil else { return .stuck("\(path) is not there") }
      let name = path.split(separator: "/").last ?? ""
      if loaders.contains(where: name.hasPrefix), !name.hasSuffix(".ipxe") {
        // iPXE asks DHCP again, as itself.
        guard !client.isIPXE else { return .stuck("iPXE is sent to \(name) again, for ever") }
        client.isIPXE = true
        // Whatever fetched it, iPXE for UEFI asks as UEFI by PXE.
        if firmware == .uefiHTTP { client.architecture = 7 }
        continue
      }
      var run = ScriptRun(
        machine: settings(firmware, mac), tree: tree, fetches: fetches, fails: fails)
      let end = run.run(path)
      fetches = run.fetches
      return end
    }
  }

  private static func settings(_ firmware: Firmware, _ mac: String) -> [String: String] {
    let hyphened = mac.split(separator: ":").joined(separator: "-")
    return [
      "platform": firmware.platform, "buildarch": firmware.platform == "efi" ? "x86_64" : "i386", "mac": mac,
      "net0/mac": mac, "netX/mac": mac, "mac:hexhyp": hyphened, "net0/mac:hexhyp": hyphened,
      "netX/mac:hexhyp": hyphened, "uuid": "", "serial": "", "product": "", "errno": "0",
    ]
  }
}
