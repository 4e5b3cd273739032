/// UTF-8 as systemd checks it: the standard's, less the non-characters.
enum UTF8Check {
  static func isTakenBySystemd(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard !bytes.allSatisfy({ $0 < 0x80 }) else { return true }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .emptyInput: return true
      case .error: return false
      case .valid(let encoded):
        if isNoncharacter(Unicode.UTF8.decode(encoded)) { return false }
      }
    }
  }

  /// U+FDD0 to U+FDEF and the last two of every plane.
  static func isNoncharacter(_ scalar: Unicode.Scalar) -> Bool {
    (0xfdd0...0xfdef).contains(scalar.value) || scalar.value & 0xfffe == 0xfffe
  }
}
