/// An Ethernet address, 48 bits.
public struct MACAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The six bytes, first byte most significant.
  public let bits: UInt64

  /// Reads `52:54:00:00:01:01`; six pairs of hexadecimal digits, colons between.
  public init?(_ text: String) {
    let pairs = text.split(separator: ":", omittingEmptySubsequences: false)
    guard pairs.count == 6 else { return nil }
    var bits: UInt64 = 0
    for pair in pairs {
      guard pair.utf8.count == 2, pair.utf8.allSatisfy(\.isHexDigit), let byte = UInt8(pair, radix: 16)
      else { return nil }
      bits = bits << 8 | UInt64(byte)
    }
    self.bits = bits
  }

  /// Lower case, with colons.
  public var description: String { text(separator: ":") }

  /// Lower case, with hyphens: iPXE's `${mac:hexhyp}`, as file names carry it.
  public var hyphenated: String { text(separator: "-") }

  /// Whether it names one interface: the group bit is clear.
  public var isUnicast: Bool { bits >> 40 & 1 == 0 }

  private func text(separator: String) -> String {
    (0..<6).map { String(hexByte: UInt8(truncatingIfNeeded: bits >> (40 - 8 * UInt64($0)))) }
      .joined(separator: separator)
  }

  public static func < (left: MACAddress, right: MACAddress) -> Bool { left.bits < right.bits }
}

/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Comparable, Sendable {
  /// 32 bits, network order.
  case v4(UInt32)
  /// 128 bits, network order, in halves.
  case v6(high: UInt64, low: UInt64)

  /// How many bits the family has.
  public var width: Int {
    switch self {
    case .v4: 32
    case .v6: 128
    }
  }

  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    switch (left, right) {
    case (.v4(let one), .v4(let other)): one < other
    case (.v4, .v6): true
    case (.v6, .v4): false
    case (.v6(let high, let low), .v6(let otherHigh, let otherLow)):
      (high, low) < (otherHigh, otherLow)
    }
  }
}

/// A block of addresses, `192.168.100.0/24`.
public struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
  /// The first address: all host bits are zero.
  public let base: IPAddress
  /// Length of the prefix in bits.
  public let prefix: Int

  /// Reads `ADDRESS/PREFIX`; `nil` when it is none or when host bits are set.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let base = IPAddress(String(parts[0])), parts[1].utf8.count <= 3,
      parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let prefix = Int(parts[1]),
      prefix <= base.width, base.masked(to: prefix) == base
    else { return nil }
    self.base = base
    self.prefix = prefix
  }

  /// Whether an address lies in the block.
  public func contains(_ address: IPAddress) -> Bool {
    address.width == base.width && address.masked(to: prefix) == base
  }

  /// The last address of an IPv4 block; `nil` where there is no broadcast (IPv6, /31, /32).
  public var broadcast: IPAddress? {
    guard case .v4(let bits) = base, prefix <= 30 else { return nil }
    return .v4(bits | UInt32.max >> UInt32(prefix))
  }

  /// `ADDRESS/PREFIX`.
  public var description: String { "\(base)/\(prefix)" }
}

extension IPAddress {
  /// The address with all bits behind the prefix cleared.
  public func masked(to prefix: Int) -> IPAddress {
    switch self {
    case .v4(let bits):
      return .v4(prefix <= 0 ? 0 : bits & ~(prefix >= 32 ? 0 : UInt32.max >> UInt32(prefix)))
    case .v6(let high, let low):
      let highMask = prefix >= 64 ? UInt64.max : prefix <= 0 ? 0 : ~(UInt64.max >> UInt64(prefix))
      let rest = prefix - 64
      let lowMask = rest >= 64 ? UInt64.max : rest <= 0 ? 0 : ~(UInt64.max >> UInt64(rest))
      return .v6(high: high & highMask, low: low & lowMask)
    }
  }

  /// Whether it is reserved for documentation (RFC 5737, RFC 3849): never a machine's own.
  public var isDocumentation: Bool {
    ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]
      .compactMap(AddressBlock.init).contains { $0.contains(self) }
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool {
    (48...57).contains(self) || (65...70).contains(self) || (97...102).contains(self)
  }
}

extension String {
  fileprivate init(hexByte byte: UInt8) {
    let digits = String(byte, radix: 16)
    self = byte < 16 ? "0" + digits : digits
  }
}
