import Archives
import FleetModel
import HostFiles
import NetbootEmission
import Testing

/// The programs of the built-in image, run by busybox's shell, which is what runs them there.
@Suite struct GuestTests {
  /// A folder with the image's members, unpacked, and a machine to look at.
  private final class Place {
    let folder: String
    let disk: String

    init(node: Node, diskBytes: Int = 4 << 20, serial: String = "node01") throws {
      folder = try HostFile.makeTemporaryDirectory(prefix: "guest")
      disk = folder + "/dev/vda"
      let parts = BuiltInImage.Parts(busybox: [], applets: [], modules: [], programs: [])
      for member in BuiltInImage.base(parts) + BuiltInImage.overlay(for: node) {
        guard case .file(let bytes) = member.content else { continue }
        let path = folder + "/" + member.path
        try HostFile.makeDirectories(
          String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), mode: 0o755)
        try HostFile.write(bytes, to: path, mode: member.mode)
      }
      for path in ["dev", "run", "block/vda", "block/loop0"] {
        try HostFile.makeDirectories(folder + "/" + path, mode: 0o755)
      }
      try text("block/vda/serial", serial + "\n")
      try text("block/vda/size", "\(diskBytes / 512)\n")
      try HostFile.write([UInt8](repeating: 0, count: diskBytes), to: disk, mode: 0o600)
    }

    deinit { try? HostFile.removeTree(folder) }

    func text(_ path: String, _ text: String) throws {
      try HostFile.write(Array(text.utf8), to: folder + "/" + path, mode: 0o644)
    }

    /// Runs a line of shell as the image would, with its paths below the folder.
    func run(_ line: String) throws -> (status: Int32, output: String, errors: String) {
      let result = try HostProgram.run(
        ["busybox", "sh", "-c", line],
        environment: [
          "PATH": "\(folder)/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
          "IMAGEGEN_NODE": folder + "/etc/imagegen/node",
          "IMAGEGEN_RUN": folder + "/run", "IMAGEGEN_BLOCK": folder + "/block",
          "IMAGEGEN_DEVICES": folder + "/dev", "IMAGEGEN_CMDLINE": folder + "/cmdline",
        ])
      return (
        result.status, String(decoding: result.output, as: UTF8.self),
        String(decoding: result.errors, as: UTF8.self)
      )
    }

    /// What `imagegen-report` does before a claim.
    func look(memory: Int = 4 << 30) throws -> (status: Int32, output: String, errors: String) {
      try run(
        "imagegen-disks > $IMAGEGEN_RUN/disks; imagegen-fit \(memory) < $IMAGEGEN_RUN/disks | tee $IMAGEGEN_RUN/fit"
      )
    }
  }

  private static func node(diskBytes: Int = 4 << 20) throws -> Node {
    var node = try Fixture().node
    node.disk?.size = said(ByteCount(bytes: UInt64(diskBytes)))
    return node
  }

  private static let nonce = "0123456789abcdef0123456789abcdef"
  private static let other = "fedcba9876543210fedcba9876543210"

  @Test func aMachineThatFitsIsFoundFit() throws {
    let place = try Place(node: Self.node())
    #expect(try place.look().output == "")
    #expect(try place.run("cat $IMAGEGEN_RUN/disks").output == "vda node01 4194304\n")
    #expect(try place.run("cat $IMAGEGEN_RUN/target").output == "vda\n")
    #expect(try place.run("imagegen-fact mac").output == "52:54:00:00:01:01\n")
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let place = try Place(node: Self.node(diskBytes: 8 << 20))
    #expect(
      try place.look().output == "disk main (vda) has 4194304 bytes, and the profile says 8388608\n")
    let foreign = try Place(node: Self.node(), serial: "elsewhere")
    #expect(
      try foreign.look().output
        == "disk main with serial number node01 is not there; there are: elsewhere \n")
    #expect(try place.look(memory: 3 << 30).output.contains("it has 3221225472 bytes of memory"))
    for place in [place, foreign] {
      try place.text("cmdline", "imagegen.nonce=\(Self.nonce)\n")
      #expect(try place.run("imagegen-claim").status == 5)
      #expect(try HostFile.read(place.disk, limit: 8 << 20).allSatisfy { $0 == 0 }, "nothing was written")
    }
  }

  @Test func aDiskIsGivenOncePerNonce() throws {
    let place = try Place(node: Self.node())
    #expect(try place.run("imagegen-claim").status == 4, "nothing is armed")
    try place.text("cmdline", "quiet imagegen.nonce=\(Self.nonce) panic=30\n")
    #expect(try place.run("imagegen-claim").status == 5, "nobody has looked at the machine")
    _ = try place.look()
    let claim = try place.run("imagegen-claim")
    #expect(claim.status == 0 && claim.output == place.disk + "\n", "\(claim.errors)")
    // What partitioning writes: the first 34 sectors and the last 33 (UEFI 2.10, 5.3).
    let wipe =
      "for at in 0 \((4 << 20) / 512 - 33); do dd if=/dev/zero of=$IMAGEGEN_DEVICES/vda bs=512 seek=$at"
      + " count=33 conv=notrunc 2> /dev/null; done"
    #expect(try place.run(wipe).status == 0)
    #expect(try place.run("imagegen-claim").status == 6, "the same nonce again")
    try place.text("cmdline", "imagegen.nonce=\(Self.other)\n")
    #expect(try place.run("imagegen-claim").status == 0, "another nonce")
    #expect(try place.run("imagegen-claim").status == 6)
  }

  @Test(arguments: [
    "", "imagegen.nonce=", "imagegen.nonce=12", "imagegen.nonce=\(nonce.uppercased())", "imagegen.nonce=a/b",
  ])
  func whatIsNoNonceArmsNothing(cmdline: String) throws {
    let place = try Place(node: Self.node())
    _ = try place.look()
    try place.text("cmdline", cmdline + "\n")
    #expect(try place.run("imagegen-claim").status == 4)
  }

  @Test func everyProgramIsAShellScriptWithoutFaults() throws {
    let place = try Place(node: Self.node())
    let names = try HostFile.list(place.folder + "/sbin").map { "\(place.folder)/sbin/\($0.name)" }
    let result = try HostProgram.run(
      ["shellcheck", "--shell=busybox", "--severity=warning"].filter { $0 != "--shell=busybox" } + names
        + [place.folder + "/init", place.folder + "/etc/imagegen/lease"])
    #expect(result.status == 0, "\(String(decoding: result.output, as: UTF8.self))")
  }

  @Test func modulesComeAfterWhatTheyNeed() {
    let modules = KernelModules(
      dependencies:
        "kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio_ring.ko kernel/virtio.ko\n"
        + "kernel/drivers/virtio/virtio_ring.ko: kernel/virtio.ko\nkernel/virtio.ko:\n"
        + "kernel/net/virtio-net.ko: kernel/virtio.ko\n",
      builtIn: "kernel/fs/ext4/ext4.ko\n")
    let order = modules.order(for: ["virtio_blk", "virtio_net", "ext4", "nvme"])
    #expect(
      order.paths == [
        "kernel/virtio.ko", "kernel/drivers/virtio/virtio_ring.ko", "kernel/drivers/block/virtio_blk.ko",
        "kernel/net/virtio-net.ko",
      ])
    #expect(order.missing == ["nvme"])
  }
}
