internal import BootChains
internal import CommandLineKit
internal import DiagnosticRendering
internal import Diagnostics
internal import JSONText

/// `imagegen simulate --netboot` and `imagegen lint` of a boot server's root.
enum NetworkBoot {
  /// Every finding about the generation that serves.
  static func lint(_ session: Session, root: String) throws(CommandFailure) -> ExitStatus {
    var registry = SourceRegistry()
    let report = ChainLint.report(on: try TreeReading.read(root, &registry))
    session.show(report, sources: registry)
    return report.hasErrors ? .findings : .done
  }

  /// Plays one machine's boot and says what it fetches, and how long so many of them need for it.
  static func simulate(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let arguments = session.arguments
    guard let root = arguments.value("from") else {
      throw .usage(
        "--netboot needs the root of a boot server", help: "imagegen simulate --netboot --from DIR node01")
    }
    guard TreeReading.isRoot(root) else {
      throw .usage(
        "--from \(root) is no root of a boot server", help: "imagegen publish --to \(root) makes one")
    }
    var registry = SourceRegistry()
    let server = BootServer(try TreeReading.read(root, &registry))
    guard let name = arguments.operands.first else {
      throw .usage("simulate needs a node", help: "nodes: " + server.names.joined(separator: ", "))
    }
    guard let mac = server.mac(of: name.split(separator: "/").joined(separator: "-")) else {
      throw CommandFailure(
        status: .findings, message: "the root has no node \(name)",
        help: Suggestion.nearest(to: name, in: server.names).map { "did you mean \($0)?" })
    }
    let firmware = arguments.value("firmware").flatMap(Firmware.init) ?? .uefi
    let count = try number(arguments.value("nodes"), "nodes", most: 1_000_000)
    let megabits = try number(arguments.value("bandwidth"), "bandwidth", most: 1_000_000)
    let walk = BootWalk(server, firmware: firmware, mac: mac)
    let milliseconds = walk.milliseconds(machines: count, bitsPerSecond: megabits * 1_000_000)
    let answer = Answer(name: name, firmware: firmware, walk: walk, milliseconds: milliseconds, count: count)
    Console.print(session.format == .json ? answer.json.pretty : Array(answer.text.utf8))
    if case .stuck = walk.end { return .findings }
    return .done
  }

  private static func number(_ text: String?, _ name: String, most: Int) throws(CommandFailure) -> Int {
    guard let text else { return 1 }
    guard let number = Int(text), (1...most).contains(number) else {
      throw .usage("--\(name) needs a number from 1 to \(most), not \(text)")
    }
    return number
  }
}

/// What a simulated network boot comes to.
private struct Answer {
  let name: String
  let firmware: Firmware
  let walk: BootWalk
  let milliseconds: Int
  let count: Int

  private var end: (word: String, text: String, line: String?) {
    switch walk.end {
    case .boot(let kernel, let line, _): ("boot", "boots \(kernel)", line)
    case .disk: ("disk", "boots from its disk", nil)
    case .menu: ("menu", "stands still in the firmware's menu", nil)
    case .restart: ("restart", "starts again", nil)
    case .stuck(let reason): ("stuck", "gets stuck: \(reason)", nil)
    }
  }

  var text: String {
    var lines = ["\(name), \(firmware.rawValue)"]
    for fetch in walk.fetches {
      lines.append("  \(fetch.scheme) \(fetch.path)  \(fetch.bytes.map { "\($0)" } ?? "not there")")
    }
    lines.append(end.text)
    if let line = end.line { lines.append("  \(line)") }
    let digits = String(1000 + milliseconds % 1000).dropFirst()
    lines.append(
      "\(walk.bytes) bytes in \(walk.fetches.count) fetches; \(count == 1 ? "one machine" : "\(count) machines"): "
        + "\(milliseconds / 1000).\(digits) s on the wire")
    return lines.joined(separator: "\n") + "\n"
  }

  var json: JSONValue {
    .object([
      "version": .integer(1), "node": .string(name), "firmware": .string(firmware.rawValue),
      "fetches": .array(
        walk.fetches.map { fetch in
          .object([
            "scheme": .string(fetch.scheme), "path": .string(fetch.path),
            "bytes": fetch.bytes.map { .integer($0) },
          ])
        }),
      "end": .string(end.word), "commandLine": end.line.map { .string($0) }, "bytes": .integer(walk.bytes),
      "nodes": .integer(count), "seconds": .thousandths(milliseconds),
    ])
  }
}
