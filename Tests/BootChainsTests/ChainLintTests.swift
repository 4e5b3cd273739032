import BootChains
import Diagnostics
import Testing

@Suite struct ChainLintTests {
  /// A tree that is broken in one way, and where that is said.
  struct Broken: Sendable, CustomTestStringConvertible {
    let code: String
    let place: String
    let path: String
    let old: String
    let new: String
    var testDescription: String { "\(code): \(new.prefix(40))" }

    init(_ code: String, _ place: String, _ path: String, _ old: String, _ new: String) {
      (self.code, self.place, self.path, self.old, self.new) = (code, place, path, old, new)
    }
  }

  private static let mac = "http/mac/52-54-00-00-01-01.ipxe"
  private static let long = String(repeating: "x", count: 2100)
  private static let many = (1...40).map { "k\($0)=1" }.joined(separator: " ")

  static let broken: [Broken] = [
    Broken("NB010", mac + ":1", ServedTree.script, "#!ipxe", "# ipxe"),
    Broken("NB011", mac + ":8", ServedTree.script, "/base.cpio", "/gone.cpio"),
    Broken("NB011", "dhcp/dnsmasq.conf:19", ServedTree.dhcp, ",undionly.kpxe", ",undionly.kpxf"),
    Broken("NB013", mac + ":7", ServedTree.script, "console=ttyS0", "console=" + long),
    Broken("NB014", mac + ":7", ServedTree.script, "console=ttyS0", "#console"),
    Broken("NB015", mac + ":7", ServedTree.script, "console=ttyS0", many),
    Broken("NB016", mac + ":7", ServedTree.script, " initrd=node", ""),
    Broken("NB017", mac + ":7", ServedTree.script, "initrd=node", "initrd=node initrd=more"),
    Broken("NB018", mac + ":6", ServedTree.script, "imgfree", "imgverify"),
    Broken("NB019", mac + ":10", ServedTree.script, "boot kernel || goto retry", "boot kernel"),
    Broken("NB019", mac + ":8", ServedTree.script, "/base.cpio || goto retry", "/base.cpio"),
    Broken("NB020", mac + ":16", ServedTree.script, "goto again", "goto agian"),
    Broken(
      "NB021", "dhcp/hosts.d/lab-node01:1", ServedTree.script, "iseq ${tries} 5 && goto fail ||", "echo on"),
    Broken("NB021", "dhcp/hosts.d/lab-node01:1", ServedTree.script, "sleep 60\nreboot", "sleep 60"),
    Broken("NB022", mac + ":20", ServedTree.script, "reboot", "exit"),
    Broken("NB022", mac + ":20", ServedTree.script, "reboot", "exit 0"),
    Broken("NB023", mac + ":8", ServedTree.script, "/base.cpio", "//base.cpio"),
    Broken("NB024", mac + ":8", ServedTree.script, "${s}/bb", "http://192.0.2.1/store/sha256/bb"),
    Broken("NB025", mac + ":8", ServedTree.script, "${s}/bb", "../../../../current/bb"),
    Broken(
      "NB026", "dhcp/hosts.d/lab-node02:1", "generations/00000007/dhcp/hosts.d/lab-node02", "01:02", "01:01"),
    Broken(
      "NB027", "dhcp/hosts.d/lab-node02:1", "generations/00000007/dhcp/hosts.d/lab-node02", ".12", ".11"),
    Broken("NB028", "dhcp/dnsmasq.conf:22", ServedTree.dhcp, "client-arch,9", "client-arch,6"),
    Broken("NB028", "dhcp/dnsmasq.conf:19", ServedTree.dhcp, ",undionly.kpxe", ",snponly-x86_64.efi"),
    Broken("NB029", "dhcp/dnsmasq.conf:19", ServedTree.dhcp, "tag:bios,tag:!ipxe", "tag:bios"),
    Broken("NB030", "dhcp/dnsmasq.conf:23", ServedTree.dhcp, "dhcp-option-force", "# dhcp-option-force"),
    Broken(
      "NB031", "dhcp/dnsmasq.conf:24", ServedTree.dhcp, "/current/tftp/snponly-x86_64.efi",
      "/current/tftp/snponly"),
    Broken("NB032", mac + ":8", ServedTree.script, "${s}/bb", "${t}/bb"),
    Broken("NB033", mac + ":13", ServedTree.script, "tries:int32", "tries"),
    Broken("NB032", "http/boot.ipxe:4", ServedTree.dispatcher, "${g}/mac", "${h}/mac"),
  ]

  @Test func whatIsPublishedHasNoFindings() throws {
    for state in ["discover", "armed", "installed"] {
      let served = try ServedTree(state)
      let found = ChainLint.report(on: served.tree).diagnostics
      #expect(found.isEmpty, "\(state): \(found.map(\.message))")
    }
  }

  @Test(arguments: broken)
  func aBrokenTreeIsRefusedWhereItIsBroken(broken: Broken) throws {
    var served = try ServedTree()
    try served.edit(broken.path, broken.old, broken.new)
    #expect(served.place(of: broken.code) == broken.place)
    #expect(ChainLint.report(on: served.tree).hasErrors)
  }

  @Test func whatLacksOrIsDamagedIsSaid() throws {
    let base = "store/sha256/bb/" + String(repeating: "b", count: 64) + "/base.cpio"
    var served = try ServedTree()
    served.change { $0.blobs[base]?.isWhole = false }
    #expect(served.place(of: "NB012") == Self.mac + ":8")
    served = try ServedTree()
    served.change { $0.blobs[base]?.size = 0 }
    #expect(served.place(of: "NB036") == Self.mac + ":8")
    served = try ServedTree()
    served.change { $0.texts[ServedTree.script] = nil }
    #expect(served.place(of: "NB034") == "dhcp/hosts.d/lab-node01:1")
    served = try ServedTree()
    served.change { $0.texts[ServedTree.dhcp] = nil }
    #expect(served.place(of: "NB035") == "-")
  }

  @Test func everyRuleIsTried() {
    let tried = Set(Self.broken.map(\.code)).union(["NB012", "NB034", "NB035", "NB036"])
    #expect(tried == Set(ChainRules.all.map(\.code.description)))
    #expect(tried.count >= 20)
  }
}
