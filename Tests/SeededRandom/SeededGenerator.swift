import Glibc

/// Random numbers that a printed seed repeats, the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// The seed of a property test: always the same, so that what passed once passes again, unless `IMAGEGEN_SEED`
  /// gives another. `IMAGEGEN_SEED=random` takes one that nobody has tried; tests print theirs when they fail.
  public static var seed: UInt64 {
    guard let text = unsafe getenv("IMAGEGEN_SEED") else { return 20_260_101 }
    let value = unsafe String(cString: text)
    return UInt64(value) ?? UInt64.random(in: 0 ... .max)
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, and without, `bound`, which is at least one.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// Whether something happens that does so in so many of a hundred cases.
  public mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
