import HostFiles
import SystemdUnits
import Testing

/// What `systemd-analyze security --offline=true` says of units.
struct SecurityTool {
  /// The verdict on one unit.
  struct Verdict: Equatable {
    /// Ten times the overall exposure.
    var tenths: Int
    /// Ten times the exposure of each row that adds any, in ascending order.
    var rows: [Int]
  }

  /// Asks for all units at once: a start of the tool for each would take most of the time.
  static func verdicts(on units: [UnitFile]) throws -> [Verdict] {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-exposure")
    defer { try? HostFile.removeTree(folder) }
    var paths: [String] = []
    for unit in units {
      let path = "\(folder)/\(unit.name)"
      try HostFile.write(Array(unit.text.utf8), to: path, mode: 0o644)
      paths.append(path)
    }
    let result = try HostProgram.run(
      ["systemd-analyze", "security", "--offline=true", "--no-pager"] + paths,
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "COLUMNS": "400"])
    return read(String(decoding: result.output, as: UTF8.self))
  }

  /// What `systemd-analyze verify` prints on a unit: nothing where all is well.
  static func complaints(about unit: UnitFile) throws -> String {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-verify")
    defer { try? HostFile.removeTree(folder) }
    try HostFile.write(Array(unit.text.utf8), to: "\(folder)/\(unit.name)", mode: 0o644)
    let result = try HostProgram.run(
      ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "\(folder)/\(unit.name)"])
    return String(decoding: result.output + result.errors, as: UTF8.self)
  }

  private static func read(_ text: String) -> [Verdict] {
    var verdicts: [Verdict] = []
    var rows: [Int] = []
    for line in text.split(separator: "\n") {
      if line.contains("Overall exposure level for ") {
        let number = line.split(separator: ": ").last?.split(separator: " ").first ?? ""
        verdicts.append(Verdict(tenths: tenths(number) ?? -1, rows: rows.sorted()))
        rows = []
      } else if line.hasPrefix("✗"), let last = line.split(separator: " ").last, let row = tenths(last) {
        rows.append(row)
      }
    }
    return verdicts
  }

  private static func tenths(_ text: Substring) -> Int? {
    let parts = text.split(separator: ".")
    guard parts.count == 2, let whole = Int(parts[0]), let part = Int(parts[1]) else { return nil }
    return whole * 10 + part
  }
}
