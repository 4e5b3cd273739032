/// An SVG document that grows by elements. What comes from units and profiles goes in as text and is
/// escaped; markup goes in only as a literal. Nothing in it runs, and nothing is fetched.
struct SVGText {
  /// The text so far, since the last gap.
  private(set) var bytes: [UInt8] = []
  /// What came before each gap.
  private(set) var pieces: [[UInt8]] = []

  /// Leaves a gap that something is put into later.
  mutating func gap() {
    pieces.append(bytes)
    bytes = []
  }

  /// Adds markup as it is.
  mutating func markup(_ markup: StaticString) {
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: markup.utf8Start, count: markup.utf8CodeUnitCount))
  }

  /// Adds what was written before, as it is.
  mutating func add(_ written: [UInt8]) { bytes += written }

  /// Adds text.
  mutating func text(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): markup("&amp;")
      case UInt8(ascii: "<"): markup("&lt;")
      case UInt8(ascii: ">"): markup("&gt;")
      case UInt8(ascii: "\""): markup("&quot;")
      case UInt8(ascii: "\n"): bytes.append(byte)
      // Control characters are no characters of XML (XML 1.0, 2.2); a visible sign stands for them.
      case 0..<32, 127: bytes += "\u{fffd}".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// Adds a whole number.
  mutating func number(_ number: Int) { bytes += String(number).utf8 }

  /// Adds a length in pixels, to the tenth: the same digits on every machine.
  mutating func number(_ number: Double) {
    let tenths = Int((number * 10).rounded())
    if tenths < 0 { bytes.append(UInt8(ascii: "-")) }
    self.number(abs(tenths) / 10)
    guard tenths % 10 != 0 else { return }
    bytes.append(UInt8(ascii: "."))
    self.number(abs(tenths) % 10)
  }

  /// Adds a point as `x y`.
  mutating func point(_ point: Point) {
    number(point.x)
    bytes.append(UInt8(ascii: " "))
    number(point.y)
  }

  /// Adds ` name="value"`.
  mutating func attribute(_ name: StaticString, _ value: Double) {
    markup(" ")
    markup(name)
    markup("=\"")
    number(value)
    markup("\"")
  }

  /// Adds a tooltip: the title of the element that is open.
  mutating func title(_ title: String) {
    markup("<title>")
    text(title)
    markup("</title>")
  }

  /// Adds a line of text.
  ///
  /// - Parameter style: A class of the document's style.
  mutating func label(_ label: String, at point: Point, style: StaticString) {
    markup("<text class=\"")
    markup(style)
    markup("\"")
    attribute("x", point.x)
    attribute("y", point.y)
    markup(">")
    text(label)
    markup("</text>")
  }

  /// Adds a rectangle.
  mutating func rectangle(_ box: Box, radius: Double, style: StaticString) {
    markup("<rect class=\"")
    markup(style)
    markup("\"")
    attribute("x", box.x)
    attribute("y", box.y)
    attribute("width", box.width)
    attribute("height", box.height)
    if radius > 0 { attribute("rx", radius) }
    markup("/>")
  }

  /// Opens a document. Its title comes next, which is its name for those who do not see it, then its style.
  mutating func open(_ name: StaticString, width: Double, height: Double) {
    markup("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"")
    markup(name)
    markup("\" role=\"img\" viewBox=\"0 0 ")
    number(width)
    markup(" ")
    number(height)
    markup("\"")
    attribute("width", width)
    attribute("height", height)
    markup(">\n")
  }

  /// Adds the document's style.
  mutating func style(_ rules: StaticString) {
    markup("<style>\n")
    markup(rules)
    markup("</style>\n")
  }
}

/// A place in a picture, in pixels from its upper left corner.
struct Point: Hashable {
  var x: Double
  var y: Double
}

/// A rectangle in a picture.
struct Box: Hashable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var middle: Double { x + width / 2 }
  var right: Double { x + width }
  var bottom: Double { y + height }
}

/// Widths of letters where no font is at hand: those of common monospaced fonts are alike.
enum LetterWidth {
  /// Of a monospaced font, for each pixel of its size: 0.60 in most, and a little more to be safe.
  static let monospaced = 0.61
  /// Of a proportional font, on the safe side.
  static let proportional = 0.58

  /// The width of a text in a monospaced font of so many pixels.
  static func of(_ text: String, size: Double) -> Double {
    Double(text.unicodeScalars.count) * size * monospaced
  }
}
