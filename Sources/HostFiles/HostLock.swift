private import CLinux

/// A lock between processes, held as long as this value lives; the system frees it when the process
/// ends, however it does (flock(2)).
public struct HostLock: ~Copyable, Sendable {
  private let descriptor: HostDescriptor

  /// Locks a file of the folder, made when it is not there; `nil` when somebody else holds it.
  ///
  /// Whoever holds the lock may remove the file just before letting go: a lock on a file that has
  /// lost its name counts for nothing and is taken again.
  public static func take(_ name: String, in folder: borrowing HostFolder) throws(HostError) -> HostLock? {
    let path = folder.path + "/" + name
    while true {
      let opened = unsafe try name.call("lock") { unsafe linux_open_lock(folder.descriptor.number, $0) }
      let lock = HostLock(descriptor: HostDescriptor(try HostError.check("lock", path, opened)))
      let result = linux_try_lock(lock.descriptor.number)
      if result == -linux_EAGAIN { return nil }
      _ = try HostError.check("lock", path, result)
      let named = try folder.status(name)
      if named?.inode == (try lock.descriptor.status(path: path)).inode { return lock }
    }
  }

  /// The number of a process that holds the lock; `nil` when none does or the system does not say
  /// (proc_locks(5)).
  public static func holder(_ name: String, in folder: borrowing HostFolder) -> Int? {
    guard let inode = try? folder.status(name)?.inode,
      let table = try? HostFile.read("/proc/locks", limit: 1 << 20)
    else { return nil }
    // 1: FLOCK  ADVISORY  WRITE 4711 fd:00:1234567 0 EOF
    for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count > 5, words[1] == "FLOCK", words[5].split(separator: ":").last == "\(inode)" {
        return Int(words[4])
      }
    }
    return nil
  }
}
