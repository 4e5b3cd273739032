internal import BundleReading
internal import JSONText
public import NodeCalls

/// What the installer says: results to standard output, everything else to standard error, as text or as JSON lines.
public struct Console {
  private let calls: any NodeCalls
  private let write: ([UInt8], Bool) -> Void
  var isJSON = false
  var operation = ""
  /// Whom a line is about.
  var service = "imagegen-install"

  /// Takes where to write: the bytes, and whether they are for standard error.
  public init(calls: any NodeCalls, write: @escaping ([UInt8], Bool) -> Void) {
    self.calls = calls
    self.write = write
  }

  /// A line of a result.
  func result(_ text: String) { write(Self.clean(text) + [10], false) }

  /// The same of bytes that are clean.
  func result(_ bytes: [UInt8]) { write(bytes + [10], false) }

  /// A result as one JSON document.
  func result(_ value: JSONValue) { write(value.compact + [10], false) }

  /// Something that happened: a level of syslog(3), in capitals.
  func say(_ level: String, _ message: String, _ more: [JSONValue.Member] = []) {
    guard isJSON else {
      let told = more.map { " \($0.key)=\(String(decoding: $0.value.compact, as: UTF8.self))" }.joined()
      return write(Self.clean("\(service): \(message)\(told)") + [10], true)
    }
    let members = [
      JSONValue.Member("timestamp", .string(Timestamp(calls.seconds()).text)), .init("level", .string(level)),
      .init("service", .string(service)), .init("operation", .string(operation)),
      .init("message", .string(String(decoding: Self.clean(message), as: UTF8.self))),
    ]
    write(JSONValue.object(members + more).compact + [10], true)
  }

  /// A refusal, with its rule and what to do.
  func refuse(_ refusal: Refusal, isWaived: Bool = false) {
    let subject = refusal.subject.map { String(decoding: Self.clean($0), as: UTF8.self) }
    guard !isJSON else {
      var members = [JSONValue.Member("code", .integer(Int(refusal.code.rawValue)))]
      if let rule = refusal.rule { members.append(.init("rule", .string(rule))) }
      if let subject { members.append(.init("subject", .string(subject))) }
      if let help = refusal.help { members.append(.init("help", .string(help))) }
      return say(isWaived ? "WARN" : "ERROR", refusal.message, members)
    }
    let word = isWaived ? "skipped" : "refused"
    say(
      "ERROR",
      "\(word)\(refusal.rule.map { "[\($0)]" } ?? ""): \(subject.map { "\($0): " } ?? "")\(refusal.message)")
    if let help = refusal.help { write(Self.clean("  help: \(help)") + [10], true) }
  }

  /// Without control characters or anything but ASCII: a name cannot move a terminal's cursor or break a line of a log.
  private static func clean(_ text: String) -> [UInt8] {
    text.utf8.map { (32...126).contains($0) ? $0 : 63 }
  }
}

/// A moment as RFC 3339 writes it, in UTC.
struct Timestamp {
  let text: String

  /// Seconds since 1970. Reckoned in eras of 400 years that begin in March, so that the leap day is a year's last.
  init(_ seconds: Int) {
    let days = max(0, seconds) / 86_400 + 719_468
    let rest = max(0, seconds) % 86_400
    let day = days % 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civil = month < 10 ? month + 3 : month - 9
    let numbers = [
      days / 146_097 * 400 + year + (civil <= 2 ? 1 : 0), civil, dayOfYear - (153 * month + 2) / 5 + 1,
      rest / 3600,
      rest / 60 % 60, rest % 60,
    ].map { number in number < 10 ? "0\(number)" : "\(number)" }
    text = "\(numbers[0])-\(numbers[1])-\(numbers[2])T\(numbers[3]):\(numbers[4]):\(numbers[5])Z"
  }
}
