/// What libFuzzer calls with every input; it takes a trap, a hang or a broken promise for a finding. The promises
/// are those of `FuzzedUnits`, which the tests hold as well.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzedUnits.check(unsafe Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
