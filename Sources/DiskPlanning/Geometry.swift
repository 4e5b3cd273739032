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
  static func extents(in bytes: UInt64) -> UInt64 {
    bytes <= physicalVolumeHeader ? 0 : (bytes - physicalVolumeHeader) / extent
  }
}
