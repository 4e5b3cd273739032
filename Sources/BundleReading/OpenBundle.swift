public import Bundles
internal import Compression
public import Digests
public import NodeCalls

/// A bundle whose manifest is trusted: signed, canonical, and naming every byte of the file that follows it.
///
/// Nothing is parsed before it is authenticated but headers of which one encoding is accepted, and no name in the
/// archive is ever used as a path.
public struct OpenBundle {
  /// A member's content in the file.
  public struct Extent: Hashable, Sendable {
    /// Bytes from the file's start.
    public var offset: Int
    /// Bytes.
    public var size: Int
  }

  /// What it installs.
  public let manifest: BundleManifest
  /// Its exact bytes.
  public let manifestBytes: [UInt8]
  /// Their signatures' exact bytes.
  public let signatureBytes: [UInt8]
  /// The digest of the manifest: the release's name.
  public let digest: SHA256Digest
  private let source: BundleSource
  private var blobs: [SHA256Digest: Extent] = [:]
  private var attestations: [(digest: SHA256Digest, extent: Extent)] = []

  /// Reads an open file as far as trust needs: magic, manifest, signatures, and where everything else is.
  public init(_ file: Int32, calls: any NodeCalls, trust: TrustStore) throws(Refusal) {
    source = BundleSource(file: file, calls: calls)
    let total = try source.size()
    var reader = MemberReader(source: source, total: total)
    let magic = try reader.member(BundleFormat.magicName)
    guard magic.size == BundleFormat.magic.count, try source.bytes(magic) == BundleFormat.magic else {
      throw Refusal(.malformed, "not a bundle of this installer's format")
    }
    let manifestExtent = try reader.member(BundleFormat.manifestName)
    guard manifestExtent.size <= BundleFormat.manifestLimit else {
      throw Refusal(.limit, BundleError.manifestSize(manifestExtent.size).message)
    }
    manifestBytes = try source.bytes(manifestExtent)
    guard try reader.isNext(BundleFormat.signatureName) else {
      throw Refusal(
        .signature, "the bundle is not signed", help: "run 'imagegen secrets' and build the bundle again")
    }
    let signatureExtent = try reader.member(BundleFormat.signatureName)
    guard signatureExtent.size <= 4096 else { throw Refusal(.limit, "more signatures than the format has") }
    signatureBytes = try source.bytes(signatureExtent)
    do throws(BundleError) {
      let signatures = try BundleSignature.read(signatureBytes)
      try Self.check(trust, manifestBytes, signatures)
      manifest = try BundleManifest(reading: manifestBytes)
    } catch {
      throw error.refusal
    }
    digest = SHA256.digest(of: manifestBytes)
    try locate(&reader)
  }

  /// `TrustStore.check`, whose refusal passes through the other kind of error as it is.
  private static func check(
    _ trust: TrustStore, _ manifest: [UInt8], _ signatures: [BundleSignature]
  ) throws(BundleError) {
    do throws(Refusal) {
      try trust.check(manifest, signatures: signatures)
    } catch {
      throw .refused(code: error.code.rawValue, error.message)
    }
  }

  /// Finds every member that the manifest names, in the one order, and that there is nothing else.
  private mutating func locate(_ reader: inout MemberReader) throws(Refusal) {
    var files: [SHA256Digest: BundleManifest.File] = [:]
    for file in manifest.files {
      if let other = files.updateValue(file, forKey: file.digest) {
        guard other.size == file.size, other.encoding == file.encoding else {
          throw Refusal(.malformed, "one blob has two sizes", subject: file.path)
        }
      }
    }
    for attestation in manifest.attestations {
      guard attestation.name.hasPrefix(BundleFormat.attestationFolder) else {
        throw Refusal(.malformed, "attestation '\(attestation.name)' is elsewhere")
      }
      attestations.append((attestation.digest, try reader.member(attestation.name)))
    }
    for digest in files.keys.sorted() {
      guard let file = files[digest] else { continue }
      let extent = try reader.member(BundleLayout.blobName(digest))
      guard extent.size == file.storedSize else {
        throw Refusal(.malformed, "a blob's size is not the manifest's", subject: file.path)
      }
      blobs[digest] = extent
    }
    try reader.finish()
  }

