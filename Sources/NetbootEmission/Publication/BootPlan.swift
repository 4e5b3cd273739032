public import Digests
public import FleetModel

/// A file of the store, named by its digest.
public struct StoredFile: Hashable, Sendable {
  /// What it is called in its folder: iPXE and firmware go by the ending.
  public var name: String
  /// The digest of its bytes.
  public var digest: SHA256Digest
  /// How many there are.
  public var size: Int

  /// Makes a file.
  public init(name: String, digest: SHA256Digest, size: Int) {
    self.name = name
    self.digest = digest
    self.size = size
  }

  /// Its path below the root: `store/sha256/AB/DIGEST/NAME`.
  public var path: String { "store/sha256/\(digest.description.prefix(2))/\(digest)/\(name)" }
}

/// What a machine does when it boots from the network.
public enum BootState: Hashable, Sendable {
  /// Boots the image and reports; nothing may be wiped.
  case discover
  /// Boots the image, and may be wiped once for this nonce of 32 hexadecimal digits.
  case armed(nonce: String)
  /// Boots from its disk; the nonce that it was installed by, when there was one.
  case installed(nonce: String?)

  /// The word for it.
  public var word: String {
    switch self {
    case .discover: "discover"
    case .armed: "armed"
    case .installed: "installed"
    }
  }

  /// The nonce, where there is one.
  public var nonce: String? {
    switch self {
    case .discover: nil
    case .armed(let nonce): nonce
    case .installed(let nonce): nonce
    }
  }
}

/// A node as the boot server knows it.
public struct BootMachine: Hashable, Sendable {
  /// A card and what DHCP gives it.
  public struct Card: Hashable, Sendable {
    /// Its address.
    public var mac: MACAddress
    /// The address it gets; `nil` where the network has none for it.
    public var address: IPAddress?
  }

  /// Its fleet.
  public var fleet: Name
  /// Its name there.
  public var node: Name
  /// What DHCP calls it.
  public var host: String
  /// In order of address.
  public var cards: [Card]
  /// The kernel's words without those of `initrd=` and the nonce.
  public var words: [String]
  /// The kernel.
  public var kernel: StoredFile
  /// With the names that the script calls them by, in the order loaded.
  public var initrds: [(name: String, file: StoredFile)]
  /// What it does.
  public var state: BootState

  /// The whole command line of the kernel, as a machine with BIOS shows it in /proc/cmdline.
  public var commandLine: String {
    let nonce: [String]
    if case .armed(let text) = state { nonce = ["imagegen.nonce=\(text)"] } else { nonce = [] }
    return (initrds.map { "initrd=\($0.name)" } + words + nonce).joined(separator: " ")
  }

  public static func == (left: BootMachine, right: BootMachine) -> Bool {
    left.fleet == right.fleet && left.node == right.node && left.host == right.host
      && left.cards == right.cards
      && left.words == right.words && left.kernel == right.kernel && left.state == right.state
      && left.initrds.elementsEqual(right.initrds) { $0 == $1 }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(fleet)
    hasher.combine(node)
  }
}

/// Addresses that DHCP serves.
public struct BootSubnet: Hashable, Sendable {
  /// The block, IPv4.
  public var block: AddressBlock
  /// The router.
  public var gateway: IPAddress?
  /// Resolvers, in order.
  public var dns: [IPAddress]

  /// Makes a subnet.
  public init(block: AddressBlock, gateway: IPAddress?, dns: [IPAddress]) {
    self.block = block
    self.gateway = gateway
    self.dns = dns
  }
}

/// Everything that a boot server serves: what is published is a view of this, and `manifest.json` holds it, so that a
/// state can be changed, or a former plan served again, without the profiles.
public struct BootPlan: Sendable {
  /// In order of fleet and name.
  public var machines: [BootMachine]
  /// In order of block.
  public var subnets: [BootSubnet]
  /// Programs that firmware loads first, by their name below `tftp/`.
  public var loaders: [String: StoredFile]
  /// The server's address, for firmware that boots by HTTP: it takes nothing but whole addresses.
  public var server: String?

  /// Makes an empty plan.
  public init() {
    machines = []
    subnets = []
    loaders = [:]
  }

  /// Puts a machine in the place of the one of its name, whose state stays.
  public mutating func put(_ machine: BootMachine) {
    var machine = machine
    if let index = machines.firstIndex(where: { $0.fleet == machine.fleet && $0.node == machine.node }) {
      machine.state = machines[index].state
      machines[index] = machine
    } else {
      machines.append(machine)
      machines.sort { ($0.fleet, $0.node) < ($1.fleet, $1.node) }
    }
  }

  /// Every file of the store that the plan needs, each once, in order of path.
  public var files: [StoredFile] {
    var files = Set(loaders.values)
    for machine in machines {
      files.insert(machine.kernel)
      files.formUnion(machine.initrds.map(\.file))
    }
    return files.sorted { $0.path < $1.path }
  }
}

extension BootMachine {
  /// The machine of a node, not armed; `nil` when it has no card to boot from.
  public init?(
    _ node: Node, kernel: StoredFile, initrds: [(name: String, file: StoredFile)],
    commandLine: KernelCommandLine
  ) {
    let cards = node.cards.map { card in
      Card(
        mac: card.address.value,
        address: node.addresses.first {
          $0.network.name.value == card.network && $0.address.value.width == 32
        }?.address.value)
    }
    guard !cards.isEmpty else { return nil }
    self.init(
      fleet: node.fleet, node: node.name.value, host: node.hostName.value.description,
      cards: cards.sorted { $0.mac < $1.mac }, words: commandLine.words, kernel: kernel, initrds: initrds,
      state: .discover)
  }
}

extension BootSubnet {
  /// The IPv4 networks that a node's cards are on.
  public static func all(of node: Node) -> [BootSubnet] {
    let networks = Set(node.cards.compactMap(\.network))
    return node.addresses.compactMap { address in
      guard networks.contains(address.network.name.value), let block = address.network.block?.value,
        block.base.width == 32
      else { return nil }
      return BootSubnet(
        block: block, gateway: address.network.gateway?.value,
        dns: address.network.dns.map(\.value).filter { $0.width == 32 })
    }
  }
}
