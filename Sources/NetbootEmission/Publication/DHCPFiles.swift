internal import FleetModel

/// Configuration of the servers: dnsmasq(8) for DHCP and TFTP, nginx for HTTP.
enum DHCPFiles {
  /// A processor architecture of option 93 (IANA, "Processor Architecture Types"; RFC 4578 with erratum 4624).
  struct Kind {
    /// Codes that firmware sends.
    let codes: [Int]
    /// dnsmasq's tag for it.
    let tag: String
    /// What it loads, below `tftp/`.
    let loader: String
    /// Whether it fetches by HTTP, and so wants a whole address and option 60 sent back.
    var isHTTP = false
  }

  /// 6, UEFI of 32 bits, is left out: it cannot run what is for 64, and there is no loader for it. 9 is EBC, which some
  /// old firmware of 64 bits calls itself.
  static let kinds = [
    Kind(codes: [0], tag: "bios", loader: "undionly.kpxe"),
    Kind(codes: [7, 9], tag: "x64", loader: "snponly-x86_64.efi"),
    Kind(codes: [11], tag: "arm64", loader: "snponly-arm64.efi"),
    Kind(codes: [16], tag: "x64http", loader: "snponly-x86_64.efi", isHTTP: true),
    Kind(codes: [19], tag: "arm64http", loader: "snponly-arm64.efi", isHTTP: true),
  ]

  /// `dnsmasq.conf`: the same for every set of nodes of a site. The nodes are in `hosts.d`, which SIGHUP reads again.
  static func configuration(of plan: BootPlan, root: String) -> String {
    var lines = [
      "# DHCP and TFTP of a boot server, for dnsmasq. Written by imagegen. Say on the command line which interface:",
      "#   dnsmasq --conf-file=\(root)/current/dhcp/dnsmasq.conf --interface=NAME --bind-interfaces",
      "port=0", "log-dhcp", "dhcp-authoritative",
      "# Machines of no profile get nothing.", "dhcp-ignore=tag:!known",
    ]
    for subnet in Set(plan.subnets).sorted(by: { "\($0.block)" < "\($1.block)" }) {
      lines.append("dhcp-range=\(subnet.block.base),static,\(netmask(subnet.block.prefix)),10m")
      if let gateway = subnet.gateway, plan.subnets.count == 1 {
        lines.append("dhcp-option=option:router,\(gateway)")
      }
      if !subnet.dns.isEmpty, plan.subnets.count == 1 {
        lines.append("dhcp-option=option:dns-server,\(subnet.dns.map { "\($0)" }.joined(separator: ","))")
      }
    }
    lines += [
      "dhcp-hostsfile=\(root)/current/dhcp/hosts.d", "enable-tftp", "tftp-root=\(root)/current/tftp",
      "# iPXE says so in option 77 (RFC 3004) or 175, and must not be sent to itself again.",
      "dhcp-userclass=set:ipxe,iPXE", "dhcp-match=set:ipxe,175",
      "# Without it iPXE waits for a second answer, of a proxy.", "dhcp-option=tag:ipxe,encap:175,176,1b",
      "dhcp-boot=tag:ipxe,autoexec.ipxe",
    ]
    for kind in kinds where plan.loaders[kind.loader] != nil {
      lines += kind.codes.map { "dhcp-match=set:\(kind.tag),option:client-arch,\($0)" }
      if !kind.isHTTP {
        lines.append("dhcp-boot=tag:\(kind.tag),tag:!ipxe,\(kind.loader)")
      } else if let server = plan.server {
        lines.append("dhcp-boot=tag:\(kind.tag),tag:!ipxe,http://\(server)/current/tftp/\(kind.loader)")
        lines.append("dhcp-option-force=tag:\(kind.tag),60,HTTPClient")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A machine's lines of `hosts.d`; `nil` where DHCP has no address for it.
  static func hosts(of machine: BootMachine) -> String? {
    var macs: [IPAddress: [MACAddress]] = [:]
    for card in machine.cards {
      if let address = card.address { macs[address, default: []].append(card.mac) }
    }
    let lines = macs.sorted { $0.key < $1.key }.map { address, cards in
      (cards.map { "\($0)" } + ["\(address)", machine.host]).joined(separator: ",")
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n") + "\n"
  }

  /// A server block for nginx, to be included in `http { }`.
  static func webServer(root: String) -> String {
    """
    # HTTP of a boot server, for nginx, inside of http { }. Written by imagegen.
    server {
      listen 80;
      root \(root);
      # UEFI firmware goes by the type and the ending, and follows no redirects.
      types { application/efi efi; text/plain ipxe; application/json json; }
      default_type application/octet-stream;
      sendfile on;
      location = /current/http/boot.ipxe { add_header Cache-Control no-store; }
      location /store/ { add_header Cache-Control "public, max-age=31536000, immutable"; }
      location /generations/ { add_header Cache-Control "public, max-age=31536000, immutable"; }
      location /state/ { return 404; }
      # What nodes report is in the log.
      location /report/ { return 204; }
    }

    """
  }

  private static func netmask(_ prefix: Int) -> String {
    let bits = prefix <= 0 ? 0 : UInt32.max << UInt32(32 - min(prefix, 32))
    return "\(IPAddress.v4(bits))"
  }
}
