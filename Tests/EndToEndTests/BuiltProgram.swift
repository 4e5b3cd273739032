import HostFiles
import JSONText
import Testing

/// The programs that were built along with the tests.
enum BuiltProgram {
  /// The path of a program beside the test bundle.
  static func path(_ name: String) throws -> String {
    let bundle = try HostFile.target(of: "/proc/self/exe")
    let folder = bundle[..<(bundle.lastIndex(of: "/") ?? bundle.startIndex)]
    return try #require(HostProgram.find(folder + "/" + name), "\(name) is not built in \(folder)")
  }
}

/// The repository these tests were compiled from.
enum Checkout {
  /// Three levels up from this file.
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()
}

/// How a run of a program ended.
struct Outcome: Equatable {
  let status: Int32
  let output: String
  let errors: String

  init(_ result: HostProgram.Result) {
    status = result.status
    output = String(decoding: result.output, as: UTF8.self)
    errors = String(decoding: result.errors, as: UTF8.self)
  }

  /// The one JSON document that stdout is.
  func json() throws -> JSONValue { try JSONReader.parse(Array(output.utf8)) }
}
