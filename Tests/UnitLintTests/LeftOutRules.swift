/// The numbers of the catalogue of rules, and why some of them are no rule.
enum LeftOutRules {
  /// Every number of the catalogue.
  static let catalogue: [String] = [
    ("SY", 1...23), ("GR", 1...6), ("GR", 10...15), ("GR", 20...28), ("GR", 30...40), ("IN", 1...9),
    ("EX", 1...18), ("LC", 1...16), ("EN", 1...7), ("SE", 1...13), ("TP", 1...4), ("DR", 1...5),
    ("TI", 1...7), ("MT", 1...4),
  ].flatMap { family, numbers in
    numbers.map { number in family + (number < 10 ? "00" : "0") + "\(number)" }
  }

  /// In order of code.
  static let reasons: [(code: String, reason: String)] = []
}
