internal import Archives
internal import CommandLineKit
internal import Diagnostics
internal import Digests
internal import FleetModel
internal import HostFiles
internal import NetbootEmission
internal import Pipeline
internal import Profiles

/// What `publish` puts into a root: the machines of the nodes asked for, and the files that they boot.
struct PublishInput {
  private(set) var machines: [BootMachine] = []
  private(set) var subnets: [BootSubnet] = []
  private(set) var loaders: [String: StoredFile] = [:]
  /// By the path in the store.
  private(set) var files: [String: [UInt8]] = [:]
  private(set) var report: Report
  let registry: SourceRegistry

  init(_ session: Session, operands: [String]) throws(CommandFailure) {
    let selection = try FleetSelection(session, operands: operands)
    registry = selection.registry
    report = selection.report
    if report.hasErrors { return }
    var nodes: [Node] = []
    for part in selection.parts {
      for name in part.nodes {
        // As `build` checks it: what it would not write is not published.
        report.merge(NodeBuilding.check(name, in: part.context))
        if let node = FleetLoading.node(name, in: part.context).value?.node, node.outputs.contains(.netboot) {
          nodes.append(node)
        } else if !operands.isEmpty, !report.hasErrors {
          throw .usage("\(name) has no netboot among its outputs", help: "outputs+: [netboot] in its profile")
        }
      }
    }
    if !report.hasErrors { try gather(session, nodes) }
  }

  private mutating func gather(_ session: Session, _ nodes: [Node]) throws(CommandFailure) {
    guard !nodes.isEmpty else { return }
    for node in nodes where node.target.architecture.value != .x86_64 {
      throw CommandFailure(
        status: .findings, message: "\(node.name.value) is no x86_64: the built-in image is for it alone",
        help: nil)
    }
    let source = try KernelSource.find(
      session.arguments.value("kernel"), modules: session.arguments.value("modules"))
    defer { source.clean() }
    let kernel: StoredFile
    do throws(HostError) {
      kernel = put("vmlinuz", try HostFile.read(source.kernel, limit: 256 << 20))
    } catch {
      throw .environment(error)
    }
    let wanted = Set(nodes.flatMap { $0.kernelModules.map(\.value) }).sorted()
    let gathered = try ImageParts.gather(
      source, wanted: wanted, installer: session.arguments.value("installer"))
    for module in gathered.missing {
      session.tell("  note: kernel \(source.version) has no module \(module)")
    }
    try addLoaders(session.arguments.value("ipxe") ?? "/usr/lib/ipxe")
    do throws(ArchiveError) {
      let base = put(
        "base.cpio", try ArchiveWriter.cpio(BuiltInImage.base(gathered.parts), compression: .zstd(level: 9)))
      for node in nodes {
        let overlay = put(
          "\(node.name.value).cpio",
          // UEFI's kernels put archives one behind the other, wherever the first ends; only a compressed one may start at
          // any byte (init/initramfs.c).
          try ArchiveWriter.cpio(BuiltInImage.overlay(for: node), compression: .gzip(level: 9)))
        let checked = KernelCommandLine.checked(for: node, prefix: "kernel initrd=base initrd=node")
        report.merge(checked.report)
        guard let line = checked.value,
          let machine = BootMachine(
            node, kernel: kernel, initrds: [("base", base), ("node", overlay)], commandLine: line)
        else { continue }
        machines.append(machine)
        for subnet in BootSubnet.all(of: node) where !subnets.contains(subnet) { subnets.append(subnet) }
      }
    } catch {
      throw CommandFailure(status: .environment, message: "no boot image: \(error)", help: nil)
    }
  }

  /// iPXE as the firmware loads it; which there are decides what DHCP offers.
  private mutating func addLoaders(_ folder: String) throws(CommandFailure) {
    let names = [
      ("undionly.kpxe", "undionly.kpxe"), ("snponly-x86_64.efi", "snponly.efi"),
      ("snponly-arm64.efi", "snponly-arm64.efi"),
    ]
    do throws(HostError) {
      for (name, file) in names where try HostFile.status(folder + "/" + file) != nil {
        loaders[name] = put(name, try HostFile.read(folder + "/" + file, limit: 16 << 20))
      }
    } catch {
      throw .environment(error)
    }
    guard loaders["undionly.kpxe"] != nil, loaders["snponly-x86_64.efi"] != nil else {
      throw CommandFailure(
        status: .environment, message: "there is no undionly.kpxe and snponly.efi in \(folder)",
        help: "apt-get install ipxe, or name the folder with --ipxe")
    }
  }

  private mutating func put(_ name: String, _ bytes: [UInt8]) -> StoredFile {
    let file = StoredFile(name: name, digest: SHA256.digest(of: bytes), size: bytes.count)
    files[file.path] = bytes
    return file
  }
}
