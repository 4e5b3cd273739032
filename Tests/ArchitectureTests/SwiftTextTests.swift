import Testing

@Suite struct SwiftTextTests {
  @Test(arguments: [
    ("a // { \"\n}", "a \n}"),
    ("a /* /* { */ } */ b", "a b"),
    (#"x = "{ \" }" + y"#, "x =  + y"),
    (#"x = "\(f("{", { $0 }))" + y"#, "x =  + y"),
    (##"x = #"\(a " { "# + y"##, "x =  + y"),
    (##"x = #"\#(g("}"))"# + y"##, "x =  + y"),
    ("x = \"\"\"\n  { \"q\" \\(h(\"}\"))\n  \"\"\" + y", "x = \n\n + y"),
    ("#if os(Linux)\n#endif", "#if os(Linux)\n#endif"),
  ]) func onlyCodeIsLeft(source: String, expected: String) {
    let code = String(decoding: SwiftText(source).code, as: UTF8.self)
    func squeezed(_ text: String) -> [[Substring]] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.split(separator: " ") }
    }
    #expect(squeezed(code) == squeezed(expected))
    #expect(code.utf8.count == source.utf8.count)
  }

  @Test func importsAreFound() {
    let source = """
      import A
      public import B
      @testable private import struct C.D
      // import E
      let text = "import F"
      """
    #expect(SwiftText(source).imports == ["A", "B", "C"])
  }

  @Test func functionsAreMeasured() {
    let source = """
      protocol P {
        func none(a: Int)
        var x: Int { get }
        init()
      }
      struct S: P {
        init() { self.init(a: [{ 1 }]) }
        func outer(
          make: () -> Int = { 1 }
        ) -> String where Int: Equatable {
          func inner() {
          }
          return "}"
        }
      }
      """
    let expected: [(String, Int, Int)] = [("init", 7, 1), ("outer", 8, 7), ("inner", 11, 2)]
    let found = SwiftText(source).functions
    #expect(found == expected.map { SwiftText.Function(name: $0.0, line: $0.1, length: $0.2) })
  }
}
