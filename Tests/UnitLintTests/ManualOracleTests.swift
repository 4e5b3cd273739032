import Diagnostics
import HostFiles
import Testing
import UnitGraphs

@testable import UnitLint

/// The manuals of rules about single files against the reader of systemd itself.
@Suite struct ManualOracleTests {
  /// The rules whose example `systemd-analyze verify` of systemd 252 complains of.
  private static let told: Set<String> = [
    "SY001", "SY002", "SY003", "SY004", "SY005", "SY006", "SY007", "SY009", "SY010", "SY011", "SY012",
    "SY013",
    "SY015", "SY017", "SY018", "SY020", "SY021", "SY022", "SY023", "SY024", "SY025", "SY027", "SY034",
    "EX004", "EX006", "EX007", "EX008", "EX013", "EX020", "EX022", "EX023", "EX024", "EX025", "EX026",
    "EX047",
    "EN003", "EN004", "EN014", "SE008",
  ]

  /// What a manual shows as wrong systemd calls wrong, where it can see it; of what it shows as right
  /// systemd has nothing to say.
  @Test func `systemd agrees with the manuals`() throws {
    for rule in UnitLintRules.all where ["SY", "EX", "EN", "SE"].contains(rule.code.family) {
      let code = rule.code.description
      let complaints = rule.example.contains("…") ? [] : try Self.verify(rule.example)
      #expect(complaints.isEmpty != Self.told.contains(code), "\(code): \(complaints)")
      #expect(try Self.verify(rule.instead) == [], "\(code)")
    }
  }

  /// What `systemd-analyze verify` prints of units, but for programs that this machine does not have.
  private static func verify(_ text: String) throws -> [Substring] {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-manual")
    defer { try? HostFile.removeTree(folder) }
    var units: [String] = []
    for entry in LintHarness.entries(text) {
      guard case .file(let bytes) = entry.content else { continue }
      let path = folder + "/" + entry.path
      let parent = path[..<(path.lastIndex(of: "/") ?? path.endIndex)]
      try HostFile.makeDirectories(String(parent), mode: 0o755)
      try HostFile.write(bytes, to: path, mode: 0o644)
      if !entry.path.contains("/") { units.append(path) }
    }
    let result = try HostProgram.run(
      ["env", "SYSTEMD_UNIT_PATH=", "systemd-analyze", "verify", "--man=no", "--recursive-errors=no"] + units,
      directory: "/")
    return String(decoding: result.output + result.errors, as: UTF8.self).split(separator: "\n").filter {
      line in
      guard let start = line.firstRange(of: "Command /"), line.contains(" is not executable") else {
        return true
      }
      return line[start.upperBound...].prefix { $0 != " " }.count
        != line[start.upperBound...].split(separator: " is not").first?.count
    }
  }
}

