internal import BootChains
internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import JSONText
internal import NetbootEmission
internal import Publishing

/// `imagegen publish`: boot artifacts into a boot server's root.
enum PublishCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let arguments = session.arguments
    guard let path = arguments.value("to") else {
      throw .usage("publish needs the root of the boot server", help: "imagegen publish --all --to DIR")
    }
    let actions = ["list", "rollback", "collect", "disarm", "installed", "reports"].filter(arguments.flag)
    guard actions.count <= 1, actions.isEmpty || !arguments.flag("arm") else {
      throw .usage("--\(actions[0]) stands alone", help: "one of --list, --rollback, --disarm … at a time")
    }
    guard let action = actions.first else { return try publish(session, to: path) }
    let root = try PublishedRoot(path, secrets: session.secrets)
    do throws(PublishingError) {
      switch action {
      case "list": return try list(root)
      case "rollback": return try rollback(session, root)
      case "collect": return try collect(session, root)
      case "reports": return try takeReports(session, root, arguments.value("reports") ?? "")
      default: return try setStates(session, root, isInstalled: action == "installed")
      }
    } catch {
      if let failure = error.commandFailure { throw failure }
      throw CommandFailure(status: .environment, message: "nothing was published", help: nil)
    }
  }

  // MARK: Publishing

  private static func publish(_ session: Session, to path: String) throws(CommandFailure) -> ExitStatus {
    let operands = session.arguments.operands
    guard session.arguments.flag("all") != !operands.isEmpty else {
      throw .usage(
        operands.isEmpty
          ? "publish needs a node, or --all" : "--all publishes everything: name no node beside it",
        help: "imagegen publish --all --to \(path)")
    }
    let input = try PublishInput(session, operands: operands)
    guard !input.report.hasErrors else {
      session.show(input.report, sources: input.registry, summary: [("nodes", 0)])
      return .findings
    }
    let root = try PublishedRoot(path, secrets: session.secrets)
    do throws(PublishingError) {
      var plan = try root.plan()
      for machine in input.machines { plan.put(machine) }
      for subnet in input.subnets where !plan.subnets.contains(subnet) { plan.subnets.append(subnet) }
      if !input.loaders.isEmpty { plan.loaders = input.loaders }
      if let server = session.arguments.value("server") { plan.server = server }
      if session.arguments.flag("arm") {
        for machine in input.machines { try arm(machine, in: &plan) }
      }
      let number = try root.next()
      var registry = SourceRegistry()
      let tree = TreeReading.tree(of: plan, number: number, root: root.root.path, &registry)
      let found = ChainLint.report(on: tree)
      if found.hasErrors {
        session.show(found, sources: registry)
        return .findings
      }
      try root.root.store(input.files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      _ = try root.publish(plan, why: session.arguments.flag("arm") ? "publish, arm" : "publish")
      session.show(input.report, sources: input.registry, summary: [("nodes", input.machines.count)])
      let count = input.machines.count
      session.tell(
        "published \(count == 1 ? "\(input.machines[0].node)" : "\(count) nodes") in \(path): generation \(number)"
      )
      return .done
    } catch {
      if let failure = error.commandFailure { throw failure }
      throw CommandFailure(status: .environment, message: "nothing was published", help: nil)
    }
  }

  /// A nonce that nobody ever had: what a disk holds of former ones is another.
  private static func arm(_ machine: BootMachine, in plan: inout BootPlan) throws(PublishingError) {
    let bytes: [UInt8]
    do throws(HostError) { bytes = try HostRandom.bytes(16) } catch { throw .host(error) }
    let nonce = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    plan.set(.armed(nonce: nonce), of: machine.node, in: machine.fleet)
  }

  // MARK: Without profiles

  private static func setStates(
    _ session: Session, _ root: borrowing PublishedRoot, isInstalled: Bool
  ) throws(PublishingError) -> ExitStatus {
    var plan = try root.plan()
    for word in session.arguments.operands {
      let parts = word.split(separator: "/").map(String.init)
      let found = plan.machines.filter { machine in
        "\(machine.node)" == parts.last && (parts.count < 2 || "\(machine.fleet)" == parts[0])
      }
      guard found.count == 1, let machine = found.first else {
        throw .unknownMachine(word, count: found.count)
      }
      plan.set(
        isInstalled ? .installed(nonce: machine.state.nonce) : .discover, of: machine.node, in: machine.fleet)
    }
    let number = try root.publish(plan, why: isInstalled ? "installed" : "disarm")
    session.tell("published generation \(number)")
    return .done
  }

  /// Nodes that reported the end of their installation, by the very nonce that they are armed with, boot from their
  /// disks from now on. Anything else in the log is left alone: anybody may write into it by asking the server.
  private static func takeReports(
    _ session: Session, _ root: borrowing PublishedRoot, _ path: String
  ) throws(PublishingError) -> ExitStatus {
    let bytes: [UInt8]
    do throws(HostError) { bytes = try HostFile.read(path, limit: 1 << 30) } catch { throw .host(error) }
    var plan = try root.plan()
    let done = plan.take(reports: InstallReport.all(in: String(decoding: bytes, as: UTF8.self)))
    if done.isEmpty {
      session.tell("no node has reported its installation")
    } else {
      let number = try root.publish(plan, why: "reports")
      session.tell("\(done.joined(separator: ", ")): boots from disk; published generation \(number)")
    }
    return .done
  }

  /// Serves the images and command lines of the generation before; states stay as they are now, because going back to
  /// an armed one would wipe a node that was installed since.
  private static func rollback(
    _ session: Session, _ root: borrowing PublishedRoot
  ) throws(PublishingError) -> ExitStatus {
    let now = try root.plan()
    guard let serving = try root.root.serving(),
      let former = try root.root.numbers().last(where: { $0 < serving }), var plan = try root.plan(of: former)
    else { throw .nothingBefore }
    for machine in plan.machines {
      let state = now.machines.first { $0.node == machine.node && $0.fleet == machine.fleet }?.state
      plan.set(state ?? .discover, of: machine.node, in: machine.fleet)
    }
    let number = try root.publish(plan, why: "rollback to \(former)")
    session.tell("published generation \(number): as \(former) was, with the states of now")
    return .done
  }

  private static func list(_ root: borrowing PublishedRoot) throws(PublishingError) -> ExitStatus {
    let serving = try root.root.serving()
    for number in try root.root.numbers() {
      let plan = try root.plan(of: number)
      let machines = (plan?.machines ?? []).map { "\($0.fleet)/\($0.node) \($0.state.word)" }
      let text = machines.isEmpty ? "-" : machines.joined(separator: ", ")
      Console.print("\(number == serving ? "*" : " ") \(BootTree.folder(of: number))  \(text)\n")
    }
    return .done
  }

  private static func collect(
    _ session: Session, _ root: borrowing PublishedRoot
  ) throws(PublishingError) -> ExitStatus {
    var needs: [Int: [String]] = [:]
    for number in try root.root.numbers() {
      needs[number] = try root.plan(of: number)?.files.map(\.path)
    }
    let collected = try root.root.collect(
      keep: 10, hours: 24, now: HostClock.secondsSince1970, retired: try root.root.retired(),
      needs: { needs[$0] })
    session.tell("removed \(collected.generations.count) generations, \(collected.files) files of the store")
    return .done
  }
}

extension PublishingError {
  var commandFailure: CommandFailure? {
    switch self {
    case .unknownMachine, .nothingBefore: CommandFailure(status: .findings, message: message, help: help)
    default: CommandFailure(status: .environment, message: message, help: help)
    }
  }
}
