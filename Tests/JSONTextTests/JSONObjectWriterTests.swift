import JSONText
import Testing

@Suite struct JSONObjectWriterTests {
  @Test func `writes what the tree writes`() {
    let inner = JSONValue.object(["list": .array([.integer(1), .object([])]), "text": .string("é\"\n")])
    var writer = JSONObjectWriter()
    writer.add("first", inner)
    writer.beginObject("empty")
    writer.endObject()
    writer.beginObject("outer")
    writer.add("a", inner)
    writer.beginObject("deeper")
    writer.add("b", .null)
    writer.endObject()
    writer.endObject()
    writer.add("last", .bool(true))
    let tree = JSONValue.object([
      "first": inner, "empty": .object([]),
      "outer": .object(["a": inner, "deeper": .object(["b": .null])]), "last": .bool(true),
    ])
    #expect(writer.finish() == tree.pretty)
  }

  @Test func `a line of its own for a member`() {
    var writer = JSONObjectWriter(capacity: 64)
    writer.beginObject("nodes")
    writer.addLine("a", .object(["x": .integer(1), "y": .array([])]))
    writer.addLine("b", .null)
    #expect(
      String(decoding: writer.finish(), as: UTF8.self)
        == "{\n  \"nodes\": {\n    \"a\": {\"x\":1,\"y\":[]},\n    \"b\": null\n  }\n}\n")
  }

  @Test func `closes what is open`() {
    var writer = JSONObjectWriter()
    writer.beginObject("a")
    writer.beginObject("b")
    #expect(String(decoding: writer.finish(), as: UTF8.self) == "{\n  \"a\": {\n    \"b\": {}\n  }\n}\n")
    #expect(JSONObjectWriter().finish() == JSONValue.object([]).pretty)
  }
}
