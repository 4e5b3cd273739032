import HostFiles
import Testing

/// nix-instantiate over a scratch folder, without store or network.
struct NixTool {
  let folder: String

  init() throws {
    folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-nix-")
  }

  func remove() throws { try HostFile.removeTree(folder) }

  @discardableResult
  func write(_ bytes: [UInt8], to path: String) throws -> String {
    let full = folder + "/" + path
    if let slash = path.lastIndex(of: "/") {
      try HostFile.makeDirectories(folder + "/" + path[..<slash], mode: 0o755)
    }
    try HostFile.write(bytes, to: full, mode: 0o644)
    return full
  }

  /// The value of an expression in a file, as Nix's own compact JSON with sorted keys.
  func json(of bytes: [UInt8]) throws -> String {
    let path = try write(bytes, to: "value.nix")
    return try run(["--eval", "--strict", "--json", path])
  }

  /// Parses files; the tool's complaint is the test's.
  func parse(_ paths: [String]) throws {
    _ = try run(["--parse"] + paths)
  }

  private func run(_ arguments: [String]) throws -> String {
    let program = try #require(HostProgram.find("nix-instantiate"), "nix-bin is not installed")
    let result = try HostProgram.run([program, "--store", "dummy://"] + arguments)
    let complaint = String(decoding: result.errors, as: UTF8.self)
    try #require(result.status == 0, "\(complaint)")
    return String(decoding: result.output, as: UTF8.self)
  }
}
