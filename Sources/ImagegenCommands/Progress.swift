internal import HostFiles

/// A line on a terminal that says how far a long job is; nothing where nobody looks.
final class Progress {
  private let total: Int
  private let what: String
  private let isShown: Bool
  private var done = 0
  private var shown = -1

  init(total: Int, what: String, isShown: Bool) {
    self.total = total
    self.what = what
    self.isShown = isShown && total > 1 && HostTerminal.isTerminal(.standardError)
    show()
  }

  func advance() {
    done += 1
    show()
  }

  /// Takes the line away.
  func finish() {
    if isShown { Console.say("\r\u{1b}[K") }
  }

  /// Only when the percentage changes: a terminal is slower than a build.
  private func show() {
    let percentage = total == 0 ? 100 : done * 100 / total
    guard isShown, percentage != shown else { return }
    shown = percentage
    Console.say("\r\u{1b}[K\(what): \(done) of \(total) (\(percentage) %)")
  }
}
