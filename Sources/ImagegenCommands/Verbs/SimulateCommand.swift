internal import BootSimulation
internal import BootTransactions
internal import CommandLineKit
internal import Diagnostics
internal import HostFiles
internal import JSONText
internal import Pictures
internal import UnitGraphs

/// `imagegen simulate`.
enum SimulateCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let arguments = session.arguments
    if arguments.flag("netboot") { return try NetworkBoot.simulate(session) }
    guard let input = try SimulateInput(session, arguments.operands.first) else { return .findings }
    let times = try SimulateTimes(arguments)
    let boot = try input.boot(session, times.estimates ?? input.estimates)
    var answer = SimulateAnswer(input: input, boot: boot, version: try input.version(session))
    if let word = arguments.value("fail") { answer.failure = try impact(of: word, in: boot) }
    if arguments.flag("matrix") { answer.matrix = FailureModel(boot.jobs).matrix() }
    if arguments.flag("stop") { answer.stopOrder = StopOrder(boot.jobs) }
    if let other = arguments.value("compare") {
      guard let second = try SimulateInput(session, other) else { return .findings }
      let otherBoot = try second.boot(session, times.estimates ?? second.estimates)
      answer.comparison = (BootComparison(boot, otherBoot), second.title)
    }
    answer.record = times.record
    let isPrinted: Bool
    switch arguments.value("format") {
    case "json": isPrinted = Console.print(answer.json.pretty)
    case "svg": isPrinted = Console.print(BootPicture.svg(of: boot.timeline, title: input.title))
    default: isPrinted = Console.print(answer.text)
    }
    guard isPrinted else { return .environment }
    return answer.isRefused || !answer.contradictions.isEmpty ? .findings : .done
  }

  /// As systemctl has it: a name without a type is a service.
  private static func impact(of word: String, in boot: Boot) throws(CommandFailure) -> FailureImpact {
    let model = FailureModel(boot.jobs)
    if let impact = model.impact(of: word) ?? model.impact(of: word + ".service") { return impact }
    throw .usage(
      "--fail: this boot does not start \(word)",
      help: Suggestion.nearest(to: word, in: boot.jobs.names).map { "did you mean \($0)?" })
  }
}

/// Times that the command line brings: estimates, and a boot that took place.
private struct SimulateTimes {
  private(set) var estimates: StartEstimates?
  private(set) var record: BootRecord?

  /// A record of every unit of a large host is far smaller.
  private static let limit = 16 << 20

  init(_ arguments: ParsedArguments) throws(CommandFailure) {
    if let path = arguments.value("recorded") {
      record = try Self.read(path) { text throws(TimesError) in try TimesReader.record(text) }
    }
    if let path = arguments.value("estimates") {
      estimates = try Self.read(path) { text throws(TimesError) in
        try TimesReader.isRecord(text) ? TimesReader.record(text).estimates : TimesReader.estimates(text)
      }
    }
  }

  private static func read<Value>(
    _ path: String, _ parse: (String) throws(TimesError) -> Value
  ) throws(CommandFailure) -> Value {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try HostFile.read(path, limit: limit)
    } catch {
      throw CommandFailure(status: error.isAbsence ? .usage : .environment, message: error.message, help: nil)
    }
    do throws(TimesError) {
      return try parse(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw CommandFailure(
        status: .findings, message: "\(path):\(error.line): \(error.message)",
        help: "a list has lines like `chainfire.service 10s`; a record is what `systemctl show '*'` prints")
    }
  }
}
