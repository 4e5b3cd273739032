// The only importer of libarchive. See archive_read(3), archive_entry(3).
private import CLibArchive
import Digests

/// Lists archives through libarchive: a second opinion on what the tool's own encoders write.
///
/// Nothing is ever extracted with it: it follows paths where they lead.
public enum ArchiveReader {
  /// All members of an archive in memory, in its order.
  ///
  /// - Parameters:
  ///   - entries: more members than this are an error.
  ///   - bytes: so is more content than this, of all members together.
  public static func entries(
    of archive: [UInt8], format: ArchiveFormat, entries limit: Int = 100_000,
    bytes: Int = 1 << 32
  ) throws(ArchiveError) -> [ArchiveEntry] {
    var handle = try ArchiveHandle.reading(format)
    return unsafe try archive.withBytes { buffer throws(ArchiveError) in
      unsafe try handle.open(buffer)
      var found: [ArchiveEntry] = []
      var left = bytes
      while var entry = try handle.next() {
        guard found.count < limit else { throw .limit }
        try handle.read(into: &entry, left: &left)
        found.append(entry)
      }
      return found
    }
  }
}

/// Owns a `struct archive` that reads.
@safe private struct ArchiveHandle: ~Copyable {
  private let archive: OpaquePointer

  /// Apart from `reading`, because what has a `deinit` cannot fail halfway through its initializer.
  private init(owning archive: OpaquePointer) { unsafe self.archive = archive }

  /// A reader for one format. No other format and no filter: a parser that is not enabled has no bug.
  static func reading(_ format: ArchiveFormat) throws(ArchiveError) -> ArchiveHandle {
    guard let archive = unsafe archive_read_new() else { throw .memory }
    let handle = unsafe ArchiveHandle(owning: archive)
    switch format {
    case .tar: try handle.check(unsafe archive_read_support_format_tar(archive))
    case .cpio: try handle.check(unsafe archive_read_support_format_cpio(archive))
    }
    return handle
  }

  deinit { unsafe archive_read_free(archive) }

  /// The bytes must outlive the handle's use.
  @unsafe func open(_ buffer: UnsafeRawBufferPointer) throws(ArchiveError) {
    try check(unsafe archive_read_open_memory(archive, buffer.baseAddress, buffer.count))
  }

  /// The next member without its content; `nil` at the end.
  mutating func next() throws(ArchiveError) -> ArchiveEntry? {
    var pointer: OpaquePointer?
    let status = unsafe archive_read_next_header(archive, &pointer)
    if status == ARCHIVE_EOF { return nil }
    try check(status)
    guard let entry = unsafe pointer, let name = unsafe archive_entry_pathname(entry),
      let path = unsafe String(validatingCString: name)
    else { throw .name }
    return ArchiveEntry(
      path: path, kind: kind(unsafe UInt32(archive_entry_filetype(entry))),
      mode: UInt16(truncatingIfNeeded: unsafe archive_entry_perm(entry)),
      user: Int(unsafe archive_entry_uid(entry)), group: Int(unsafe archive_entry_gid(entry)),
      modified: Int(unsafe archive_entry_mtime(entry)), size: 0, digest: .zero)
  }

  /// Reads the content of the member that `next` gave, for its size and digest.
  mutating func read(into entry: inout ArchiveEntry, left: inout Int) throws(ArchiveError) {
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe archive_read_data(archive, bytes.baseAddress, bytes.count)
      }
      if count == 0 { break }
      guard count > 0 else { throw failure() }
      left -= count
      guard left >= 0 else { throw .limit }
      entry.size += count
      unsafe buffer.withUnsafeBytes { bytes in
        unsafe hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
      }
    }
    entry.digest = hash.finish()
  }

  private func kind(_ type: UInt32) -> ArchiveEntry.Kind {
    switch type {
    case 0o100000: .file
    case 0o040000: .directory
    case 0o120000: .link
    default: .other
    }
  }

  private func check(_ status: Int32) throws(ArchiveError) {
    guard status == ARCHIVE_OK else { throw failure() }
  }

  private func failure() -> ArchiveError {
    guard let text = unsafe archive_error_string(archive) else { return .malformed("unknown") }
    return .malformed(unsafe String(cString: text))
  }
}

extension [UInt8] {
  fileprivate func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(ArchiveError) -> Result
  ) throws(ArchiveError) -> Result {
    var outcome: Swift.Result<Result, ArchiveError> = .failure(.memory)
    unsafe withUnsafeBytes { buffer in
      do throws(ArchiveError) {
        outcome = .success(try unsafe body(buffer))
      } catch {
        outcome = .failure(error)
      }
    }
    return try outcome.get()
  }
}
