internal import FleetModel

/// Values of declared secrets.
enum SecretValue {
  /// How many random bytes a value is made of.
  static func randomBytes(for kind: SecretDeclaration.Kind) -> Int {
    kind == .password ? 24 : 32
  }

  /// A value made of random bytes, which are wiped. Whoever is done with the value wipes it.
  static func text(_ bytes: consuming [UInt8], _ kind: SecretDeclaration.Kind) -> [UInt8] {
    var random = bytes
    switch kind {
    case .key32: return random
    case .password:
      let text = Base64.urlSafe(random) + [10]
      wipe(&random)
      return text
    case .hex32:
      let digits = Array("0123456789abcdef".utf8)
      var text: [UInt8] = []
      text.reserveCapacity(65)
      for byte in random { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
      text.append(10)
      wipe(&random)
      return text
    }
  }

  /// How many bytes a value may have that was made elsewhere: a password may be anyone's choice, hex
  /// may lack its line feed.
  static func sizes(of kind: SecretDeclaration.Kind) -> ClosedRange<Int> {
    switch kind {
    case .hex32: 64...65
    case .password: 1...4096
    case .key32: 32...32
    }
  }
}
