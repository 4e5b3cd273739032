public import Diagnostics

/// Checks what a boot server serves: every script, what DHCP offers, and every boot that can come of both.
public enum ChainLint {
  /// All findings.
  public static func report(on tree: PublishedTree) -> Report {
    var report = Report()
    for path in tree.names(below: "http", ending: ".ipxe") + tree.names(below: "tftp", ending: ".ipxe") {
      guard let text = tree.texts[path] else { continue }
      report.merge(ScriptCheck(tree, path, text).report)
    }
    let server = BootServer(tree)
    checkMachines(server.machines, tree, &report)
    if let dhcp = server.dhcp {
      checkServer(dhcp, tree, &report)
    } else {
      report.add(
        Diagnostic(ChainRules.server, "there is no dhcp/dnsmasq.conf", at: nil, help: "publish again"))
    }
    if !report.hasErrors { checkWalks(server, &report) }
    return report
  }

  private static func checkMachines(_ machines: [KnownMachine], _ tree: PublishedTree, _ report: inout Report)
  {
    var macs: [String: Span] = [:]
    var addresses: [String: Span] = [:]
    for machine in machines {
      if let other = addresses.updateValue(machine.span, forKey: machine.address) {
        report.add(
          Diagnostic(
            ChainRules.addressTwice, "\(machine.address) is another machine's already", at: machine.span,
            related: [Label("the first", at: other)], help: "give one of them another address"))
      }
      for mac in machine.macs {
        if let other = macs.updateValue(machine.span, forKey: mac) {
          report.add(
            Diagnostic(
              ChainRules.macTwice, "\(mac) is another machine's already", at: machine.span,
              related: [Label("the first", at: other)], help: "a card belongs to one machine"))
        }
        let script = "\(tree.generation)/http/mac/\(mac.split(separator: ":").joined(separator: "-")).ipxe"
        if tree.texts[script] == nil {
          report.add(
            Diagnostic(
              ChainRules.noScript, "there is no \(script)", at: machine.span,
              help: "publish \(machine.name) again"))
        }
      }
    }
  }

  /// Which processors a loader runs on, by the end of its name.
  private static func fits(_ name: String, _ code: Int) -> Bool {
    switch code {
    case 0: !name.hasSuffix(".efi")
    case 6, 15: name.contains("i386") || name.contains("ia32")
    case 7, 9, 16: name.hasSuffix(".efi") && !name.contains("arm") && !name.contains("i386")
    case 10, 18: name.contains("arm32")
    case 11, 19: name.contains("arm64")
    default: true
    }
  }

  private static func checkServer(_ dhcp: DHCPConfiguration, _ tree: PublishedTree, _ report: inout Report) {
    for entry in dhcp.architectures {
      let client = DHCPConfiguration.Client(architecture: entry.code, isIPXE: false)
      guard let boot = dhcp.boot(for: client) else { continue }
      if !fits(boot.name, entry.code) {
        report.add(
          Diagnostic(
            ChainRules.loader, "architecture \(entry.code) gets \(boot.name), which it cannot run",
            at: boot.span,
            related: [Label("architecture \(entry.code)", at: entry.span)],
            help: "give it a loader of its own, or none"))
      }
      let isHTTP = boot.name.hasPrefix("http://")
      if [15, 16, 18, 19].contains(entry.code) {
        if isHTTP, !boot.name.hasSuffix(".efi") {
          report.add(
            Diagnostic(
              ChainRules.ending, "\(boot.name) does not end in .efi", at: boot.span,
              help: "firmware tells a program from an image by it"))
        }
        if dhcp.tags(of: client).isDisjoint(with: dhcp.echoed) {
          report.add(
            Diagnostic(
              ChainRules.echo, "HTTPClient is not sent back to architecture \(entry.code)", at: entry.span,
              help: "dhcp-option-force=tag:\(entry.tag),60,HTTPClient"))
        }
      }
    }
    for boot in dhcp.boots {
      let path =
        boot.name.hasPrefix("http://") ? ChainAddress.path(boot.name, from: "") : "current/tftp/\(boot.name)"
      if path.flatMap(tree.size) == nil {
        report.add(
          Diagnostic(ChainRules.missing, "\(boot.name) is not there", at: boot.span, help: "publish again"))
      }
    }
    for code in Set(dhcp.architectures.map(\.code)).union([0]).sorted() {
      guard let boot = dhcp.boot(for: .init(architecture: code, isIPXE: true)), !boot.name.hasSuffix(".ipxe")
      else {
        continue
      }
      report.add(
        Diagnostic(
          ChainRules.loop, "iPXE gets \(boot.name) again, and again", at: boot.span,
          help: "dhcp-userclass=set:ipxe,iPXE, and tag:!ipxe on this line"))
      break
    }
  }

  /// Every machine, with every firmware: as all is well, and with every fetch failing.
  private static func checkWalks(_ server: BootServer, _ report: inout Report) {
    guard let dhcp = server.dhcp else { return }
    for machine in server.machines {
      guard let mac = machine.macs.first else { continue }
      for firmware in Firmware.allCases {
        let client = DHCPConfiguration.Client(architecture: firmware.architecture, isIPXE: firmware == .ipxe)
        guard dhcp.boot(for: client) != nil else { continue }
        let walk = BootWalk(server, firmware: firmware, mac: mac)
        let bad = BootWalk(server, firmware: firmware, mac: mac) { _, path in path.hasPrefix("store/") }
        for end in [walk.end, bad.end] {
          guard case .stuck(let reason) = end else { continue }
          report.add(
            Diagnostic(
              ChainRules.stuck, "with \(firmware.rawValue) \(machine.name) gets stuck: \(reason)",
              at: machine.span,
              help: "every way through a script ends in boot, exit or reboot"))
          break
        }
      }
    }
  }
}
