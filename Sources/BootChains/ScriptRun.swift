/// How a walk through the chain ends.
public enum ChainEnd: Hashable, Sendable {
  /// A kernel starts with this line and these archives, by their path below the root.
  case boot(kernel: String, commandLine: String, initrds: [String])
  /// The machine's own disk is next.
  case disk
  /// The firmware's menu: the machine stands still.
  case menu
  /// The machine starts again.
  case restart
  /// The script ends, or goes on for ever; why.
  case stuck(String)
}

/// A file that a machine asked for.
public struct ChainFetch: Hashable, Sendable {
  /// `tftp` or `http`.
  public var scheme: String
  /// Below the root.
  public var path: String
  /// Its size; `nil` when the server has none, or the fetch was made to fail.
  public var bytes: Int?
}

/// iPXE at work on a script: the commands that a boot needs.
struct ScriptRun {
  /// Settings that iPXE has by itself, as this machine has them.
  let machine: [String: String]
  let tree: PublishedTree
  /// Whether a fetch fails: its number and path.
  let fails: (Int, String) -> Bool
  private(set) var fetches: [ChainFetch] = []
  private var settings: [String: String] = [:]
  private var images: [(name: String, path: String, words: [String], isKernel: Bool)] = []
  private var steps = 0

  /// Commands that a script may run before it counts as endless; five tries of ten lines are fifty.
  static let limit = 2_000

  init(
    machine: [String: String], tree: PublishedTree, fetches: [ChainFetch],
    fails: @escaping (Int, String) -> Bool
  ) {
    self.machine = machine
    self.tree = tree
    self.fetches = fetches
    self.fails = fails
  }

  private enum Step {
    case next(isDone: Bool)
    case jump(String)
    case chain(String, replaces: Bool)
    case end(ChainEnd)
  }

  /// Runs a script that was fetched, and what it chains to.
  mutating func run(_ path: String) -> ChainEnd {
    guard let text = tree.texts[tree.path(path)] else { return .stuck("\(path) is no script") }
    let script = ChainScript(text, path: path)
    guard script.hasMagic else { return .stuck("\(path) is no script") }
    var place = 1
    while place < script.lines.count {
      steps += 1
      guard steps < Self.limit else { return .stuck("\(path) goes on for ever") }
      var isDone = true
      var target: Int?
      for command in script.lines[place].commands {
        if command.joint == "&&" && !isDone || command.joint == "||" && isDone { continue }
        switch step(command.words, base: path) {
        case .next(let done): isDone = done
        case .jump(let label):
          guard let line = script.labels[label] else { return .stuck("\(path) has no label \(label)") }
          target = line
        case .end(let end): return end
        case .chain(let other, let replaces):
          let end = run(other)
          if replaces { return end }
          guard case .stuck = end else { return end }
          isDone = false
        }
        if target != nil { break }
      }
      if let target {
        place = target
      } else if !isDone {
        return .stuck("\(path) stops at '\(script.lines[place].text)'")
      } else {
        place += 1
      }
    }
    return .stuck("\(path) ends without starting anything")
  }

  private mutating func step(_ words: [String], base: String) -> Step {
    guard let command = words.first else { return .next(isDone: true) }
    let words = words.dropFirst().map(expand)
    let arguments = words.filter { !$0.hasPrefix("--") }
    switch command {
    case "goto": return .jump(words.first ?? "")
    case "set":
      let name = words.first?.split(separator: ":").first.map(String.init) ?? ""
      settings[name] = words.dropFirst().joined(separator: " ")
    case "inc":
      guard let name = words.first, let number = Int(settings[name] ?? "") else {
        return .next(isDone: false)
      }
      settings[name] = "\(number + 1)"
    case "iseq": return .next(isDone: words.count == 2 && words[0] == words[1])
    case "isset": return .next(isDone: words.first?.isEmpty == false)
    case "imgfree": images = []
    case "kernel", "initrd": return load(words, isKernel: command == "kernel", base: base)
    case "chain":
      guard let uri = arguments.first, let path = fetch(uri, base: base) else { return .next(isDone: false) }
      return .chain(path, replaces: words.contains("--replace"))
    case "boot": return boot(arguments.first)
    case "sanboot": return machine["platform"] == "pcbios" ? .end(.disk) : .next(isDone: false)
    case "exit":
      // Of UEFI: with 0 the firmware's menu follows, else the next entry of the boot order.
      return .end(machine["platform"] == "efi" && (words.first ?? "0") == "0" ? .menu : .disk)
    case "reboot": return .end(.restart)
    default: break
    }
    return .next(isDone: true)
  }

  private mutating func load(_ words: [String], isKernel: Bool, base: String) -> Step {
    var words = words[...]
    var name: String?
    if words.first == "--name" {
      name = words.dropFirst().first
      words = words.dropFirst(2)
    }
    guard let uri = words.first, let path = fetch(uri, base: base) else { return .next(isDone: false) }
    let last = path.split(separator: "/").last.map(String.init) ?? path
    images.append((name ?? last, path, Array(words.dropFirst()), isKernel))
    return .next(isDone: true)
  }

  private func boot(_ name: String?) -> Step {
    guard let kernel = images.last(where: { $0.isKernel && (name == nil || $0.name == name) }) else {
      return .next(isDone: false)
    }
    let isUEFI = machine["platform"] == "efi"
    let archives = images.filter { image in
      !image.isKernel && (!isUEFI || kernel.words.contains("initrd=\(image.name)"))
    }
    let line = ((isUEFI ? [kernel.name] : []) + kernel.words).joined(separator: " ")
    return .end(.boot(kernel: kernel.path, commandLine: line, initrds: archives.map(\.path)))
  }

  private mutating func fetch(_ uri: String, base: String) -> String? {
    guard let path = ChainAddress.path(uri, from: base) else { return nil }
    let size = fails(fetches.count, path) ? nil : tree.size(of: path)
    fetches.append(ChainFetch(scheme: "http", path: path, bytes: size))
    return size == nil ? nil : path
  }

  private func expand(_ word: String) -> String {
    var result = ""
    var rest = word[...]
    while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      let name = String(rest[start.upperBound..<end])
      result += rest[..<start.lowerBound]
      if name == "next-server" {
        result += "${next-server}"
      } else {
        result += settings[name] ?? machine[name] ?? ""
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
