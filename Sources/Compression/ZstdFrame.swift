// Zstandard through libzstd. See docs/architecture.md.
private import CZstd

/// One zstd frame (RFC 8878), whole, with its content's size.
public enum ZstdFrame {
  /// The frame of these bytes, the same ones with one version of libzstd; `nil` when there is no memory for it.
  /// Generic so that the installer, which never compresses, has none of the encoder in it.
  public static func compress(_ content: some Sequence<UInt8>, level: Int32 = 9) -> [UInt8]? {
    let bytes = Array(content)
    var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let capacity = frame.count
    let written = unsafe frame.withUnsafeMutableBytes { output in
      unsafe bytes.withUnsafeBytes { input in
        unsafe ZSTD_compress(output.baseAddress, capacity, input.baseAddress, input.count, level)
      }
    }
    guard ZSTD_isError(written) == 0 else { return nil }
    return Array(frame.prefix(written))
  }
}

/// Why bytes are not the frame that was asked for.
public enum ZstdError: Error, Hashable, Sendable {
  /// No frame, damaged, or longer than it was to be.
  case damaged
  /// The frame does not say its content's size, or says another.
  case contentSize
  /// Its window is larger than allowed.
  case window
}

/// Reads one frame piece by piece, in memory that the window bounds.
@safe public struct ZstdReader: ~Copyable {
  private let stream: OpaquePointer
  private var output: [UInt8]
  private var isStarted = false
  private var isDone = false
  private let contentSize: Int
  private var produced = 0

  /// A reader for content of exactly this size; `windowLog` is the largest window's logarithm.
  public init?(contentSize: Int, windowLog: Int32) {
    guard let stream = unsafe ZSTD_createDStream() else { return nil }
    unsafe self.stream = unsafe stream
    self.contentSize = contentSize
    output = [UInt8](repeating: 0, count: 128 << 10)
    _ = unsafe ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, windowLog)
  }

  deinit { _ = unsafe ZSTD_freeDStream(stream) }

  /// Takes the next bytes of the frame and gives what they hold to `body`, piece by piece. The first call must
  /// bring the frame's whole header: 18 bytes, or the whole frame.
  public mutating func update(
    _ bytes: [UInt8], _ body: ([UInt8]) -> Bool
  ) throws(ZstdError) {
    if !isStarted { try start(bytes) }
    var consumed = 0
    // A full buffer of output may leave some behind that needs no further input.
    var isFull = false
    while consumed < bytes.count || isFull {
      guard !isDone else { throw .damaged }
      var read = 0
      var written = 0
      let start = consumed
      let capacity = output.count
      let rest = unsafe output.withUnsafeMutableBytes { target in
        unsafe bytes.withUnsafeBytes { source in
          var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: start)
          var result = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: capacity, pos: 0)
          let rest = unsafe ZSTD_decompressStream(stream, &result, &input)
          unsafe read = input.pos
          unsafe written = result.pos
          return rest
        }
      }
      guard ZSTD_isError(rest) == 0 else {
        throw ZSTD_getErrorCode(rest) == ZSTD_error_frameParameter_windowTooLarge ? .window : .damaged
      }
      guard read > consumed || written > 0 || isFull else { throw .damaged }
      consumed = read
      produced += written
      guard produced <= contentSize else { throw .contentSize }
      if written > 0, !body(Array(output.prefix(written))) { return }
      isDone = rest == 0
      isFull = written == capacity && !isDone
    }
  }

  /// Whether the frame has come to its end and held all it was to hold.
  public var isComplete: Bool { isDone && produced == contentSize }

  private mutating func start(_ bytes: [UInt8]) throws(ZstdError) {
    isStarted = true
    let stated = unsafe bytes.withUnsafeBytes { source in
      unsafe ZSTD_getFrameContentSize(source.baseAddress, source.count)
    }
    // A skippable frame has the magic 184D2A5x and says 0.
    guard bytes.count >= 4, bytes[0] == 0x28, bytes[1] == 0xB5, bytes[2] == 0x2F, bytes[3] == 0xFD else {
      throw .damaged
    }
    guard stated == UInt64(contentSize) else { throw .contentSize }
  }
}
