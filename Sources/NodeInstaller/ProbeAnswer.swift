internal import JSONText

/// Whether an answer over HTTP says what a probe asks for.
enum ProbeAnswer {
  /// Every field of the JSON object has its text, and the text is in the body.
  static func holds(_ bytes: [UInt8], _ fields: [(key: String, value: String)], _ body: String?) -> Bool {
    if let body, !contains(bytes, Array(body.utf8)) { return false }
    guard !fields.isEmpty else { return true }
    do throws(JSONError) {
      let value = try JSONReader.parse(bytes, limits: JSONLimits(bytes: 1 << 16, depth: 16))
      for field in fields where value[field.key]?.text != field.value { return false }
      return true
    } catch {
      return false
    }
  }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    return bytes.indices.contains { index in
      bytes[index] == first && bytes[index...].starts(with: part)
    }
  }
}
