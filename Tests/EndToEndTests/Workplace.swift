import HostFiles
import JSONText
import Testing

/// A folder with a copy of the project's fleets, and the built program at work on them.
struct Workplace {
  let folder: String
  let program: String

  var profiles: String { folder + "/profiles" }
  var secrets: String { folder + "/secrets" }
  var out: String { folder + "/out" }

  /// Makes the folder, lends it and removes it.
  static func with<Result>(_ body: (Workplace) throws -> Result) throws -> Result {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-place")
    defer { try? HostFile.removeTree(folder) }
    let place = Workplace(folder: folder, program: try BuiltProgram.path("imagegen"))
    try place.copy(Checkout.root + "/profiles", to: place.profiles)
    return try body(place)
  }

  func copy(_ path: String, to target: String) throws {
    let result = try HostProgram.run(["cp", "-a", "--", path, target])
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
  }

  // MARK: Running

  /// Runs the program in the folder, where `profiles`, `secrets` and `out` have their usual names.
  func run(_ words: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(words, environment: environment)
  }

  func run(_ words: [String], environment: [String: String] = [:]) throws -> Outcome {
    var variables = ["PATH": HostEnvironment.value("PATH") ?? "", "LC_ALL": "C.UTF-8", "TERM": "dumb"]
    variables.merge(environment) { $1 }
    return Outcome(try HostProgram.run([program] + words, environment: variables, directory: folder))
  }

  /// The exit status of a run whose output goes into a file.
  func run(_ words: [String], into path: String) throws -> Int32 {
    try HostProgram.run(
      ["sh", "-c", "out=$1; shift; exec \"$@\" > \"$out\"", "sh", path, program] + words, directory: folder
    ).status
  }

  /// The same for what has to work.
  @discardableResult
  func require(_ words: String..., environment: [String: String] = [:]) throws -> Outcome {
    let outcome = try run(words, environment: environment)
    try #require(outcome.status == 0, "\(words.joined(separator: " ")): \(outcome.errors)")
    return outcome
  }

  /// Mints the secrets of the fleets.
  func mint() throws {
    try require("secrets", "plasmacloud")
    // The fleet has grown: what is there stays, what the new nodes need is added.
    try require("secrets", "plasmacloud", "--profiles", "profiles/examples")
    try require("secrets", "unibus")
  }

  // MARK: Results

  func text(_ path: String) throws -> String {
    String(decoding: try HostFile.read(folder + "/" + path, limit: 16 << 20), as: UTF8.self)
  }

  func json(_ path: String) throws -> JSONValue {
    try JSONReader.parse(HostFile.read(folder + "/" + path, limit: 16 << 20))
  }

  /// Changes a text that must be there.
  func edit(_ path: String, _ old: String, _ new: String) throws {
    let former = try text(path)
    try #require(former.contains(old), "\(path) has no \(old)")
    try HostFile.write(Array(former.replacing(old, with: new).utf8), to: folder + "/" + path, mode: 0o644)
  }

  func names(_ path: String) throws -> [String] { try HostFile.list(folder + "/" + path).map(\.name) }

  /// Paths of all files below a folder, relative to it.
  func files(_ path: String) throws -> [String] {
    try HostFile.list(folder + "/" + path).flatMap { entry -> [String] in
      guard entry.kind == .directory else { return [entry.name] }
      return try files(path + "/" + entry.name).map { entry.name + "/" + $0 }
    }
  }

  func mode(_ path: String) throws -> UInt16 {
    try #require(try HostFile.status(folder + "/" + path), "no \(path)").mode
  }

  /// Nodes of the two fleets, as `FLEET/NODE`.
  func nodes() throws -> [String] {
    try ["plasmacloud", "unibus"].flatMap { fleet in
      try names("profiles/\(fleet)/nodes").map { "\(fleet)/\($0.split(separator: ".")[0])" }
    }
  }
}

/// A tree of results, as bytes that differ when anything of it does.
enum Fingerprint {
  /// Every path with its kind, mode, and target or digest.
  static func of(_ folder: String) throws -> [UInt8] {
    let script = """
      cd "$1" || exit 1
      find . -printf '%P %y %m %l\\n' | LC_ALL=C sort
      find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
      """
    let result = try HostProgram.run(["sh", "-c", script, "sh", folder])
    #expect(result.status == 0)
    return result.output
  }

  /// The first line that two fingerprints do not share; `nil` when they are equal.
  static func difference(_ left: [UInt8], _ right: [UInt8]) -> String? {
    guard left != right else { return nil }
    let lines = [left, right].map { String(decoding: $0, as: UTF8.self).split(separator: "\n") }
    return zip(lines[0], lines[1]).first { $0 != $1 }.map { "\($0) | \($1)" } ?? "one is longer"
  }
}
