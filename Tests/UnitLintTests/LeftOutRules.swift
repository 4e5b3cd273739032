/// The numbers of the catalogue of rules, and why some of them are no rule.
enum LeftOutRules {
  /// Every number of the catalogue.
  static let catalogue: [String] = [
    ("SY", 1...23), ("EX", 1...18), ("EN", 1...7), ("SE", 1...13),
  ].flatMap { family, numbers in
    numbers.map { number in family + (number < 10 ? "00" : "0") + "\(number)" }
  }

  /// In order of code.
  static let reasons: [(code: String, reason: String)] = []
}
