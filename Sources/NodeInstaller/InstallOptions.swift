internal import NodeCalls

/// What the command line says.
struct InstallOptions {
  /// The node's root.
  var root = "/"
  /// Another folder of keys than the node's own.
  var keys: String?
  /// What the bundle names but does not hold.
  var secrets: String?
  /// JSON lines instead of text.
  var isJSON = false
  /// Nothing of the system's manager is touched.
  var noStart = false
  /// Rules that do not refuse.
  var skipped: Set<String> = []
  /// The sequence that may be installed though it is below the floor.
  var allowDowngrade: Int?
  /// How long health is waited for, in seconds, instead of what the configuration says.
  var timeout: Int?
  /// Health is life alone, and not being ready.
  var isLive = false
  /// The name of SRV records that say who the leaders are.
  var leaderRecords: String?
  /// What else stands on the line.
  var words: [String] = []

  /// Rules that may be skipped: peers, foreign files, local edits, the disk's layout.
  static let waivable: Set = ["ND037", "ND038", "ND039", "ND040", "ND041", "ND044"]

  /// Reads the words behind the program's name; what is wrong with them otherwise.
  static func read(_ words: [String]) -> Result<InstallOptions, UsageError> {
    var options = InstallOptions()
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.utf8.first == 45 else {
        options.words.append(word)
        continue
      }
      let (name, inline) = split(word)
      switch name {
      case "--": options.words += Array(rest); rest = []
      case "--json", "--no-start", "--live":
        guard inline == nil else { return .failure(UsageError("\(name) takes no value")) }
        options.set(name)
      case "--root", "--keys", "--secrets", "--skip", "--allow-downgrade", "--timeout", "--leader-srv":
        guard let value = inline ?? rest.popFirst(), !value.isEmpty else {
          return .failure(UsageError("\(name) asks for a value"))
        }
        if let problem = options.take(name, value) { return .failure(problem) }
      default: return .failure(UsageError("there is no option \(name)"))
      }
    }
    return .success(options)
  }

  private mutating func set(_ name: String) {
    switch name {
    case "--json": isJSON = true
    case "--live": isLive = true
    default: noStart = true
    }
  }

  private mutating func take(_ name: String, _ value: String) -> UsageError? {
    switch name {
    case "--root": root = value
    case "--keys": keys = value
    case "--secrets": secrets = value
    case "--leader-srv": leaderRecords = value
    case "--timeout":
      guard let seconds = Int(value), (0...86_400).contains(seconds) else {
        return UsageError("--timeout asks for seconds, a day at most")
      }
      timeout = seconds
    case "--skip":
      guard Self.waivable.contains(value) else {
        return UsageError("\(value) cannot be skipped; \(Self.waivable.sorted().joined(separator: ", ")) can")
      }
      skipped.insert(value)
    default:
      guard let number = Int(value), number >= 0 else {
        return UsageError("\(name) asks for a sequence number")
      }
      allowDowngrade = number
    }
    return nil
  }

  private static func split(_ word: String) -> (String, String?) {
    guard let equals = word.utf8.firstIndex(of: 61) else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.utf8.index(after: equals)...]))
  }
}

/// What is wrong with a command line.
struct UsageError: Error {
  var message: String
  init(_ message: String) { self.message = message }
}
