import HostFiles
import Testing

/// The profiles of a starter fleet, and the built program at work on them.
struct Inputs {
  static let fleet = "lab"
  let folder: String
  let program: String

  init(_ folder: String) throws {
    self.folder = folder
    program = try BuiltProgram.path("imagegen")
    let result = try HostProgram.run([program, "init", folder + "/" + Self.fleet])
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
  }

  /// Another release: every node's results differ.
  func raiseRelease() throws {
    let path = folder + "/" + Self.fleet + "/fleet.yaml"
    let text = String(decoding: try HostFile.read(path, limit: 1 << 20), as: UTF8.self)
    let raised = text.replacing("sequence: 1,", with: "sequence: 2,")
      .replacing("version: 0.1.0", with: "version: 0.2.0")
    try #require(raised != text)
    try HostFile.write(Array(raised.utf8), to: path, mode: 0o644)
  }

  /// Program and arguments that build all nodes.
  func buildCommand(out: String) -> [String] {
    [
      program, "build", "--all", "--quiet", "--profiles", folder, "--secrets", folder + "/secrets", "--out",
      out,
    ]
  }

  /// Builds all nodes; kills the program after a while when asked to.
  func build(out: String, killedAfter milliseconds: Int? = nil) throws -> HostProgram.Result {
    let command = buildCommand(out: out)
    guard let milliseconds else { return try HostProgram.run(command) }
    let digits = String(1000 + milliseconds % 1000).dropFirst()
    return try HostProgram.run(["timeout", "--signal", "KILL", "\(milliseconds / 1000).\(digits)"] + command)
  }
}
