public import Digests
public import Profiles

/// The digest of everything a result was made from: an explicit, versioned encoding, so that equal
/// inputs have equal identities whatever machine, path or order they were read in.
public enum InputIdentity {
  /// Of what all nodes of a fleet share: each file's relative path and digest, in order of path.
  /// Payloads are part of it through the digests that profiles name.
  public static func fleet(_ profiles: ProfileSet) -> SHA256Digest {
    var text = "imagegen inputs 1\n"
    for input in profiles.digests.sorted(by: { $0.path < $1.path }) {
      text += "\(input.digest) \(input.path)\n"
    }
    return SHA256.digest(of: Array(text.utf8))
  }

  /// Of one node.
  static func node(_ file: SHA256Digest, fleet: SHA256Digest, toolVersion: String) -> SHA256Digest {
    SHA256.digest(of: Array("imagegen node 1\n\(toolVersion)\n\(fleet)\n\(file)\n".utf8))
  }
}
