import HostFiles
import SeededRandom
import SystemdUnits
import Testing

/// `systemd-analyze calendar` is asked about every expression: whether it is one, how it is written, and
/// when it elapses next.
@Suite struct CalendarEventTests {
  private struct Answer: Equatable {
    var normalForm: String?
    var elapses: [String] = []
  }

  /// What systemd says of each text, counted from a base. Many at once, because a process for each would
  /// take minutes; it goes on after a wrong one.
  private func ask(_ texts: [String], base: String) throws -> [Answer] {
    let result = try HostProgram.run(
      ["systemd-analyze", "calendar", "--base-time", base, "--iterations", "3", "--"] + texts,
      environment: ["TZ": "UTC", "PATH": "/usr/bin:/bin", "SYSTEMD_LOG_COLOR": "0"])
    var answers: [Answer] = []
    for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks }
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "Normalized form": answers.append(Answer(normalForm: parts[1]))
      case "Next elapse", "Iter. #2", "Iter. #3":
        // "never" stands where a time would; of two zones' times the first counts.
        if parts[1] != "never", !answers.isEmpty { answers[answers.count - 1].elapses.append(parts[1]) }
      default: break
      }
    }
    return answers
  }

  private func elapses(_ event: CalendarEvent, after base: CalendarTime) -> [String] {
    var times: [String] = []
    var time = base
    while times.count < 3, let next = event.next(after: time) {
      times.append(describe(next))
      time = next
    }
    return times
  }

  private func describe(_ time: CalendarTime) -> String {
    func padded(_ value: Int, _ width: Int = 2) -> String {
      String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
    }
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let seconds = time.microseconds / 1_000_000
    return "\(names[time.date.weekday]) \(padded(time.date.year, 4))-\(padded(time.date.month))"
      + "-\(padded(time.date.day)) \(padded(seconds / 3600)):\(padded(seconds / 60 % 60))"
      + ":\(padded(seconds % 60)) UTC"
  }

  private func compare(_ texts: [String], _ year: Int, _ month: Int, _ day: Int) throws {
    let base = CalendarTime(.init(year: year, month: month, day: day), microseconds: 43_200_000_000)
    let known = texts.filter { CalendarEvent($0) != nil }
    let when = "\(year)-\(month)-\(day) 12:00:00 UTC"
    let answers = try ask(known, base: when)
    guard answers.count == known.count else {
      // One of them is refused; which, only asking for each tells.
      for text in known { #expect(try !ask([text], base: when).isEmpty, "systemd refuses '\(text)'") }
      return
    }
    for (text, answer) in zip(known, answers) {
      guard let event = CalendarEvent(text) else { continue }
      let own = Answer(normalForm: event.normalForm, elapses: elapses(event, after: base))
      #expect(own == answer, "\(text) from \(when)")
    }
    for text in texts where CalendarEvent(text) == nil {
      #expect(try ask([text], base: when).isEmpty, "systemd takes '\(text)'")
    }
  }

  @Test func `what people write is read as systemd reads it`() throws {
    try compare(
      [
        "minutely", "Hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "anually",
        "Mon..Fri *-*-* 08:00", "Sat,Sun 10:00", "Mon,", "Mon, 12:00", "Fri 2012-11-23 11:12:13", "*:0/15",
        "*-*-1 4:00", "2003-03-05 05:40", "05:40:23.4200004/3.1700005", "*-*~1", "*-*~07/1", "*-02~03",
        "Mon *-*-1..7", "*-2-29", "*-02-30", "03-05", "*-*-* 00/2:30", "@1700000000", "@7258118399", "7..9:0",
        "Wednesday..Friday 5:0", "wed-fri", "12:00:00.5..3", "1,2,1..9/2:0", "70-1-1", "69-1-1", "2199-12-31",
        "*-*-* *:*:*", "daily UTC", "daily utc", "*:*:0.1/0.3", "Thu *-2-29 0:0", "*-4-31", "*~2", "*-*-31",
        "*-*~28", "*-*~1..28", "*-*~21,25", "*-*~12,21", "*-*~26/3",
      ], 2024, 2, 28)
  }

  @Test func `what systemd refuses is refused`() throws {
    try compare(
      [
        "", "x", "25:00", "12", "12:", "Sat..Mon", "Mon..", "Mond", "Mon..Tue..Wed", "*-*~07..01", "+5:00",
        "2*-1-1", "* *", "*-0-1", "*-13-1", "*-*-32", "1969-1-1", "2200-1-1", "*:60", "*:*:60", "5,:0",
        "*:0/0", "*:0/99", "*:5..3", "*:*:1.", "@", "@x", "@5 1:0", "daily daily", "12:00 ", "*-*-*~1",
        "1:2:3:4", "Mon 12", "*-*~29", "*-*~1..30", "*-*~26,27", "*-*~12,21,25", "99999999999999999999:0",
        "*:*:2..2.5", "-1:0", "12:00 NoSuchZone",
      ], 2024, 2, 28)
  }

  @Test func `random expressions agree with systemd`() throws {
    let seed = SeededGenerator.seed
    var generator = SeededGenerator(seed: seed)
    print("seed of the calendar test: \(seed)")
    for round in 0..<6 {
      let texts = (0..<60).map { _ in generator.calendarText() }
      try compare(texts, 2023 + round, 1 + round * 2, 28 - round)
    }
  }

  @Test func `a hostile expression ends`() {
    for text in [
      String(repeating: "1,", count: 2000) + "1:0", String(repeating: "Mon,", count: 1000),
      String(repeating: "9", count: 4000), "Mon *-02-30", "Mon,Tue 2199-*-31 *:*:*",
    ] {
      guard let event = CalendarEvent(text) else { continue }
      #expect(event.normalForm.utf8.count < 5000)
      _ = event.next(after: CalendarTime(.init(year: 1970, month: 1, day: 1)))
    }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension SeededGenerator {
  /// An expression; about one in five is none.
  fileprivate mutating func calendarText() -> String {
    var text = ""
    let days = ["Mon", "tue", "Wednesday", "Thu", "Fri", "Sat", "SUN"]
    if chance(3) {
      text += days.randomElement(using: &self) ?? ""
      for _ in 0..<Int.random(in: 0...2, using: &self) {
        text += [",", "..", "-"].randomElement(using: &self) ?? ""
        text += days.randomElement(using: &self) ?? ""
      }
      text += " "
    }
    let hasDate = chance(2)
    if hasDate {
      if chance(2) { text += part(2019...2035, 2) + "-" }
      text += part(1...12, 3) + (chance(4) ? "~" : "-") + part(1...31, 3)
    }
    if !hasDate || chance(2) {
      if hasDate { text += " " }
      text += part(0...23, 3) + ":" + part(0...59, 3)
      if chance(2) { text += ":" + part(0...59, 3) + (chance(8) ? ".5" : "") }
    }
    if chance(6) { text += " UTC" }
    return text
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &self) == 0 }

  private mutating func part(_ range: ClosedRange<Int>, _ star: Int) -> String {
    if chance(star) { return "*" }
    var elements: [String] = []
    repeat {
      let start = Int.random(in: range, using: &self)
      var text = chance(2) && start < 10 ? "0\(start)" : "\(start)"
      if chance(4) { text += "..\(min(start + Int.random(in: 0...9, using: &self), range.upperBound))" }
      if chance(4) { text += "/\(Int.random(in: 1...12, using: &self))" }
      elements.append(text)
    } while chance(4) && elements.count < 4
    return elements.joined(separator: ",")
  }
}
