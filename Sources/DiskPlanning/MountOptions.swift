/// Mount options by file system, as far as fstab of a server has a use for them.
///
/// A list and not a guess: disko and NixOS write any word, and a kernel that does not know one mounts
/// nothing. From mount(8), ext4(5), xfs(5), btrfs(5) and mount.zfs(8).
enum MountOptions {
  private static let common: Set<String> = [
    "defaults", "async", "atime", "noatime", "auto", "noauto", "dev", "nodev", "diratime", "nodiratime",
    "dirsync",
    "discard", "nodiscard", "exec", "noexec", "group", "iversion", "noiversion", "lazytime", "nolazytime",
    "nofail",
    "relatime", "norelatime", "ro", "rw", "strictatime", "nostrictatime", "suid", "nosuid", "symfollow",
    "nosymfollow", "sync", "_netdev",
  ]

  /// With `=` at the end those that have a value.
  private static let own: [String: Set<String>] = [
    "ext4": [
      "acl", "noacl", "auto_da_alloc", "noauto_da_alloc", "barrier", "nobarrier", "barrier=",
      "block_validity",
      "noblock_validity", "commit=", "data=", "delalloc", "nodelalloc", "errors=", "grpquota", "init_itable=",
      "inode_readahead_blks=", "journal_async_commit", "journal_checksum", "max_batch_time=",
      "min_batch_time=",
      "noinit_itable", "noquota", "prjquota", "quota", "stripe=", "user_xattr", "nouser_xattr", "usrquota",
    ],
    "xfs": [
      "allocsize=", "attr2", "filestreams", "gqnoenforce", "gquota", "grpquota", "ikeep", "noikeep",
      "inode32",
      "inode64", "largeio", "nolargeio", "logbsize=", "logbufs=", "noalign", "noquota", "norecovery",
      "pqnoenforce",
      "pquota", "prjquota", "quota", "sunit=", "swidth=", "swalloc", "uqnoenforce", "uquota", "usrquota",
      "wsync",
    ],
    "btrfs": [
      "acl", "noacl", "autodefrag", "noautodefrag", "barrier", "nobarrier", "commit=", "compress",
      "compress=",
      "compress-force", "compress-force=", "datacow", "nodatacow", "datasum", "nodatasum", "degraded",
      "discard=", "flushoncommit", "noflushoncommit", "max_inline=", "metadata_ratio=", "skip_balance",
      "space_cache=", "ssd", "nossd", "ssd_spread", "nossd_spread", "thread_pool=", "treelog", "notreelog",
      "user_subvol_rm_allowed",
    ],
    "zfs": ["xattr", "noxattr"],
  ]

  /// Whether the file system takes the option. `x-…` are for programs and never reach the kernel.
  static func isKnown(_ option: String, to format: String) -> Bool {
    if option.hasPrefix("x-") || option.hasPrefix("X-") || common.contains(option) { return true }
    let key = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return own[format]?.contains(key.count == 2 ? key[0] + "=" : option) ?? true
  }
}
