import FleetModel
import Testing

@Suite struct AddressTests {
  @Test(arguments: [
    ("192.168.100.11", "192.168.100.11"), ("::", "::"), ("::1", "::1"),
    ("2001:DB8::1:0:0:1", "2001:db8::1:0:0:1"),
    ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("::ffff:1.2.3.4", "::ffff:102:304"), ("fe80::", "fe80::"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
  ])
  func addressesPrintInTheirCanonicalForm(text: String, canonical: String) {
    #expect(IPAddress(text)?.description == canonical)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", ":", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7", "12345::", "fe80::1%lan", "1.2.3.4:80", "::1.2.3.4:5", "1:2:3:4:5:6:7:", "+1::",
    "1:2:3:4:5:6:7::8",
  ])
  func refuses(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func blocksKnowTheirAddresses() throws {
    let block = try #require(AddressBlock("192.168.100.0/24"))
    #expect(block.contains(try #require(IPAddress("192.168.100.255"))))
    #expect(!block.contains(try #require(IPAddress("192.168.101.1"))))
    #expect(block.broadcast == IPAddress("192.168.100.255"))
    #expect(AddressBlock("192.168.100.1/24") == nil)
    #expect(AddressBlock("10.0.0.0/33") == nil)
    #expect(AddressBlock("0.0.0.0/0")?.contains(try #require(IPAddress("8.8.8.8"))) == true)
    #expect(AddressBlock("2001:db8::/48")?.contains(try #require(IPAddress("2001:db8:0:ff::1"))) == true)
    #expect(AddressBlock("2001:db8::/96")?.contains(try #require(IPAddress("2001:db8::1:0:1"))) == false)
  }

  @Test func ethernetAddresses() {
    #expect(MACAddress("52:54:00:00:01:0A")?.hyphenated == "52-54-00-00-01-0a")
    #expect(MACAddress("52:54:00:00:01") == nil)
    #expect(MACAddress("52-54-00-00-01-01") == nil)
    #expect(MACAddress("01:00:5e:00:00:01")?.isUnicast == false)
  }
}

@Suite struct QuantityTests {
  @Test func sizes() {
    #expect(ByteCount("512MiB")?.bytes == 536_870_912)
    #expect(ByteCount("1536MiB")?.description == "1536MiB")
    #expect(ByteCount("80GiB")?.description == "80GiB")
    for text in ["80GB", "80", "GiB", "-1GiB", "99999999999999TiB", "1.5GiB"] {
      #expect(ByteCount(text) == nil, "\(text)")
    }
  }

  @Test func times() {
    #expect(TimeSpan("90s")?.milliseconds == 90_000)
    #expect(TimeSpan("250ms")?.description == "250ms")
    #expect(TimeSpan("5min")?.description == "300s")
    for text in ["90", "s", "1 s", "-1s", "1y"] { #expect(TimeSpan(text) == nil, "\(text)") }
  }

  @Test func modesAndPaths() {
    #expect(FileMode("0600")?.bits == 0o600)
    #expect(FileMode("0600")?.description == "0600")
    for text in ["600", "4755", "0800", "0o60"] { #expect(FileMode(text) == nil, "\(text)") }
    #expect(TargetPath("/opt/unibus/cluster.env")?.parent?.description == "/opt/unibus")
    for text in ["", "/", "a", "/a/", "/a/../b", "/a b"] { #expect(TargetPath(text) == nil, "\(text)") }
  }

  @Test func names() {
    for text in ["node01", "a", "k8shost", "cluster-pass"] { #expect(Name(text) != nil) }
    for text in ["", "1a", "A", "a-", "-a", "a_b", "a--b", String(repeating: "a", count: 64)] {
      #expect(Name(text) == nil, "\(text)")
    }
    #expect(DomainName("plasma.local") != nil)
    for text in ["", ".", "a.", "a..b", "-a.b", "A.b"] { #expect(DomainName(text) == nil) }
  }
}