/// Values against systemd's reader: what it leaves out with a warning, SY013 finds, and nothing else.
@Suite struct ValueOracleTests {
  private static let values: [(section: String, name: String, values: [String])] = [
    ("Service", "UMask", ["0x7", "7777", "17777", "077", "99", "rwx"]),
    ("Service", "Nice", ["x", "-20", "20", "19"]),
    ("Service", "OOMScoreAdjust", ["x", "-1000", "1001"]),
    ("Service", "LimitNOFILE", ["infinity:5", "10:5", "1:2", "64k", "infinity", "1:2:3", "5:infinity", "x"]),
    ("Service", "LimitAS", ["4G", "4GB", "1K:2K", "x"]),
    ("Service", "MemoryMax", ["50%", "1.5G", "infinity", "-1", "1GB", "x", "1G 5M"]),
    ("Service", "TasksMax", ["10%", "infinity", "x", "5"]),
    ("Service", "CPUQuota", ["150%", "10", "0.5", "12.5%", "x%"]),
    ("Service", "CPUWeight", ["idle", "0", "10000", "10001", "x"]),
    ("Service", "IOWeight", ["0", "10001", "100"]),
    (
      "Service", "KillSignal",
      ["15", "TERM", "SIGTERM", "RTMIN+3", "SIGRTMIN+99", "65", "RTMAX-1", "FOO", "sigterm"]
    ),
    ("Service", "SyslogFacility", ["x", "local7"]), ("Service", "SyslogLevel", ["err", "9", "x"]),
    ("Service", "IOSchedulingClass", ["foo", "idle"]), ("Service", "IOSchedulingPriority", ["9", "0"]),
    ("Service", "CPUSchedulingPolicy", ["foo", "rr"]), ("Service", "CPUSchedulingPriority", ["100", "50"]),
    ("Service", "KeyringMode", ["foo", "private"]), ("Service", "ProcSubset", ["foo", "pid"]),
    ("Service", "ProtectProc", ["foo", "invisible"]),
    ("Service", "ProtectSystem", ["foo", "full", "yes", "strict"]),
    ("Service", "ProtectHome", ["foo", "tmpfs", "no"]), ("Service", "PrivateTmp", ["foo", "on"]),
    ("Service", "OOMPolicy", ["foo", "kill"]),
    ("Service", "RuntimeDirectoryPreserve", ["foo", "restart", "yes"]),
    ("Service", "UtmpMode", ["foo", "login"]), ("Service", "DevicePolicy", ["x", "closed"]),
    ("Service", "ManagedOOMSwap", ["foo", "kill"]), ("Service", "ManagedOOMPreference", ["foo", "omit"]),
    ("Service", "NUMAPolicy", ["foo", "local"]), ("Service", "Restart", ["allways", "always"]),
    ("Service", "StartLimitBurst", ["x", "5"]), ("Service", "SendSIGKILL", ["x", "t"]),
    ("Service", "TimeoutStopSec", ["5 minuts", "5min 1s", "infinity"]),
    ("Service", "ExitType", ["foo", "cgroup"]),
    ("Service", "FileDescriptorStoreMax", ["x", "7"]), ("Unit", "CollectMode", ["x", "inactive"]),
    ("Unit", "JobTimeoutAction", ["x", "reboot"]), ("Unit", "OnFailureJobMode", ["x", "isolate"]),
    (
      "Socket", "ListenStream",
      [
        "foo", "99999", "1.2.3.4:x", "/ok", "@ok", "[::1]:80", "::1", "1.2.3.4", "vsock::80", "localhost:80",
        "80",
      ]
    ),
    ("Socket", "SocketMode", ["999", "0660"]), ("Socket", "Backlog", ["x", "5"]),
    ("Socket", "SocketProtocol", ["foo", "sctp"]), ("Socket", "BindIPv6Only", ["foo", "both", "yes", "no"]),
    ("Socket", "PipeSize", ["1X", "1M"]), ("Socket", "Mark", ["x", "-1"]), ("Socket", "IPTTL", ["x", "64"]),
  ]

  @Test func `systemd refuses the values that the linter finds`() throws {
    var lines: [String: [(line: Int, text: String)]] = [:]
    var texts = [
      "example.service": "[Service]\nExecStart=/bin/true\n",
      "example.socket": "[Socket]\nListenStream=/run/a\n",
    ]
    for (section, name, values) in Self.values {
      let file = section == "Socket" ? "example.socket" : "example.service"
      for value in values {
        texts[file, default: ""] += "[\(section)]\n\(name)=\(value)\n"
        let line = texts[file]?.count { $0 == "\n" } ?? 0
        lines[file, default: []].append((line, "\(name)=\(value)"))
      }
    }
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-values")
    defer { try? HostFile.removeTree(folder) }
    for (file, text) in texts { try HostFile.write(Array(text.utf8), to: folder + "/" + file, mode: 0o644) }
    let result = try HostProgram.run(
      ["env", "SYSTEMD_UNIT_PATH=", "systemd-analyze", "verify", "--man=no", "--recursive-errors=no"]
        + texts.keys.sorted().map { folder + "/" + $0 }, directory: "/")
    let said = String(decoding: result.output + result.errors, as: UTF8.self)
    for (file, text) in texts.sorted(by: { $0.key < $1.key }) {
      let source = SourceID(index: 0)
      let found = UnitLint.run(
        LintTarget([.init(path: file, content: .file(Array(text.utf8)), source: source)]))
      let bytes = Array(text.utf8)
      let ours = Set(
        found.diagnostics.filter { $0.code == InvalidValue.rule.code }.compactMap { finding in
          finding.span.map { span in bytes[..<Int(span.start)].count { $0 == 0x0a } + 1 }
        })
      for (line, setting) in lines[file] ?? [] {
        let isRefused = said.contains("\(file):\(line): ")
        #expect(ours.contains(line) == isRefused, "\(setting): systemd \(isRefused ? "refuses" : "takes") it")
      }
    }
  }
}
