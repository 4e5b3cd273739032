internal import Bundles
internal import JSONText
internal import NodeCalls

/// `/etc/imagegen/first-boot.json`: the steps of the first boot, as the build wrote them.
struct FirstBootPlan {
  /// How often and how long a request is tried, times in milliseconds.
  struct Retry {
    var attempts: Int
    var first: Int
    var longest: Int
  }

  /// A request, and the statuses that end it.
  struct Request {
    var path: String
    var body: [UInt8]
    var accepted: [Int]
    /// Of what was so before.
    var already: [Int]
    var retry: Retry
    /// How long the service's own health is waited for, in milliseconds.
    var patience: Int
  }

  /// What is done for a service.
  struct Service {
    var name: String
    var join: Request?
    var isJoinedBeforeStart = false
    var leader: String?
    var setup: Request?
    var setupPort = 0
    var live: BundleManifest.Probe?
    var ready: BundleManifest.Probe?
  }

  var node: String
  /// Where cluster-config.json is, if the fleet has one.
  var clusterConfig: String?
  /// Of the markers, relative to the root.
  var state: String
  /// How long `cluster-health` waits, in milliseconds.
  var patience: Int
  /// In order of name.
  var services: [Service]

  /// Where the build puts it.
  static let path = "etc/imagegen/first-boot.json"
  static let limit = 1 << 20
  /// A day, in milliseconds: no step waits for longer.
  private static let longest = 86_400_000

  init(reading bytes: [UInt8]) throws(ConfigurationFault) {
    let row = try ConfigurationRow(parsing: bytes, "first-boot.json")
    guard try row.number("version", 1...1) == 1 else { throw ConfigurationFault("first-boot.json: version") }
    node = try row.text("node")
    clusterConfig = try row.optionalText("cluster_config")
    let folder = try row.text("state_directory")
    state = String(folder.dropFirst())
    guard folder.hasPrefix("/var/lib/"), Self.isPlain(state) else {
      throw ConfigurationFault("first-boot.json: state_directory is not below /var/lib")
    }
    patience = try row.number("cluster_health_timeout_ms", 0...Self.longest)
    var found: [String: Service] = [:]
    for member in try row.object("health") {
      let probes = ConfigurationRow(member.value, "health.\(member.key)")
      var service = Service(name: member.key)
      service.live = try Self.probe(probes, "live")
      service.ready = try Self.probe(probes, "ready")
      found[member.key] = service
    }
    for member in try row.object("steps") {
      var service = found[member.key] ?? Service(name: member.key)
      try Self.read(ConfigurationRow(member.value, "steps.\(member.key)"), &service)
      found[member.key] = service
    }
    guard found.keys.allSatisfy(Self.isName) else {
      throw ConfigurationFault("first-boot.json: a service's name")
    }
    services = found.values.sorted { $0.name < $1.name }
  }

  private static func read(_ row: ConfigurationRow, _ service: inout Service) throws(ConfigurationFault) {
    if let join = row.row("join") {
      service.join = try request(join, already: "member")
      service.isJoinedBeforeStart = try join.text("when") == "before-start"
      service.leader = try join.optionalText("leader_url")
    }
    if let setup = row.row("setup") {
      service.setup = try request(setup, already: "done")
      service.setupPort = try setup.number("port", 1...65535)
    }
  }

  private static func request(
    _ row: ConfigurationRow, already: String
  ) throws(ConfigurationFault) -> Request {
    guard let retry = row.row("retry") else { throw ConfigurationFault("\(row.name): retry is missing") }
    guard let body = row.value["json"]?.compact, body.count <= 1 << 15 else {
      throw ConfigurationFault("\(row.name): json is missing or longer than 32 KiB")
    }
    let path = try row.text("post")
    guard path.hasPrefix("/") else { throw ConfigurationFault("\(row.name): post is no path") }
    return Request(
      path: path, body: body, accepted: try row.statuses("ok"), already: try row.statuses(already),
      retry: Retry(
        attempts: try retry.number("attempts", 1...1000),
        first: try retry.number("first_delay_ms", 0...longest),
        longest: try retry.number("longest_delay_ms", 0...longest)),
      patience: try row.number("health_timeout_ms", 0...longest))
  }

