/// A calendar event as `OnCalendar=` takes it (systemd.time(7), "CALENDAR EVENTS"): its parts in normal
/// order, read the way `systemd-analyze calendar` reads them.
public struct CalendarEvent: Hashable, Sendable {
  /// A value, a range or a repetition of one part.
  public struct Element: Hashable, Comparable, Sendable {
    /// The first value. Of seconds: in microseconds.
    public let start: Int
    /// The last one of a range.
    public let stop: Int?
    /// The distance of the values; 0 for a single one.
    public let step: Int

    public static func < (left: Element, right: Element) -> Bool {
      (left.start, left.stop ?? -1, left.step) < (right.start, right.stop ?? -1, right.step)
    }
  }

  /// Whose clock it follows.
  public enum Zone: Hashable, Sendable {
    /// The host's.
    case local
    /// Universal time.
    case utc
    /// That of a place: `Europe/Berlin`.
    case named(String)
  }

  /// A bit for each day of the week, Monday's first; all seven for any day.
  public internal(set) var weekdays: UInt8 = CalendarEvent.everyDay
  /// The years; empty for every one, as for the parts below.
  public internal(set) var years: [Element] = []
  /// 1 to 12.
  public internal(set) var months: [Element] = []
  /// 1 to 31.
  public internal(set) var days: [Element] = []
  /// 0 to 23.
  public internal(set) var hours: [Element] = []
  /// 0 to 59.
  public internal(set) var minutes: [Element] = []
  /// Of the minute, in microseconds. Never empty: any second is a repetition.
  public internal(set) var microseconds: [Element] = []
  /// Whether days count from the month's end, 1 being the last.
  public internal(set) var countsFromMonthEnd = false
  /// Whose clock.
  public internal(set) var zone = Zone.local

  static let everyDay: UInt8 = 0x7f
  static let second = 1_000_000
  static let dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  /// The years that systemd has a calendar for.
  static let yearRange = 1970...2199

  /// Reads an expression; `nil` when systemd refuses it. Names of time zones are not looked up: any
  /// that looks like one counts.
  public init?(_ text: String) {
    guard text.utf8.count <= 4096 else { return nil }
    var body = text
    if let space = text.utf8.lastIndex(of: UInt8(ascii: " ")) {
      let word = String(text[text.utf8.index(after: space)...])
      if word.lowercased() == "utc" {
        zone = .utc
        body = String(text[..<space])
      } else if Self.looksLikeZone(word) {
        zone = .named(word)
        body = String(text[..<space])
      }
    }
    guard !body.isEmpty else { return nil }
    var reader = CalendarReader(body)
    guard reader.read(into: &self), normalize() else { return nil }
  }

  /// Puts every part in order, without doubles; `false` when a part is out of its bounds.
  private mutating func normalize() -> Bool {
    if weekdays == 0 { weekdays = Self.everyDay }
    if days.isEmpty { countsFromMonthEnd = false }
    years = Self.inOrder(years.map(Self.withCentury))
    months = Self.inOrder(months)
    days = Self.inOrder(days)
    hours = Self.inOrder(hours)
    minutes = Self.inOrder(minutes)
    microseconds = Self.inOrder(microseconds)
    return Self.isValid(years, Self.yearRange) && Self.isValid(months, 1...12)
      && Self.isValid(days, 1...31, fromEnd: countsFromMonthEnd) && Self.isValid(hours, 0...23)
      && Self.isValid(minutes, 0...59) && Self.isValid(microseconds, 0...(60 * Self.second - 1))
  }

  private static func withCentury(_ element: Element) -> Element {
    func full(_ year: Int) -> Int { year < 70 ? year + 2000 : year < 100 ? year + 1900 : year }
    return Element(start: full(element.start), stop: element.stop.map(full), step: element.step)
  }

  private static func inOrder(_ elements: [Element]) -> [Element] {
    let trimmed = elements.map { element in
      guard let stop = element.stop else { return element }
      guard stop != element.start else { return Element(start: stop, stop: nil, step: 0) }
      guard stop > element.start, element.step > 0 else { return element }
      // A range ends with its last value; one that has no second value is none.
      let last = stop - (stop - element.start) % element.step
      return last == element.start
        ? Element(start: last, stop: nil, step: 0)
        : Element(start: element.start, stop: last, step: element.step)
    }
    var result: [Element] = []
    for element in trimmed.sorted() where result.last != element { result.append(element) }
    return result
  }

