import Bundles
import Digests
import FleetModel
import JSONText

/// Where a bundle comes from and what is in it, for whoever keeps bundles. A node checks only that
/// they are the ones its manifest names.
struct BundleAttestations {
  let node: Node
  let fleet: Fleet
  let files: [BundleManifest.File]
  let toolVersion: String
  /// Digest of the build's inputs, where it is known.
  let inputs: SHA256Digest?

  /// Names and contents, in order of name.
  var members: [(name: String, bytes: [UInt8])] {
    [
      (BundleFormat.attestationFolder + "provenance.json", provenance.sorted.pretty),
      (BundleFormat.attestationFolder + "sbom.spdx.json", softwareBill.sorted.pretty),
    ]
  }

  private var title: String { "\(node.name.value)-\(fleet.release.version.value)" }
  private var date: String { ReleaseDate(epoch: fleet.release.epoch.value).description }

  /// An in-toto Statement v1 with a SLSA provenance v1. Its subjects are the files: the manifest
  /// names this text's digest, so that it cannot name the manifest's.
  private var provenance: JSONValue {
    .object([
      "_type": .string("https://in-toto.io/Statement/v1"),
      "subject": .array(
        files.sorted { $0.path < $1.path }.map {
          .object(["name": .string($0.path), "digest": digest($0.digest)])
        }),
      "predicateType": .string("https://slsa.dev/provenance/v1"),
      "predicate": .object([
        "buildDefinition": .object([
          "buildType": .string("urn:imagegen:bundle:1"),
          "externalParameters": .object([
            "fleet": .string(fleet.name.value.description),
            "node": .string(node.name.value.description),
            "version": .string(fleet.release.version.value),
            "sequence": .integer(fleet.release.sequence.value),
          ]),
          "resolvedDependencies": .array(dependencies),
        ]),
        "runDetails": .object([
          "builder": .object([
            "id": .string("urn:imagegen:tool"),
            "version": .object(["imagegen": .string(toolVersion)]),
          ]),
          "metadata": .object(["startedOn": .string(date), "finishedOn": .string(date)]),
        ]),
      ]),
    ])
  }

  private var dependencies: [JSONValue] {
    let profiles = inputs.map {
      JSONValue.object(["name": .string("inputs"), "digest": digest($0)])
    }
    let payloads = programs.map { program in
      JSONValue.object(["name": .string(program.path), "digest": digest(program.digest)])
    }
    return (profiles.map { [$0] } ?? []) + payloads
  }

  private var programs: [BundleManifest.File] {
    files.filter { $0.fileClass == .program }.sorted { $0.path < $1.path }
  }

  /// An SPDX 2.3 document: the bundle, and each payload program as a package in it.
  private var softwareBill: JSONValue {
    let packages = programs.enumerated().map { index, program in
      package(
        id: "SPDXRef-Program-\(index)", name: "/" + program.path, purpose: "APPLICATION",
        digest: program.digest)
    }
    let contained = packages.indices.map {
      relationship("SPDXRef-Bundle", "CONTAINS", "SPDXRef-Program-\($0)")
    }
    let summary = SHA256.digest(of: provenance.sorted.compact).description.prefix(32)
    return .object([
      "spdxVersion": .string("SPDX-2.3"),
      "dataLicense": .string("CC0-1.0"),
      "SPDXID": .string("SPDXRef-DOCUMENT"),
      "name": .string(title),
      // Must be unique to the content: it ends in a digest of all files.
      "documentNamespace": .string("urn:imagegen:sbom:\(fleet.name.value):\(title):\(summary)"),
      "creationInfo": .object([
        "created": .string(date), "creators": .strings(["Tool: imagegen-\(toolVersion)"]),
      ]),
      "packages": .array(
        [package(id: "SPDXRef-Bundle", name: title, purpose: "ARCHIVE", digest: nil)] + packages),
      "relationships": .array(
        [relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Bundle")] + contained),
    ])
  }

  private func package(
    id: String, name: String, purpose: String, digest: SHA256Digest?
  ) -> JSONValue {
    .object([
      "SPDXID": .string(id), "name": .string(name),
      "versionInfo": digest == nil ? .string(fleet.release.version.value) : nil,
      "downloadLocation": .string("NOASSERTION"), "filesAnalyzed": .bool(false),
      "primaryPackagePurpose": .string(purpose),
      "checksums": digest.map {
        .array([
          .object([
            "algorithm": .string("SHA256"), "checksumValue": .string($0.description),
          ])
        ])
      },
    ])
  }

  private func relationship(_ element: String, _ type: String, _ other: String) -> JSONValue {
    .object([
      "spdxElementId": .string(element), "relationshipType": .string(type),
      "relatedSpdxElement": .string(other),
    ])
  }

  private func digest(_ digest: SHA256Digest) -> JSONValue {
    .object(["sha256": .string(digest.description)])
  }
}
