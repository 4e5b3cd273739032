import Compression
import HostFiles
import Testing

@Suite struct ZstdFrameTests {
  /// Two hundred kilobytes with some order in them, the same every time.
  static let content: [UInt8] = {
    var state: UInt32 = 1
    return (0..<200_000).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 29)
    }
  }()

  /// What a frame holds, read in pieces of this size.
  private func read(_ frame: [UInt8], size: Int, piece: Int, windowLog: Int32 = 23) throws -> [UInt8]? {
    guard var reader = ZstdReader(contentSize: size, windowLog: windowLog) else { return nil }
    var found: [UInt8] = []
    for start in stride(from: 0, to: frame.count, by: piece) {
      try reader.update(Array(frame[start..<min(start + piece, frame.count)])) {
        found += $0
        return true
      }
    }
    return reader.isComplete ? found : nil
  }

  @Test(arguments: [18, 1000, 1 << 20]) func framesAreWhatTheProgramReads(piece: Int) throws {
    for content in [Self.content, [], [65]] {
      let frame = try #require(ZstdFrame.compress(content))
      #expect(try HostProgram.run(["zstd", "-dc"], input: frame).output == content)
      #expect(try read(frame, size: content.count, piece: piece) == content)
    }
    // The program gives a size where it knows it: not from a pipe without being told.
    let other = try HostProgram.run(
      ["zstd", "-c", "-19", "--stream-size=\(Self.content.count)"], input: Self.content
    ).output
    #expect(try read(other, size: Self.content.count, piece: piece) == Self.content)
  }

  @Test func whatIsNotTheFrameIsRefused() throws {
    let frame = try #require(ZstdFrame.compress(Self.content))
    let size = Self.content.count
    #expect(throws: ZstdError.contentSize) { try read(frame, size: size - 1, piece: 1 << 20) }
    #expect(throws: ZstdError.contentSize) { try read(frame, size: size + 1, piece: 1 << 20) }
    #expect(throws: ZstdError.damaged) { try read(frame + [0], size: size, piece: 1 << 20) }
    #expect(throws: ZstdError.damaged) { try read(frame + frame, size: size, piece: 1 << 20) }
    #expect(throws: ZstdError.damaged) { try read(Self.content, size: size, piece: 1 << 20) }
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 7]
    #expect(throws: ZstdError.damaged) { try read(skippable + frame, size: size, piece: 1 << 20) }
    // From a pipe the program writes no size.
    let unsized = try HostProgram.run(["zstd", "-c"], input: Self.content).output
    #expect(throws: ZstdError.contentSize) { try read(unsized, size: size, piece: 1 << 20) }
    let wide = try HostProgram.run(
      ["zstd", "-c", "--long=27", "--stream-size=\(1 << 25)"], input: [UInt8](repeating: 0, count: 1 << 25)
    ).output
    #expect(throws: ZstdError.window) { try read(wide, size: 1 << 25, piece: 1 << 20) }
  }

  @Test func aFrameCutAnywhereIsNotComplete() throws {
    let content = Array("a short text that a frame holds, a short text".utf8)
    let frame = try #require(ZstdFrame.compress(content))
    for length in 0..<frame.count {
      let cut = Array(frame.prefix(length))
      let result = Result { try read(cut, size: content.count, piece: 1 << 20) }
      if case .success(let found) = result { #expect(found == nil, "\(length)") }
    }
  }
}