  private static func probe(
    _ row: ConfigurationRow, _ key: String
  ) throws(ConfigurationFault) -> BundleManifest.Probe? {
    guard let row = row.row(key) else { return nil }
    let quorum = try row.optionalText("quorum")
    if row.value["tcp"] != nil { return .init(.tcp(port: try row.number("tcp", 1...65535)), quorum: quorum) }
    if let url = try row.optionalText("http") {
      var fields: [(key: String, value: String)] = []
      for member in row.value["json"]?.members ?? [] {
        guard let text = member.value.text else {
          throw ConfigurationFault("\(row.name): json has other values than texts")
        }
        fields.append((member.key, text))
      }
      return .init(.http(url: url, fields: fields, body: try row.optionalText("body")), quorum: quorum)
    }
    if row.value["dns"] != nil {
      return .init(
        .dns(
          port: try row.number("dns", 1...65535), name: try row.text("name"),
          answer: try row.optionalText("answer")),
        quorum: quorum)
    }
    let words = try row.texts("command")
    guard !words.isEmpty else { throw ConfigurationFault("\(row.name): command is empty") }
    return .init(.command(words), quorum: quorum)
  }

  /// A path of which no part is empty or leads upwards.
  private static func isPlain(_ path: String) -> Bool {
    path.utf8.split(separator: 47, omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && !part.elementsEqual([46]) && !part.elementsEqual([46, 46])
    }
  }

  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }
}

/// What is wrong with a configuration.
struct ConfigurationFault: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// An object of a configuration, and its members by kind.
struct ConfigurationRow {
  let value: JSONValue
  let name: String

  init(_ value: JSONValue, _ name: String) {
    self.value = value
    self.name = name
  }

  init(parsing bytes: [UInt8], _ name: String) throws(ConfigurationFault) {
    do throws(JSONError) {
      value = try JSONReader.parse(bytes, limits: JSONLimits(bytes: FirstBootPlan.limit, depth: 32))
    } catch {
      throw ConfigurationFault("\(name): \(error.message) at byte \(error.offset)")
    }
    self.name = name
    guard value.members != nil else { throw ConfigurationFault("\(name): not an object") }
  }

  func row(_ key: String) -> ConfigurationRow? {
    value[key].map { ConfigurationRow($0, "\(name).\(key)") }
  }

  func optionalText(_ key: String) throws(ConfigurationFault) -> String? {
    guard let value = value[key] else { return nil }
    guard let text = value.text, !text.isEmpty else { throw ConfigurationFault("\(name): \(key) is no text") }
    return text
  }

  func text(_ key: String) throws(ConfigurationFault) -> String {
    guard let text = try optionalText(key) else { throw ConfigurationFault("\(name): \(key) is missing") }
    return text
  }

  func flag(_ key: String) throws(ConfigurationFault) -> Bool {
    guard case .bool(let flag)? = value[key] else {
      throw ConfigurationFault("\(name): \(key) is not true or false")
    }
    return flag
  }

  func number(_ key: String, _ range: ClosedRange<Int>) throws(ConfigurationFault) -> Int {
    guard let number = value[key]?.number, range.contains(number) else {
      throw ConfigurationFault("\(name): \(key) is no number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func object(_ key: String) throws(ConfigurationFault) -> [JSONValue.Member] {
    guard let members = value[key]?.members else { throw ConfigurationFault("\(name): \(key) is no object") }
    return members
  }

  func texts(_ key: String) throws(ConfigurationFault) -> [String] {
    guard let elements = value[key]?.elements else { throw ConfigurationFault("\(name): \(key) is no list") }
    let texts = elements.compactMap { $0.text }
    guard texts.count == elements.count else {
      throw ConfigurationFault("\(name): \(key) has other values than texts")
    }
    return texts
  }

  func statuses(_ key: String) throws(ConfigurationFault) -> [Int] {
    guard let elements = value[key]?.elements else { throw ConfigurationFault("\(name): \(key) is no list") }
    let numbers = elements.compactMap { $0.number }.filter { (100...599).contains($0) }
    guard numbers.count == elements.count else {
      throw ConfigurationFault("\(name): \(key) has no HTTP status")
    }
    return numbers
  }
}
