internal import FleetModel

/// The files of a generation, as text: `http/`, `tftp/`, `dhcp/`. Everything that is fetched over the network is named
/// relative to what named it, so that any server can serve the tree.
public enum BootTree {
  /// The tree of a plan.
  ///
  /// - Parameters:
  ///   - number: The generation's number: the dispatcher sends every machine into it, so that no boot sees two.
  ///   - root: Where the tree lies on the boot server, for DHCP's and HTTP's configuration.
  /// - Returns: Paths below the generation with their bytes, and names below `tftp/` of files of the store.
  public static func files(
    of plan: BootPlan, number: Int, root: String
  ) -> (texts: [(path: String, text: String)], links: [(path: String, file: StoredFile)]) {
    var texts: [(path: String, text: String)] = [
      ("http/boot.ipxe", dispatcher(folder: folder(of: number))), ("http/unknown.ipxe", unknown),
      ("tftp/autoexec.ipxe", first), ("dhcp/dnsmasq.conf", DHCPFiles.configuration(of: plan, root: root)),
      ("dhcp/nginx.conf", DHCPFiles.webServer(root: root)),
    ]
    for machine in plan.machines {
      let script = MachineScript(machine).text
      let name = "\(machine.fleet)-\(machine.node)"
      texts.append(("http/node/\(name).ipxe", script))
      for card in machine.cards { texts.append(("http/mac/\(card.mac.hyphenated).ipxe", script)) }
      if let lines = DHCPFiles.hosts(of: machine) { texts.append(("dhcp/hosts.d/\(name)", lines)) }
    }
    let links = plan.loaders.sorted { $0.key < $1.key }.map { (path: "tftp/\($0.key)", file: $0.value) }
    return (texts.sorted { $0.path < $1.path }, links)
  }

  /// The name of a generation's folder: eight digits, so that names sort as numbers do.
  public static func folder(of number: Int) -> String {
    String(repeating: "0", count: max(0, 8 - String(number).count)) + String(number)
  }

  /// What iPXE runs first. From here on all is HTTP, in one generation.
  private static let first = """
    #!ipxe
    chain --replace --autofree http://${next-server}/current/http/boot.ipxe ||
    echo IMAGEGEN-FAIL stage=first errno=${errno}
    sleep 30
    reboot

    """

  /// Sends a machine to its script in this very generation, by the address of the card it boots from.
  private static func dispatcher(folder: String) -> String {
    """
    #!ipxe
    set g ../../generations/\(folder)/http
    echo IMAGEGEN-DISPATCH generation=\(folder) mac=${netX/mac:hexhyp} platform=${platform}
    chain --replace --autofree ${g}/mac/${netX/mac:hexhyp}.ipxe ||
    chain --replace --autofree ${g}/unknown.ipxe ||
    echo IMAGEGEN-FAIL stage=dispatch errno=${errno}
    sleep 30
    reboot

    """
  }

  /// For machines that no profile knows: says what a profile needs, and starts nothing.
  private static let unknown = """
    #!ipxe
    echo IMAGEGEN-UNKNOWN mac=${netX/mac} uuid=${uuid} serial=${serial} product=${product}
    echo No profile has this machine. A node file for it:
    echo node: NAME
    echo mac: "${netX/mac}"
    sleep 300
    reboot

    """
}

/// A machine's script: the image, or its own disk.
struct MachineScript {
  let machine: BootMachine

  init(_ machine: BootMachine) { self.machine = machine }

  var text: String {
    if case .installed = machine.state { return local }
    return image
  }

  private var image: String {
    BootScript.tried(
      node: "\(machine.node)", state: machine.state.word, setup: ["set s ../../../../store/sha256"],
      kernel: ("kernel", uri(of: machine.kernel)), words: machine.commandLine,
      initrds: machine.initrds.map { ($0.name, uri(of: $0.file)) })
  }

  /// On UEFI `exit 1` goes on to the next entry of the boot order where `exit 0` ends in the firmware's menu; with BIOS
  /// the first disk is started, or else what comes next.
  private var local: String {
    """
    #!ipxe
    echo IMAGEGEN-LOCAL node=\(machine.node)
    iseq ${platform} efi && goto efi ||
    sanboot --no-describe --drive 0x80 ||
    exit
    :efi
    exit 1

    """
  }

  private func uri(of file: StoredFile) -> String { "${s}" + file.path.dropFirst("store/sha256".count) }
}