  private static func isValid(
    _ elements: [Element], _ range: ClosedRange<Int>, fromEnd: Bool = false
  ) -> Bool {
    elements.enumerated().allSatisfy { place, element in
      // From the end only the days of every February count; systemd takes three days off anew for each
      // further element of a list, and who writes for it has to know.
      let last = fromEnd ? range.upperBound - 3 * (place + 1) : range.upperBound
      guard element.start >= range.lowerBound, element.start <= last, element.step <= last - range.lowerBound
      else { return false }
      if let stop = element.stop {
        return stop >= range.lowerBound && stop <= last && element.start + element.step <= stop
      }
      return fromEnd ? element.start - element.step >= range.lowerBound : element.start + element.step <= last
    }
  }

  /// Zones have names like `Europe/Berlin`; those without a slash are few.
  private static func looksLikeZone(_ word: String) -> Bool {
    let plain = [
      "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "GB", "GMT", "GMT+0", "GMT-0",
      "GMT0", "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Libya", "MET",
      "MST", "MST7MDT", "NZ", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore",
      "Turkey", "UCT", "Universal", "WET", "Zulu",
    ]
    if plain.contains(word) { return true }
    let parts = word.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count > 1, parts.count < 4 else { return false }
    return parts.allSatisfy { part in
      guard let first = part.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first & 0xdf) else {
        return false
      }
      return part.allSatisfy { byte in
        UnitEscaping.isAllowed(byte) && byte != UInt8(ascii: ":") || byte == UInt8(ascii: "+")
      }
    }
  }
}

// MARK: Text

extension CalendarEvent {
  /// The expression as systemd prints it (`systemd-analyze calendar`, "Normalized form").
  public var normalForm: String {
    let date =
      Self.text(years, width: 4) + "-" + Self.text(months) + (countsFromMonthEnd ? "~" : "-")
      + Self.text(days)
    let time = [Self.text(hours), Self.text(minutes), Self.secondText(microseconds)].joined(separator: ":")
    let suffix =
      switch zone {
      case .local: ""
      case .utc: " UTC"
      case .named(let name): " " + name
      }
    return (weekdays == Self.everyDay ? "" : weekdayText + " ") + date + " " + time + suffix
  }

  private var weekdayText: String {
    var parts: [String] = []
    var day = 0
    while day < 7 {
      guard weekdays & 1 << day != 0 else {
        day += 1
        continue
      }
      var end = day
      while end < 6, weekdays & 1 << (end + 1) != 0 { end += 1 }
      switch end - day {
      case 0: parts.append(Self.dayNames[day])
      case 1: parts += [Self.dayNames[day], Self.dayNames[end]]
      default: parts.append(Self.dayNames[day] + ".." + Self.dayNames[end])
      }
      day = end + 1
    }
    return parts.joined(separator: ",")
  }

  private static func text(_ elements: [Element], width: Int = 2) -> String {
    if elements.isEmpty { return "*" }
    return elements.map { element in
      text(element, unit: 1) {
        padded($0, width)
      } repetition: {
        String($0)
      }
    }.joined(separator: ",")
  }

  private static func secondText(_ elements: [Element]) -> String {
    if elements == [Element(start: 0, stop: nil, step: second)] { return "*" }
    func fraction(_ value: Int) -> String { value % second == 0 ? "" : "." + padded(value % second, 6) }
    return elements.map { element in
      text(element, unit: second) {
        padded($0 / second, 2) + fraction($0)
      } repetition: {
        String($0 / second) + fraction($0)
      }
    }.joined(separator: ",")
  }

  private static func text(
    _ element: Element, unit: Int, value: (Int) -> String, repetition: (Int) -> String
  ) -> String {
    var text = value(element.start)
    if let stop = element.stop { text += ".." + value(stop) }
    if element.step > 0, element.stop == nil || element.step != unit {
      text += "/" + repetition(element.step)
    }
    return text
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
