public import Diagnostics

/// What a boot server serves, as far as a boot can meet it.
public struct PublishedTree: Sendable {
  /// A text that machines or servers read.
  public struct Text: Sendable {
    /// Where findings point.
    public var source: SourceID
    /// Its characters; bytes that are no UTF-8 are replaced.
    public var text: String

    /// Makes a text.
    public init(source: SourceID, text: String) {
      self.source = source
      self.text = text
    }
  }

  /// A file that machines load without reading it.
  public struct Blob: Hashable, Sendable {
    /// In bytes.
    public var size: Int
    /// Whether its bytes have the digest that its path names.
    public var isWhole: Bool

    /// Makes a file.
    public init(size: Int, isWhole: Bool) {
      self.size = size
      self.isWhole = isWhole
    }
  }

  /// The generation that serves: `generations/00000007`.
  public var generation: String
  /// By path below the root.
  public var texts: [String: Text] = [:]
  /// By path below the root.
  public var blobs: [String: Blob] = [:]

  /// Makes an empty tree.
  public init(generation: String) { self.generation = generation }

  /// The path that a served one stands for: `current` is the generation.
  func path(_ served: String) -> String {
    served.hasPrefix("current/") ? generation + served.dropFirst(7) : served
  }

  /// The size of a served file; `nil` when there is none.
  func size(of served: String) -> Int? {
    let path = path(served)
    return texts[path]?.text.utf8.count ?? blobs[path]?.size
  }

  /// Paths of texts below a folder of the generation, in order.
  func names(below folder: String, ending: String) -> [String] {
    texts.keys.filter { $0.hasPrefix("\(generation)/\(folder)/") && $0.hasSuffix(ending) }.sorted()
  }
}

/// Where a word of a script leads.
enum ChainAddress {
  /// The path below the root that a URI means, in a script that was fetched from `base`; `nil` where it leaves the
  /// server.
  static func path(_ uri: String, from base: String) -> String? {
    if uri.hasPrefix("http://${next-server}/") { return plain(String(uri.dropFirst(22)), from: "") }
    if uri.hasPrefix("http://") {
      guard let slash = uri.dropFirst(7).firstIndex(of: "/") else { return nil }
      return plain(String(uri[uri.index(after: slash)...]), from: "")
    }
    if uri.contains("://") { return nil }
    if uri.hasPrefix("/") { return plain(String(uri.dropFirst()), from: "") }
    return plain(uri, from: base.lastIndex(of: "/").map { String(base[..<$0]) } ?? "")
  }

  private static func plain(_ uri: String, from folder: String) -> String? {
    var parts = folder.split(separator: "/").map(String.init)
    for part in uri.split(separator: "/") {
      switch part {
      case ".": break
      case "..": if parts.popLast() == nil { return nil }
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }
}