  /// Gives a file's content to `body`, piece by piece, and refuses it when it was not what the manifest says.
  public func content(
    of file: BundleManifest.File, _ body: ([UInt8]) throws(Refusal) -> Void
  ) throws(Refusal) {
    guard let extent = blobs[file.digest] else { throw Refusal(.fault, "no blob", subject: file.path) }
    var hash = SHA256()
    if case .zstd = file.encoding {
      try frame(extent, file) { piece throws(Refusal) in
        hash.update(piece)
        try body(piece)
      }
    } else {
      try source.pieces(extent) { piece throws(Refusal) in
        hash.update(piece)
        try body(piece)
      }
    }
    guard hash.finish() == file.digest else {
      throw Refusal(.digest, "a blob is not the one the manifest names", subject: file.path)
    }
  }

  /// A piece of a file's content, without checking it against its digest; `nil` where it is compressed or not as long.
  public func piece(of file: BundleManifest.File, at offset: Int, count: Int) throws(Refusal) -> [UInt8]? {
    guard case .raw = file.encoding, let extent = blobs[file.digest], offset >= 0, count >= 0,
      offset <= extent.size, count <= extent.size - offset
    else { return nil }
    return try source.read(at: extent.offset + offset, count: count)
  }

  /// A file's whole content, checked; `nil` where it is longer than this.
  public func text(of file: BundleManifest.File, limit: Int) throws(Refusal) -> [UInt8]? {
    guard file.size <= limit else { return nil }
    var bytes: [UInt8] = []
    try content(of: file) { piece throws(Refusal) in bytes += piece }
    return bytes
  }

  /// Reads and checks all content, blobs and attestations, each once; keeps nothing.
  public func verifyContent() throws(Refusal) {
    var seen = Set<SHA256Digest>()
    for file in manifest.files where seen.insert(file.digest).inserted {
      try content(of: file) { _ throws(Refusal) in }
    }
    for attestation in attestations {
      var hash = SHA256()
      try source.pieces(attestation.extent) { piece throws(Refusal) in hash.update(piece) }
      guard hash.finish() == attestation.digest else {
        throw Refusal(.digest, "an attestation is not the one the manifest names")
      }
    }
  }

  private func frame(
    _ extent: Extent, _ file: BundleManifest.File, _ body: ([UInt8]) throws(Refusal) -> Void
  ) throws(Refusal) {
    guard
      var reader = ZstdReader(
        contentSize: file.size, windowLog: Int32(BundleFormat.windowLimit.trailingZeroBitCount))
    else { throw Refusal(.fault, "no memory for a zstd frame") }
    var problem: Refusal?
    try source.pieces(extent) { piece throws(Refusal) in
      do throws(ZstdError) {
        try reader.update(piece) { content in
          do throws(Refusal) {
            try body(content)
            return true
          } catch {
            problem = error
            return false
          }
        }
      } catch {
        throw Refusal(.limit, "\(error.message)", subject: file.path)
      }
      if let problem { throw problem }
    }
    guard reader.isComplete else { throw Refusal(.limit, ZstdError.damaged.message, subject: file.path) }
  }
}

extension BundleError {
  /// The refusal of a bundle in which this was found.
  var refusal: Refusal {
    switch self {
    case .refused(let code, let message): Refusal(ExitCode(rawValue: code) ?? .fault, message)
    case .path, .mode: Refusal(.hostile, message)
    case .manifestSize, .memberSize, .fileCount: Refusal(.limit, message)
    case .signature: Refusal(.signature, message)
    case .memberName, .pathConflict, .text, .json, .field, .notCanonical: Refusal(.malformed, message)
    }
  }
}

extension ZstdError {
  var message: String {
    switch self {
    case .damaged: "a blob is no zstd frame, or more than one"
    case .contentSize: "a zstd frame does not hold as much as the manifest says"
    case .window: "a zstd frame's window is larger than \(BundleFormat.windowLimit) bytes"
    }
  }
}
