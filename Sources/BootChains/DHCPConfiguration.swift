internal import Diagnostics

/// What a generated dnsmasq.conf says of booting (dnsmasq(8)).
struct DHCPConfiguration: Sendable {
  struct Boot: Sendable {
    let tags: [String]
    let name: String
    let span: Span
  }

  /// What a client says of itself.
  struct Client {
    /// Option 93; `nil` for who does not boot.
    var architecture: Int?
    var isIPXE: Bool
  }

  private(set) var architectures: [(tag: String, code: Int, span: Span)] = []
  private(set) var iPXETags: Set<String> = []
  private(set) var boots: [Boot] = []
  /// Tags whose clients get HTTPClient sent back.
  private(set) var echoed: Set<String> = []

  init(_ file: PublishedTree.Text) {
    var start = 0
    for line in file.text.split(separator: "\n", omittingEmptySubsequences: false) {
      let span = Span(source: file.source, start: start, end: start + line.utf8.count)
      start += line.utf8.count + 1
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      let words = parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let tags = words.filter { $0.hasPrefix("tag:") }.map { String($0.dropFirst(4)) }
      let set = words.first.flatMap { $0.hasPrefix("set:") ? String($0.dropFirst(4)) : nil }
      switch parts[0] {
      case "dhcp-match":
        if words.count == 3, words[1] == "option:client-arch", let code = Int(words[2]), let set {
          architectures.append((set, code, span))
        } else if words.count == 2, words[1] == "175", let set {
          iPXETags.insert(set)
        }
      case "dhcp-userclass": if words.last == "iPXE", let set { iPXETags.insert(set) }
      case "dhcp-boot":
        if let name = words.first(where: { !$0.hasPrefix("tag:") }) {
          boots.append(Boot(tags: tags, name: name, span: span))
        }
      case "dhcp-option-force": if words.suffix(2) == ["60", "HTTPClient"] { echoed.formUnion(tags) }
      default: break
      }
    }
  }

  /// Tags of a client.
  func tags(of client: Client) -> Set<String> {
    var tags = Set(architectures.filter { $0.code == client.architecture }.map(\.tag))
    if client.isIPXE { tags.formUnion(iPXETags) }
    return tags
  }

  /// What a client boots: of lines that match, dnsmasq takes the last.
  func boot(for client: Client) -> Boot? {
    let own = tags(of: client)
    return boots.last { boot in
      boot.tags.allSatisfy { $0.hasPrefix("!") ? !own.contains(String($0.dropFirst())) : own.contains($0) }
    }
  }
}

/// A machine that DHCP knows: a line of `hosts.d`.
struct KnownMachine: Sendable {
  let macs: [String]
  let address: String
  let name: String
  /// The file that says so: `FLEET-NODE`.
  let file: String
  let span: Span

  static func all(in tree: PublishedTree) -> [KnownMachine] {
    tree.names(below: "dhcp/hosts.d", ending: "").flatMap { path -> [KnownMachine] in
      guard let file = tree.texts[path] else { return [] }
      var start = 0
      return file.text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
        let span = Span(source: file.source, start: start, end: start + line.utf8.count)
        start += line.utf8.count + 1
        let words = line.split(separator: ",").map(String.init)
        guard words.count >= 3 else { return nil }
        return KnownMachine(
          macs: words.dropLast(2), address: words[words.count - 2], name: words[words.count - 1],
          file: path.split(separator: "/").last.map(String.init) ?? path, span: span)
      }
    }
  }
}
