internal import Bundles
internal import JSONText
internal import NodeCalls

/// HTTP by the node's curl. What is asked goes to its standard input: nothing of a request, neither address nor body,
/// is in anybody's list of processes. Certificates are checked, always.
struct WebClient {
  let calls: any NodeCalls
  /// Of the authority that servers' certificates are held against; the system's own otherwise.
  var authority: String?
  /// What this node shows: paths of a certificate and its key.
  var identity: (certificate: String, key: String)?

  /// What came of a request.
  enum Answer {
    case status(Int, [UInt8])
    /// Why there is none, in words for people, and curl's exit status.
    case failure(String, Int32)
  }

  /// Bytes of an answer that are read.
  private static let limit = 1 << 16

  /// Asks, or posts a body of JSON.
  func send(_ url: String, body: [UInt8]? = nil, seconds: Int) -> Answer {
    guard WebAddress(url) != nil else { return .failure("not a URL", 3) }
    var text = "url = \(Self.quoted(Array(url.utf8)))\n"
    text += "silent\ngloboff\nproto = \"=http,https\"\nnoproxy = \"*\"\n"
    text += "connect-timeout = \(max(1, min(5, seconds)))\nmax-time = \(max(1, seconds))\n"
    text += "write-out = \"\\n%{http_code}\"\n"
    if let authority { text += "cacert = \(Self.quoted(Array(authority.utf8)))\n" }
    if let identity {
      text += "cert = \(Self.quoted(Array(identity.certificate.utf8)))\n"
      text += "key = \(Self.quoted(Array(identity.key.utf8)))\n"
    }
    if let body {
      text += "header = \"Content-Type: application/json\"\ndata-binary = \(Self.quoted(body))\n"
    }
    let run = calls.run(
      ["curl", "-q", "--config", "-"], input: Array(text.utf8), outputLimit: Self.limit,
      milliseconds: (max(1, seconds) + 5) * 1000)
    guard run.status == 0 else { return .failure(Self.reason(run.status), run.status) }
    guard run.output.count < Self.limit, let line = run.output.lastIndex(of: 10),
      let status = Int(String(decoding: run.output[(line + 1)...], as: UTF8.self))
    else { return .failure("the answer is too long", 63) }
    return .status(status, Array(run.output[..<line]))
  }

  /// As curl(1), config file: in double quotes, with backslashes.
  private static func quoted(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = [34]
    for byte in bytes {
      switch byte {
      case 34, 92: text += [92, byte]
      case 10: text += [92, 110]
      case 13: text += [92, 114]
      case 9: text += [92, 116]
      default: text.append(byte)
      }
    }
    return String(decoding: text + [34], as: UTF8.self)
  }

  /// The exit statuses of curl(1) that people can do something about.
  private static func reason(_ status: Int32) -> String {
    switch status {
    case 6: "the name cannot be resolved"
    case 7, 52, 55, 56: "connection error"
    case 28: "no answer in time"
    case 35, 51, 53, 54, 58, 59, 60, 66, 77, 82, 83, 90, 91: "certificate error"
    case -2: "curl is missing"
    default: "curl ended with \(status)"
    }
  }
}

/// Asks probes.
struct Prober {
  let calls: any NodeCalls
  /// For HTTP, tried one after the other until one holds.
  let clients: [WebClient]

  /// Whether a probe holds, asked once; why not, otherwise.
  func refusal(_ probe: BundleManifest.Probe) -> String? {
    switch probe.kind {
    case .tcp(let port):
      let result = calls.connect("127.0.0.1", port: port, milliseconds: 2000)
      return result == 0 ? nil : "port \(port): \(NodeErrno(-result).text)"
    case .dns(let port, let name, let answer):
      let found = NameQuestion(name, .address).ask(calls, "127.0.0.1", port: port, milliseconds: 2000)
      guard let found else { return "port \(port) does not answer for \(name)" }
      guard let answer else { return found.isEmpty ? "\(name) has no address" : nil }
      return found.contains { $0.text == answer } ? nil : "\(name) is not \(answer)"
    case .command(let words):
      let status = calls.run(words, input: [], outputLimit: 0, milliseconds: 30_000).status
      return status == 0 ? nil : "\(words[0]) ended with \(status)"
    case .http(let url, let fields, let body):
      var reason = "nobody to ask"
      for client in clients {
        switch client.send(url, seconds: 5) {
        case .failure(let text, _): reason = text
        case .status(200, let answer):
          if ProbeAnswer.holds(answer, fields, body) { return nil }
          reason = "another answer than is expected"
        case .status(let status, _): reason = "HTTP \(status)"
        }
      }
      return reason
    }
  }
}
