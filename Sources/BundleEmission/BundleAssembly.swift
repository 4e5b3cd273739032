import Artifacts
import Bundles
import Digests

/// Puts the pieces of a bundle in their one order. Payloads stay files until the bundle is staged:
/// a fleet's programs are never in memory.
struct BundleAssembly {
  private var pieces: [Artifact.Piece] = []
  /// Headers and small members, gathered until a payload comes between.
  private var bytes: [UInt8] = []

  /// Adds all members.
  mutating func add(
    manifest: [UInt8], signature: [UInt8]?, attestations: [(name: String, bytes: [UInt8])],
    files: [BundleFile]
  ) throws(BundleError) {
    var members: [String: BundleFile.Content] = [
      BundleFormat.magicName: .bytes(BundleFormat.magic),
      BundleFormat.manifestName: .bytes(manifest),
    ]
    if let signature { members[BundleFormat.signatureName] = .bytes(signature) }
    for attestation in attestations { members[attestation.name] = .bytes(attestation.bytes) }
    let digests = files.map(\.digest)
    for (file, digest) in zip(files, digests) {
      members[BundleLayout.blobName(digest)] = file.content
    }
    let names = BundleLayout.names(
      isSigned: signature != nil, attestations: attestations.map(\.name), blobs: digests)
    for name in names {
      guard let content = members[name] else { continue }
      try add(name, content)
    }
  }

  /// The pieces, with the end marker.
  mutating func finish() -> [Artifact.Piece] {
    bytes += BundleLayout.endMarker
    pieces.append(.bytes(bytes))
    bytes = []
    return pieces
  }

  private mutating func add(_ name: String, _ content: BundleFile.Content) throws(BundleError) {
    switch content {
    case .bytes(let content):
      bytes += try UstarHeader.encode(name: name, size: content.count)
      bytes += content
      bytes += [UInt8](repeating: 0, count: BundleLayout.padding(after: content.count))
    case .file(let path, let digest, let size):
      bytes += try UstarHeader.encode(name: name, size: size)
      pieces.append(.bytes(bytes))
      bytes = []
      pieces.append(.padded(path: path, digest: digest, size: size))
    }
  }
}
