/// A date as RFC 3339 writes it, in UTC, from seconds since 1970-01-01T00:00:00Z.
///
/// The only dates a bundle knows are its release's, so that building it twice gives the same bytes.
struct ReleaseDate: CustomStringConvertible {
  /// Seconds since 1970.
  let epoch: Int

  /// `2025-12-12T00:00:00Z`.
  var description: String {
    let days = epoch >= 0 ? epoch / 86_400 : (epoch - 86_399) / 86_400
    let seconds = epoch - days * 86_400
    let (year, month, day) = Self.civil(days)
    let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, to: 2) }
    return "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
      + "T" + time.joined(separator: ":") + "Z"
  }

  /// Proleptic Gregorian calendar, reckoned in 400-year eras whose years begin in March: then the
  /// leap day is the last of its year and months before it have regular lengths.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
