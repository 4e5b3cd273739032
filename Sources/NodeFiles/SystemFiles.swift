import Diagnostics
import FleetModel
import NodeUnits
import SystemdUnits

/// Files of the system rather than of a service: names, accounts, directories, the kernel.
struct SystemFiles {
  /// A file with its lines.
  struct File {
    let path: String
    let lines: [String]
    let origin: Origin
  }

  let node: Node

  /// The files that have something to say, in order of path.
  func files(_ report: inout Report) -> [File] {
    [hosts, modules, sysctl(&report), accounts, directories].filter { !$0.lines.isEmpty }
      .sorted { $0.path < $1.path }
  }

  /// hosts(5), with the two lines that every system needs.
  private var hosts: File {
    var lines: [String] = []
    if !node.hosts.isEmpty {
      lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
      lines += node.hosts.map { ([$0.address.value.description] + $0.names).joined(separator: " ") }
    }
    return File(
      path: "/etc/hosts", lines: lines, origin: node.hosts.first?.address.origin ?? .standard("hosts-file"))
  }

  /// modules-load.d(5).
  private var modules: File {
    File(
      path: "/etc/modules-load.d/imagegen.conf", lines: node.kernelModules.map(\.value),
      origin: node.kernelModules.first?.origin ?? .standard("kernel-modules"))
  }

  /// sysctl.d(5).
  private func sysctl(_ report: inout Report) -> File {
    let lines = node.sysctl.compactMap { setting -> String? in
      guard !setting.value.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
        report.add(
          Diagnostic(
            NodeFileRules.unwritableText, "the value of `\(setting.key)` does not fit on a line",
            at: setting.value.span, help: "leave line breaks and control characters out"))
        return nil
      }
      return "\(setting.key) = \(setting.value.value)"
    }
    return File(
      path: "/etc/sysctl.d/60-imagegen.conf", lines: lines,
      origin: node.sysctl.first?.value.origin ?? .standard("sysctl"))
  }

  /// sysusers.d(5): an account and its group, without a login shell.
  private var accounts: File {
    let accounts = node.accounts.filter { $0.name.value != .root }
    return File(
      path: "/etc/sysusers.d/imagegen.conf",
      lines: accounts.map { account in
        let name = account.name.value
        let home = account.home.flatMap { UnitQuoting.listWord($0.description) } ?? "-"
        return "u \(name) - \"\(name)\" \(home)"
      },
      origin: accounts.first?.name.origin ?? .standard("accounts"))
  }

  /// tmpfiles.d(5).
  private var directories: File {
    let lines = NodeUnits.temporaryFiles(for: node)
    return File(
      path: "/etc/tmpfiles.d/imagegen.conf", lines: lines.map(\.text),
      origin: lines.first?.origin ?? .standard("directories"))
  }
}
