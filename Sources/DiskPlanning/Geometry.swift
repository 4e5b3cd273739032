internal import FleetModel

/// The arithmetic of GPT as sgdisk lays it out and of LVM2's defaults.
public struct Geometry: Sendable {
  /// Bytes of a logical sector; all sizes in a plan are in these.
  public static let sector: UInt64 = 512
  /// Partitions begin and end at multiples of this many sectors: 1 MiB (sgdisk(8), `--set-alignment`).
  public static let alignment: UInt64 = 2048
  /// Bytes of a physical extent (lvm.conf(5), `physical_extent_size`).
  public static let extent: UInt64 = 4 << 20
  /// Bytes before the first extent (lvm.conf(5), `default_data_alignment`).
  public static let physicalVolumeHeader: UInt64 = 1 << 20
  /// Sectors at the end of the disk for the second table (UEFI 2.10, 5.3).
  private static let trailer: UInt64 = 33

  /// Sectors the disk has.
  public let sectors: UInt64
  /// The first sector not given away, always aligned.
  public private(set) var next: UInt64 = Geometry.alignment

  /// The geometry of a disk of so many bytes.
  public init(bytes: UInt64) { sectors = bytes / Self.sector }

  /// Behind the last sector a partition may have: aligned, as sgdisk's `--align-end` has it.
  public var limit: UInt64 {
    sectors <= Self.trailer ? 0 : (sectors - Self.trailer) / Self.alignment * Self.alignment
  }

  /// Sectors that are left.
  public var free: UInt64 { limit > next ? limit - next : 0 }

  /// Gives away so many bytes; `nil` when they are not there.
  mutating func take(bytes: UInt64) -> ClosedRange<UInt64>? {
    let count = bytes / Self.sector
    guard count > 0, count <= free else { return nil }
    return take(sectors: count)
  }

  /// Gives away what is left; `nil` when nothing is.
  mutating func takeRest() -> ClosedRange<UInt64>? {
    free > 0 ? take(sectors: free) : nil
  }

  private mutating func take(sectors count: UInt64) -> ClosedRange<UInt64> {
    let first = next
    next = (first + count + Self.alignment - 1) / Self.alignment * Self.alignment
    return first...(first + count - 1)
  }

  /// Extents a physical volume of so many bytes has.
  ///
  /// - Parameter stripe: the bytes that an array writes at once over all its disks; 0 without one. Where a
  ///   mebibyte is no multiple of it, LVM begins at the stripe instead (lvm.conf(5), `md_chunk_alignment`).
  static func extents(in bytes: UInt64, stripe: UInt64 = 0) -> UInt64 {
    let isAligned = stripe == 0 || physicalVolumeHeader % stripe == 0
    let start = isAligned ? physicalVolumeHeader : stripe
    return bytes <= start ? 0 : (bytes - start) / extent
  }
}

/// What LUKS, mdraid and ZFS keep for themselves.
enum Overhead {
  /// Bytes of a LUKS2 header (cryptsetup-luksFormat(8), `--offset`: 16 MiB unless given).
  static let luks: UInt64 = 16 << 20
  /// Bytes a striped array writes to a disk before it goes on to the next (mdadm(8), `--chunk`).
  static let chunk: UInt64 = 512 << 10

  /// Bytes of a member that an array can use.
  ///
  /// With metadata 1.2 the data begins behind the superblock, the bitmap and room for a reshape: 128 MiB, halved
  /// until it is at most a thousandth of the member or a mebibyte, in whole mebibytes. With 1.0 superblock, bitmap
  /// and list of bad blocks are behind the data (md(4); the figures are those of mdadm's `validate_geometry1`).
  static func arrayData(in bytes: UInt64, metadata: String, level: Int) -> UInt64 {
    let sectors = bytes / Geometry.sector
    let bitmap: UInt64 =
      if sectors < 128 { 0 } else if sectors - 128 >= 200 << 21 { 256 } else if sectors - 8 > 8 << 21 {
        128
      } else { 8 }
    let taken: UInt64
    let usable: UInt64
    if metadata == "1.0" {
      taken = 24 + bitmap
      usable = sectors & ~7
    } else {
      var headroom: UInt64 = 128 << 11
      while headroom << 10 > sectors, headroom / 2 >= 4 * (chunk >> 10) { headroom >>= 1 }
      taken = (24 + bitmap + headroom + 2047) / 2048 * 2048
      usable = sectors
    }
    let kibibytes = usable > taken ? (usable - taken) / 2 : 0
    // A mirror is rounded to what a bit of its bitmap stands for at least, others to chunks.
    let unit = level == 1 ? 64 : chunk >> 10
    return kibibytes / unit * unit << 10
  }

  /// Disks of an array whose room is not spent on redundancy.
  static func dataDisks(_ redundancy: DiskRequest.Redundancy, of count: Int) -> Int {
    switch redundancy {
    case .raid1, .mirror: 1
    case .raid5, .raidz1: count - 1
    case .raid6, .raidz2: count - 2
    case .raidz3: count - 3
    case .raid10: count / 2
    case .stripe: count
    }
  }

  /// Bytes of a pool for datasets: labels and boot block taken from each disk (zpoolconcepts(7)), and what ZFS
  /// keeps free of all: a thirty-second, at least 128 MiB and at most 128 GiB (zfs(4), `spa_slop_shift`).
  static func poolData(in members: [UInt64], _ redundancy: DiskRequest.Redundancy?) -> UInt64 {
    let labels: UInt64 = 4 << 20 + 512 << 10
    let least = members.min() ?? 0
    let usable = members.map { $0 > labels ? $0 - labels : 0 }
    let all: UInt64 =
      switch redundancy {
      case nil, .stripe: usable.reduce(0, +)
      case .some(let mode):
        (least > labels ? least - labels : 0) * UInt64(max(0, dataDisks(mode, of: members.count)))
      }
    let slop = min(max(all / 32, 128 << 20), 128 << 30)
    return all > slop ? all - slop : 0
  }
}
