import HostFiles
import JSONText
import Testing

/// A picture as Python's XML parser reads it.
struct SVGReader {
  /// The root's title.
  let title: String
  /// All other titles, in order.
  let titles: [String]
  /// All lines of text, in order.
  let texts: [String]
  /// The root's width and height.
  let size: [Int]
  /// By class, how many elements have it.
  let classes: [String: Int]

  /// Fails on text that is no XML, and on elements and attributes that a still picture does not need.
  private static let program = """
    import json, sys, xml.etree.ElementTree as tree
    SVG = "{http://www.w3.org/2000/svg}"
    KNOWN = {"svg", "title", "style", "g", "path", "rect", "text"}
    ATTRIBUTES = {"class", "role", "viewBox", "width", "height", "x", "y", "rx", "d", "transform"}
    root = tree.fromstring(sys.stdin.buffer.read())
    bad = [e.tag for e in root.iter() if not e.tag.startswith(SVG) or e.tag[len(SVG):] not in KNOWN]
    bad += [name for e in root.iter() for name in e.attrib if name not in ATTRIBUTES]
    if any(word in (e.text or "") for e in root.iter(SVG + "style") for word in ("url(", "@import", "expression")):
        bad.append("style")
    if bad: sys.exit(str(bad))
    classes = {}
    for e in root.iter():
        for name in e.get("class", "").split(): classes[name] = classes.get(name, 0) + 1
    titles = [e.text for e in root.iter(SVG + "title")]
    print(json.dumps({
        "title": titles[0], "titles": titles[1:], "texts": [e.text for e in root.iter(SVG + "text")],
        "size": [int(root.get("width")), int(root.get("height"))], "classes": classes}))
    """

  init(_ svg: [UInt8]) throws {
    let result = try HostProgram.run(["python3", "-c", Self.program], input: svg)
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    let json = try JSONReader.parse(result.output)
    title = json["title"]?.text ?? ""
    titles = (json["titles"]?.elements ?? []).compactMap(\.text)
    texts = (json["texts"]?.elements ?? []).compactMap(\.text)
    size = (json["size"]?.elements ?? []).compactMap { $0.number }
    classes = Dictionary(
      uniqueKeysWithValues: (json["classes"]?.members ?? []).map { ($0.key, $0.value.number ?? 0) })
  }
}
