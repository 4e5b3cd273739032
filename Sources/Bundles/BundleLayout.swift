public import Digests

/// In which order members stand in a bundle, and what is between them.
public enum BundleLayout {
  /// Zeros after the last member: two blocks, and nothing behind them.
  public static let endMarker = [UInt8](repeating: 0, count: 2 * UstarHeader.blockSize)

  /// Names of all members in the one order a bundle has: the magic, the manifest, its signatures,
  /// attestations and blobs, the last two each by name. A blob that two files share is there once.
  public static func names(
    isSigned: Bool, attestations: [String], blobs: [SHA256Digest]
  ) -> [String] {
    var names = [BundleFormat.magicName, BundleFormat.manifestName]
    if isSigned { names.append(BundleFormat.signatureName) }
    names += attestations.sorted()
    var last: SHA256Digest?
    for blob in blobs.sorted() where blob != last {
      names.append(blobName(blob))
      last = blob
    }
    return names
  }

  /// The member that holds the content of this digest.
  public static func blobName(_ digest: SHA256Digest) -> String {
    BundleFormat.blobFolder + digest.description
  }

  /// How many zeros follow content of this size, up to a whole block.
  public static func padding(after size: Int) -> Int {
    (UstarHeader.blockSize - size % UstarHeader.blockSize) % UstarHeader.blockSize
  }
}
