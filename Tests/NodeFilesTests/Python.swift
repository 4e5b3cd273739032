import HostFiles
import JSONText
import Testing

/// Python's readers, as the other opinion on what was written.
enum Python {
  /// Runs a program that reads a JSON document and returns what it prints.
  static func run(_ program: String, _ input: JSONValue) throws -> String {
    let result = try HostProgram.run(["python3", "-c", program], input: input.compact)
    let errors = String(decoding: result.errors, as: UTF8.self)
    try #require(result.status == 0, "\(errors)")
    return String(decoding: result.output, as: UTF8.self)
  }
}
