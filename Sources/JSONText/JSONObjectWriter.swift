/// Writes an object member by member, for documents whose tree would be larger than their text: a
/// member of every node of a fleet of thousands. But for `addLine` the bytes are those of
/// `JSONValue.pretty`.
public struct JSONObjectWriter {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]
  /// Whether each object that is open has a member already, the outermost first.
  private var open = [false]

  /// Opens the document's object; `capacity` is about how many bytes it will have.
  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Writes a member of the innermost open object.
  public mutating func add(_ key: String, _ value: JSONValue) {
    start(key)
    JSONWriter.write(value, depth: open.count, into: &bytes)
  }

  /// Writes a member of the innermost open object whose value stands on one line: of thousands of them
  /// each is read, compared and found at a glance.
  public mutating func addLine(_ key: String, _ value: JSONValue) {
    start(key)
    bytes += value.compact
  }

  /// Opens an object as a member of the innermost open one.
  public mutating func beginObject(_ key: String) {
    start(key)
    bytes.append(UInt8(ascii: "{"))
    open.append(false)
  }

  /// Closes the innermost open object; the document's own is closed by `finish`.
  public mutating func endObject() {
    guard open.count > 1 else { return }
    close()
  }

  /// Closes everything that is open; the bytes end with a line feed.
  public consuming func finish() -> [UInt8] {
    while !open.isEmpty { close() }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  private mutating func start(_ key: String) {
    if open[open.count - 1] { bytes.append(UInt8(ascii: ",")) }
    open[open.count - 1] = true
    breakLine()
    JSONWriter.write(.string(key), depth: 0, into: &bytes)
    bytes += ": ".utf8
  }

  private mutating func close() {
    if open.removeLast() { breakLine() }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func breakLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * open.count))
  }
}
