import BootChains
import Testing

@Suite struct BootWalkTests {
  private func server(_ state: String) throws -> BootServer { BootServer(try ServedTree(state).tree) }

  @Test(arguments: Firmware.allCases)
  func everyFirmwareBootsTheSame(firmware: Firmware) throws {
    let walk = BootWalk(try server("armed"), firmware: firmware, mac: ServedTree.mac)
    let line = "initrd=base initrd=node console=ttyS0 imagegen.node=node01 imagegen.nonce=\(ServedTree.nonce)"
    guard case .boot(let kernel, let words, let initrds) = walk.end else {
      Issue.record("\(walk.end)")
      return
    }
    #expect(words == (firmware == .bios || firmware == .ipxe ? line : "kernel " + line))
    #expect(
      kernel.hasSuffix("/vmlinuz")
        && initrds.map { $0.split(separator: "/").last } == ["base.cpio", "node.cpio"])
    let http = walk.fetches.filter { $0.scheme == "http" && !$0.path.hasSuffix(".efi") }.map(\.path)
    #expect(http.count == 5 && http[0] == "current/http/boot.ipxe" && http[1] == ServedTree.script)
    #expect(walk.fetches.allSatisfy { $0.bytes != nil })
    #expect(
      walk.fetches.filter { $0.scheme == "tftp" }.count == (firmware == .bios || firmware == .uefi ? 2 : 1))
  }

  /// All states, all firmware, each fetch failing once or always: a machine that is not armed never boots with a nonce,
  /// an installed one never boots the image, and every way ends in a boot, the disk or another try.
  @Test func noStateBootsWhatItMustNot() throws {
    for state in ["discover", "armed", "installed"] {
      let server = try server(state)
      for firmware in Firmware.allCases {
        let whole = BootWalk(server, firmware: firmware, mac: ServedTree.mac)
        for failing in 0..<whole.fetches.count {
          for isForEver in [false, true] {
            let path = whole.fetches[failing].path
            let walk = BootWalk(server, firmware: firmware, mac: ServedTree.mac) { number, other in
              isForEver ? other == path : number == failing
            }
            check(walk, state: state, "\(state) \(firmware) \(path) \(isForEver)")
          }
        }
        check(whole, state: state, "\(state) \(firmware)")
      }
    }
  }

  private func check(_ walk: BootWalk, state: String, _ note: String) {
    switch walk.end {
    case .boot(_, let line, let initrds):
      #expect(state != "installed", "\(note)")
      #expect(line.contains("imagegen.nonce=") == (state == "armed"), "\(note)")
      #expect(initrds.count == 2, "\(note)")
    case .disk: #expect(state == "installed", "\(note)")
    case .restart: break
    case .menu: Issue.record("\(note): the firmware's menu")
    case .stuck(let reason):
      // Without its first file a machine has no script that could try again: the firmware does.
      #expect(reason.hasSuffix("is not there"), "\(note): \(reason)")
    }
    #expect(walk.fetches.count < 40, "\(note)")
  }

  @Test func strangersAndOthersGetNothing() throws {
    let server = try server("discover")
    #expect(
      BootWalk(server, firmware: .bios, mac: "02:00:00:00:00:01").end
        == .stuck("DHCP does not know 02:00:00:00:00:01"))
    #expect(
      server.mac(of: "node02") == "52:54:00:00:01:02" && server.mac(of: "lab-node02") == "52:54:00:00:01:02")
    #expect(server.mac(of: "node09") == nil)
  }

  @Test func timeIsBytesOverBandwidth() throws {
    let walk = BootWalk(try server("discover"), firmware: .ipxe, mac: ServedTree.mac)
    #expect(walk.milliseconds(machines: 1000, bitsPerSecond: 1_000_000) == walk.bytes * 8)
    #expect(walk.milliseconds(machines: Int.max, bitsPerSecond: 1) == Int.max)
  }
}
