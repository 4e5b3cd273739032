/// Reads the text of a calendar event, its time zone taken away.
struct CalendarReader {
  private let bytes: [UInt8]
  private var position = 0
  /// More elements in one part than systemd takes.
  private static let elementLimit = 240

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// `false` when the text is no event.
  mutating func read(into event: inout CalendarEvent) -> Bool {
    if let word = Self.shorthand(String(decoding: bytes, as: UTF8.self).lowercased()) {
      var reader = CalendarReader(word)
      return reader.read(into: &event)
    }
    guard readWeekdays(&event) else { return false }
    if current == UInt8(ascii: "@") { return readTimestamp(&event) }
    guard readDate(&event), readTime(&event) else { return false }
    return position == bytes.count
  }

  private static func shorthand(_ word: String) -> String? {
    switch word {
    case "minutely": "*-*-* *:*:00"
    case "hourly": "*-*-* *:00:00"
    case "daily": "*-*-* 00:00:00"
    case "weekly": "Mon *-*-* 00:00:00"
    case "monthly": "*-*-01 00:00:00"
    case "quarterly": "*-01,04,07,10-01 00:00:00"
    case "semiannually", "semi-annually", "biannually", "bi-annually": "*-01,07-01 00:00:00"
    case "yearly", "annually", "anually": "*-01-01 00:00:00"
    default: nil
    }
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func has(_ byte: Character, at offset: Int = 0) -> Bool {
    position + offset < bytes.count && bytes[position + offset] == byte.asciiValue
  }

  private mutating func skipSpaces() {
    while current == 0x20 { position += 1 }
  }

  // MARK: Days of the week

  private mutating func readWeekdays(_ event: inout CalendarEvent) -> Bool {
    event.weekdays = 0
    var isFirst = true
    var rangeStart: Int?
    while true {
      guard let day = readDayName() else { return isFirst && position == 0 }
      event.weekdays |= 1 << day
      if let start = rangeStart {
        guard start <= day else { return false }
        for between in start..<day { event.weekdays |= 1 << between }
      }
      guard let byte = current else { return true }
      switch byte {
      case UInt8(ascii: "."):
        guard rangeStart == nil, has(".", at: 1) else { return false }
        rangeStart = day
        position += 2
      case UInt8(ascii: "-"):
        guard rangeStart == nil else { return false }
        rangeStart = day
        position += 1
      case UInt8(ascii: ","):
        rangeStart = nil
        position += 1
      case 0x20:
        skipSpaces()
        return true
      default: return false
      }
      if current == nil || current == 0x20 {
        // A comma may end the list, a range may not stay open.
        skipSpaces()
        return rangeStart == nil
      }
      isFirst = false
    }
  }

  /// The number of the day whose name, long or short, stands here; Monday's is 0.
  private mutating func readDayName() -> Int? {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    let letters = bytes[position...].prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
    let word = String(decoding: letters, as: UTF8.self).lowercased()
    guard let day = names.firstIndex(where: { $0 == word || $0.prefix(3) == word }) else { return nil }
    let next = letters.endIndex < bytes.count ? bytes[letters.endIndex] : 0x20
    guard Array(" .,-".utf8).contains(next) else { return nil }
    position = letters.endIndex
    return day
  }

  // MARK: Dates and times

  /// `@` and the seconds since 1970.
  private mutating func readTimestamp(_ event: inout CalendarEvent) -> Bool {
    position += 1
    guard let seconds = readNumber(limit: 7_258_118_400), position == bytes.count else { return false }
    let date = CalendarDate(daysSince1970: seconds / 86_400)
    let time = seconds % 86_400
    func only(_ value: Int) -> [CalendarEvent.Element] { [.init(start: value, stop: nil, step: 0)] }
    event.years = only(date.year)
    event.months = only(date.month)
    event.days = only(date.day)
    event.hours = only(time / 3600)
    event.minutes = only(time / 60 % 60)
    event.microseconds = only(time % 60 * CalendarEvent.second)
    event.zone = .utc
    return true
  }

  private mutating func readDate(_ event: inout CalendarEvent) -> Bool {
    guard current != nil else { return true }
    let start = position
    guard let first = readPart() else { return false }
    if current == nil || has(":") {
      position = start
      return true
    }
    guard readDash(&event), let second = readPart() else { return false }
    if current == nil || has(" ") {
      skipSpaces()
      (event.months, event.days) = (first, second)
      return true
    }
    guard !event.countsFromMonthEnd, readDash(&event), let third = readPart(), current == nil || has(" ")
    else { return false }
    skipSpaces()
    (event.years, event.months, event.days) = (first, second, third)
    return true
  }

  private mutating func readDash(_ event: inout CalendarEvent) -> Bool {
    if has("~") { event.countsFromMonthEnd = true } else if !has("-") { return false }
    position += 1
    return true
  }

  private mutating func readTime(_ event: inout CalendarEvent) -> Bool {
    let zero = [CalendarEvent.Element(start: 0, stop: nil, step: 0)]
    guard current != nil else {
      (event.hours, event.minutes, event.microseconds) = (zero, zero, zero)
      return true
    }
    guard let hours = readPart(), has(":") else { return false }
    position += 1
    guard let minutes = readPart() else { return false }
    (event.hours, event.minutes, event.microseconds) = (hours, minutes, zero)
    guard current != nil else { return true }
    guard has(":") else { return false }
    position += 1
    guard let seconds = readPart(unit: CalendarEvent.second) else { return false }
    event.microseconds = seconds
    return true
  }

  // MARK: Parts

  /// A part of a date or time: `*` gives no element, of seconds the repetition of every one.
  private mutating func readPart(unit: Int = 1) -> [CalendarEvent.Element]? {
    if has("*") {
      position += 1
      return unit == 1 ? [] : [.init(start: 0, stop: nil, step: unit)]
    }
    var elements: [CalendarEvent.Element] = []
    while elements.count <= Self.elementLimit {
      guard let element = readElement(unit) else { return nil }
      elements.append(element)
      guard has(",") else { return elements }
      position += 1
    }
    return nil
  }

  private mutating func readElement(_ unit: Int) -> CalendarEvent.Element? {
    guard let start = readValue(unit) else { return nil }
    var stop: Int?
    var step = 0
    if has("."), has(".", at: 1) {
      position += 2
      guard let value = readValue(unit) else { return nil }
      stop = value
      step = unit
    }
    if has("/") {
      position += 1
      guard let value = readValue(unit), value > 0 else { return nil }
      step = value
    } else if unit > 1, let stop, start + step > stop {
      return nil
    }
    if let next = current, !Array(" ,-~:".utf8).contains(next) { return nil }
    return .init(start: start, stop: stop, step: step)
  }

  private mutating func readValue(_ unit: Int) -> Int? {
    guard let whole = readNumber(limit: Int(Int32.max) / unit) else { return nil }
    guard unit > 1 else { return whole }
    var value = whole * unit
    // One point is a decimal point, two are a range.
    if has("."), !has(".", at: 1) {
      position += 1
      guard let fraction = readFraction() else { return nil }
      value += fraction
    }
    return value <= Int(Int32.max) ? value : nil
  }

  private mutating func readNumber(limit: Int) -> Int? {
    let start = position
    var value = 0
    while let byte = current, Self.isDigit(byte) {
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      guard value <= limit else { return nil }
      position += 1
    }
    return position > start ? value : nil
  }

  /// Digits behind a point as microseconds, rounded.
  private mutating func readFraction() -> Int? {
    let digits = bytes[position...].prefix(while: Self.isDigit)
    guard !digits.isEmpty else { return nil }
    position = digits.endIndex
    var value = 0
    for place in 0..<6 {
      let digit = place < digits.count ? Int(digits[digits.startIndex + place] - UInt8(ascii: "0")) : 0
      value = value * 10 + digit
    }
    if digits.count > 6, digits[digits.startIndex + 6] >= UInt8(ascii: "5") { value += 1 }
    return value
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
