// Writing with libarchive. See archive_write(3), cpio(5).
private import CLibArchive

/// Writes the archives that kernels unpack into their first root (Linux, early-userspace/buffer-format).
///
/// The same members give the same bytes: everything belongs to root, every time is 1970, files are numbered in
/// order, and neither clock, owner nor place of what was read gets in.
public enum ArchiveWriter {
  /// A cpio archive of the format "newc".
  ///
  /// Folders that members are in and that are not among them are made, with mode 0755, in front of what is in them.
  /// Members are written in order of path. Of two with one path the last is taken.
  /// - Throws: `name` for a path that is absolute, not plain or not ASCII.
  public static func cpio(
    _ members: [ArchiveMember], compression: ArchiveCompression = .none
  ) throws(ArchiveError) -> [UInt8] {
    var sorted: [String: ArchiveMember] = [:]
    for member in members {
      guard isPlain(member.path) else { throw .name }
      for end in member.path.utf8.indices where member.path.utf8[end] == UInt8(ascii: "/") {
        let folder = String(member.path[..<end])
        if sorted[folder] == nil { sorted[folder] = .directory(folder) }
      }
      sorted[member.path] = member
    }
    var handle = try WritingHandle.writing(compression)
    let order = sorted.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for (index, member) in order.enumerated() { try handle.add(member, number: index + 1) }
    return try handle.finish()
  }

  private static func isPlain(_ path: String) -> Bool {
    guard !path.isEmpty, path.utf8.allSatisfy({ (33...126).contains($0) }) else { return false }
    return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0 != "." && $0 != ".."
    }
  }
}

/// The bytes that libarchive hands over.
private final class Collected {
  var bytes: [UInt8] = []
}

/// Owns a `struct archive` that writes.
@safe private struct WritingHandle: ~Copyable {
  private let archive: OpaquePointer
  private let collected = Collected()

  /// Apart from opening, because what has a `deinit` cannot fail halfway through its initializer.
  private init(owning archive: OpaquePointer) { unsafe self.archive = archive }

  static func writing(_ compression: ArchiveCompression) throws(ArchiveError) -> WritingHandle {
    guard let archive = unsafe archive_write_new() else { throw .memory }
    let handle = unsafe WritingHandle(owning: archive)
    try handle.open(compression)
    return handle
  }

  private func open(_ compression: ArchiveCompression) throws(ArchiveError) {
    try check(unsafe archive_write_set_format_cpio_newc(archive))
    // Without this the end is filled up to whole records, as on a tape.
    try check(unsafe archive_write_set_bytes_in_last_block(archive, 1))
    try check(unsafe archive_write_set_bytes_per_block(archive, 1 << 20))
    switch compression {
    case .none: break
    case .gzip(let level):
      try check(unsafe archive_write_add_filter_gzip(archive))
      // "!timestamp": the header would hold the time of writing.
      try check(unsafe archive_write_set_filter_option(archive, "gzip", "timestamp", nil))
      try check(unsafe archive_write_set_filter_option(archive, "gzip", "compression-level", "\(level)"))
    case .zstd(let level):
      try check(unsafe archive_write_add_filter_zstd(archive))
      try check(unsafe archive_write_set_filter_option(archive, "zstd", "compression-level", "\(level)"))
    }
    let client = unsafe Unmanaged.passUnretained(collected).toOpaque()
    try check(
      unsafe archive_write_open(
        archive, client, nil,
        { _, client, bytes, count in
          guard let client = unsafe client, let bytes = unsafe bytes else { return -1 }
          let collected = unsafe Unmanaged<Collected>.fromOpaque(client).takeUnretainedValue()
          unsafe collected.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
          return count
        }, nil))
  }

  deinit { unsafe archive_write_free(archive) }

  mutating func add(_ member: ArchiveMember, number: Int) throws(ArchiveError) {
    guard let entry = unsafe archive_entry_new() else { throw .memory }
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_set_pathname(entry, member.path)
    unsafe archive_entry_set_ino64(entry, Int64(number))
    unsafe archive_entry_set_nlink(entry, 1)
    unsafe archive_entry_set_mtime(entry, 0, 0)
    unsafe archive_entry_set_perm(entry, mode_t(member.mode))
    switch member.content {
    case .directory:
      unsafe archive_entry_set_filetype(entry, 0o040000)
      unsafe archive_entry_set_size(entry, 0)
      try check(unsafe archive_write_header(archive, entry))
    case .link(let target):
      unsafe archive_entry_set_filetype(entry, 0o120000)
      unsafe archive_entry_set_symlink(entry, target)
      unsafe archive_entry_set_size(entry, 0)
      try check(unsafe archive_write_header(archive, entry))
    case .file(let bytes):
      unsafe archive_entry_set_filetype(entry, 0o100000)
      unsafe archive_entry_set_size(entry, Int64(bytes.count))
      try check(unsafe archive_write_header(archive, entry))
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe archive_write_data(archive, buffer.baseAddress, buffer.count)
      }
      guard count == bytes.count else { throw failure() }
    }
  }

  /// Closes the archive and hands over its bytes.
  mutating func finish() throws(ArchiveError) -> [UInt8] {
    try check(unsafe archive_write_close(archive))
    return collected.bytes
  }

  private func check(_ status: Int32) throws(ArchiveError) {
    guard status == ARCHIVE_OK else { throw failure() }
  }

  private func failure() -> ArchiveError {
    guard let text = unsafe archive_error_string(archive) else { return .malformed("unknown") }
    return .malformed(unsafe String(cString: text))
  }
}
