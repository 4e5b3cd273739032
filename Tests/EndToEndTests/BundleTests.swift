import HostFiles
import JSONText
import Testing

/// The bundles that are written, as tar reads them.
@Suite struct BundleTests {
  @Test func aBundleHoldsWhatIsWrittenBesideIt() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      for node in try place.nodes() {
        let folder = "opened/\(node)"
        try HostFile.makeDirectories("\(place.folder)/\(folder)", mode: 0o755)
        let bundle = try #require(try place.names("out/\(node)/bundle").first)
        let opened = Outcome(
          try HostProgram.run(
            ["bsdtar", "-xf", "\(place.out)/\(node)/bundle/\(bundle)", "-C", "\(place.folder)/\(folder)"]))
        try #require(opened.status == 0, "\(opened.errors)")
        let manifest = try place.json(folder + "/manifest.json")
        let files = try #require(manifest["files"]?.elements)
        #expect(try blobs(place, folder) == Set(files.compactMap { $0["blob"]?.text }))
        // Units and plain files are the ones in the folders beside the bundle, byte for byte.
        var compared = 0
        for file in files {
          let path = try #require(file["path"]?.text)
          let blob = try HostFile.read(
            "\(place.folder)/\(folder)/\(file["blob"]?.text ?? "")", limit: 1 << 20)
          let unit = path.split(separator: "etc/systemd/system/").first.map(String.init) ?? ""
          let beside = path.hasPrefix("etc/systemd/system/") ? "units/\(unit)" : "files/\(path)"
          guard try HostFile.status("\(place.out)/\(node)/\(beside)") != nil else { continue }
          #expect(try HostFile.read("\(place.out)/\(node)/\(beside)", limit: 1 << 20) == blob, "\(beside)")
          compared += 1
        }
        let there = try place.files("out/\(node)/units").count + place.files("out/\(node)/files").count
        // NixOS brings its own units and configuration.
        #expect(node.hasPrefix("plasmacloud/") ? compared > 0 : compared == there, "\(node)")
        #expect(try place.text(folder + "/manifest.sig").hasPrefix("ed25519 "))
        #expect(manifest["name"]?.text == node.split(separator: "/").last.map(String.init))
      }
    }
  }

  /// Paths of all blobs; each has its digest for a name.
  private func blobs(_ place: Workplace, _ folder: String) throws -> Set<String> {
    let result = Outcome(
      try HostProgram.run(["sh", "-c", "sha256sum blobs/*"], directory: "\(place.folder)/\(folder)"))
    let lines = result.output.split(separator: "\n").map { $0.split(separator: "  ").map(String.init) }
    for line in lines { #expect(line.last == "blobs/\(line.first ?? "")") }
    return Set(lines.compactMap(\.last))
  }

  /// Without a key to sign with a bundle is written, and said to be unsigned.
  @Test func anUnsignedBundleIsSaid() throws {
    try Workplace.with { place in
      let built = try place.require("build", "homer")
      #expect(built.errors.contains("note[BU001]"))
      let names = Outcome(
        try HostProgram.run(["bsdtar", "-tf", "\(place.out)/unibus/homer/bundle/homer-0.1.0.tar"])
      ).output.split(separator: "\n")
      #expect(names.contains("manifest.json") && !names.contains("manifest.sig"))
    }
  }
}
