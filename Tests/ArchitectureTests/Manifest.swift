/// What Package.swift declares, read as text: building may not ask the package manager, which is running these tests.
struct Manifest {
  /// A target.
  struct Target {
    var name: String
    var dependencies: [String]
    /// Whether Swift is compiled for it with the strict settings.
    var isStrict: Bool
    /// Whether it has no Swift: a C library or the system's.
    var isC: Bool
    /// Whether it has links to rooms' folders for sources: these are what it depends on, with their C libraries.
    var isMadeOfRooms = false
    /// Whether the tests of several rooms share it.
    var isShared = false

    var isTest: Bool { name.hasSuffix("Tests") }
    /// Where it stands.
    var folder: String { (isTest || isShared ? "Tests/" : "Sources/") + name }
  }

  let targets: [Target]
  /// The settings that `strict` stands for.
  let strictSettings: Substring

  init(source: String) {
    let code = source.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(
      separator: "\n")
    strictSettings = Self.part(of: code, after: "let strict: [SwiftSetting] = [", before: "\n]")
    let ownRooms = Self.literals(Self.part(of: code, after: "let ownRooms = [", before: "\n]"))
    targets = Self.calls(in: Self.part(of: code, after: "  targets: [", before: "\n  ]")).compactMap(
      Self.target
    ).map { target in
      var target = target
      if target.isMadeOfRooms {
        target.dependencies = ownRooms + target.dependencies.filter { $0 == "COnNode" }
      }
      return target
    }
  }

  private static func part(of text: some StringProtocol, after start: String, before end: String) -> Substring
  {
    guard let head = text.firstRange(of: start) else { return "" }
    let rest = Substring(text[head.upperBound...])
    return rest[..<(rest.firstRange(of: end)?.lowerBound ?? rest.endIndex)]
  }

  /// Calls of the list, `room("A", ["B"])`, as their name and what is in the parentheses.
  private static func calls(in text: Substring) -> [(function: Substring, arguments: Substring)] {
    var calls: [(Substring, Substring)] = []
    var rest = text
    while let open = rest.firstIndex(of: "(") {
      let name = rest[..<open].suffix { $0.isLetter }
      var depth = 0
      let close = rest[open...].indices.first { index in
        if rest[index] == "(" { depth += 1 }
        if rest[index] == ")" { depth -= 1 }
        return depth == 0
      }
      guard let close else { break }
      calls.append((name, rest[rest.index(after: open)..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return calls
  }

  private static func target(function: Substring, arguments: Substring) -> Target? {
    let words = literals(arguments)
    guard let name = words.first else { return nil }
    switch function {
    case "room":
      return Target(name: name, dependencies: Array(words.dropFirst()), isStrict: true, isC: false)
    case "tests":
      return Target(name: name + "Tests", dependencies: words, isStrict: true, isC: false)
    case "shared":
      return Target(name: name, dependencies: [], isStrict: true, isC: false, isShared: true)
    case "executableTarget", "testTarget":
      let list = part(of: arguments, after: "dependencies: [", before: "]")
      var target = Target(
        name: name, dependencies: literals(list), isStrict: arguments.contains("swiftSettings: strict"),
        isC: false)
      target.isMadeOfRooms = arguments.contains("swiftSettings: strictRooms")
      return target
    case "target", "systemLibrary":
      return Target(name: name, dependencies: [], isStrict: false, isC: true)
    default: return nil
    }
  }

  private static func literals(_ text: Substring) -> [String] {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.indices.filter { !$0.isMultiple(of: 2) }.map { String(parts[$0]) }
  }
}

extension Substring {
  /// The longest end of it whose characters all fit.
  fileprivate func suffix(while fits: (Character) -> Bool) -> Substring {
    var start = endIndex
    while start > startIndex, fits(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
