/// A day of the Gregorian calendar.
public struct CalendarDate: Hashable, Comparable, Sendable {
  public let year: Int
  /// 1 to 12.
  public let month: Int
  /// 1 to 31.
  public let day: Int

  /// Makes a day; the caller keeps it within the calendar.
  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  /// The day so many days after 1970-01-01, by counting in cycles of 400 years that begin in March.
  init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  public var daysSince1970: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// 0 for Monday.
  public var weekday: Int { (daysSince1970 + 3) % 7 }

  static func daysIn(month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// A time of a day on a clock that is never put forward or back.
public struct CalendarTime: Hashable, Comparable, Sendable {
  public let date: CalendarDate
  /// Since midnight.
  public let microseconds: Int

  /// Makes a time.
  public init(_ date: CalendarDate, microseconds: Int = 0) {
    self.date = date
    self.microseconds = microseconds
  }

  public static func < (left: CalendarTime, right: CalendarTime) -> Bool {
    (left.date, left.microseconds) < (right.date, right.microseconds)
  }
}

extension CalendarEvent {
  /// Days that are looked at before the search ends: systemd gives up as well.
  private static let dayLimit = 4000

  /// The next time after another, on the event's own clock; `nil` when there is none up to the year 2199.
  public func next(after time: CalendarTime) -> CalendarTime? {
    if let found = nextTime(ofDayFrom: time.microseconds + 1), isOn(time.date) {
      return CalendarTime(time.date, microseconds: found)
    }
    guard let first = nextTime(ofDayFrom: 0) else { return nil }
    var from = CalendarDate(daysSince1970: time.date.daysSince1970 + 1)
    for _ in 0..<Self.dayLimit {
      switch step(from) {
      case .found: return CalendarTime(from, microseconds: first)
      case .tryAt(let next): from = next
      case .never: return nil
      }
    }
    return nil
  }

  private enum Step {
    case found
    case tryAt(CalendarDate)
    case never
  }

  /// Whether a day matches, or else the first day that may.
  private func step(_ date: CalendarDate) -> Step {
    guard let year = Self.next(years, date.year), Self.yearRange.contains(year) else { return .never }
    if year > date.year { return .tryAt(CalendarDate(year: year, month: 1, day: 1)) }
    guard let month = Self.next(months, date.month), month <= 12 else {
      return .tryAt(CalendarDate(year: year + 1, month: 1, day: 1))
    }
    if month > date.month { return .tryAt(CalendarDate(year: year, month: month, day: 1)) }
    let length = CalendarDate.daysIn(month: month, of: year)
    guard let day = Self.next(days(in: length), date.day), day <= length else {
      return .tryAt(
        month == 12
          ? CalendarDate(year: year + 1, month: 1, day: 1)
          : CalendarDate(year: year, month: month + 1, day: 1))
    }
    if day > date.day { return .tryAt(CalendarDate(year: year, month: month, day: day)) }
    if weekdays & 1 << date.weekday != 0 { return .found }
    return .tryAt(CalendarDate(daysSince1970: date.daysSince1970 + 1))
  }

  private func isOn(_ date: CalendarDate) -> Bool {
    if case .found = step(date) { true } else { false }
  }

  /// The days' elements for a month of so many days, counted from its start.
  private func days(in length: Int) -> [Element] {
    guard countsFromMonthEnd else { return days }
    return days.compactMap { element in
      let start = length + 1 - element.start
      guard let stop = element.stop else {
        return start > 0 ? Element(start: start, stop: nil, step: element.step) : nil
      }
      let other = length + 1 - stop
      return min(start, other) > 0
        ? Element(start: min(start, other), stop: max(start, other), step: element.step) : nil
    }
  }

  /// Microseconds since midnight, at or after `from`.
  private func nextTime(ofDayFrom from: Int) -> Int? {
    let minute = 60 * Self.second
    var hour = from / (60 * minute)
    var rest = from % (60 * minute)
    while let found = Self.next(hours, hour), found < 24 {
      if found > hour { rest = 0 }
      if let time = nextTime(ofHourFrom: rest) { return found * 60 * minute + time }
      (hour, rest) = (found + 1, 0)
    }
    return nil
  }

  private func nextTime(ofHourFrom from: Int) -> Int? {
    let length = 60 * Self.second
    var minute = from / length
    var rest = from % length
    while let found = Self.next(minutes, minute), found < 60 {
      if found > minute { rest = 0 }
      if let time = Self.next(microseconds, rest), time < length { return found * length + time }
      (minute, rest) = (found + 1, 0)
    }
    return nil
  }

  /// The smallest value of a part at or after another.
  private static func next(_ elements: [Element], _ value: Int) -> Int? {
    if elements.isEmpty { return value }
    return elements.compactMap { element in
      if element.start >= value { return element.start }
      guard element.step > 0 else { return nil }
      let steps = (value - element.start + element.step - 1) / element.step
      let next = element.start + steps * element.step
      return element.stop.map { next <= $0 } ?? true ? next : nil
    }.min()
  }
}
