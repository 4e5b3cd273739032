import Digests
import Glibc
import HostFiles
import Testing

/// A run is cut off before each of its calls, each call fails in every way, and power goes at every moment: the node
/// has the release from before or the one that was to come, whole. `$IMAGEGEN_FAULTS=all` asks for all of it, which
/// `scripts/proofs/install-faults` does; otherwise it is a sample.
@Suite(.serialized) struct FaultTests {
  static let isFull = unsafe getenv("IMAGEGEN_FAULTS").map { unsafe String(cString: $0) } == "all"
  /// EIO, ENOSPC, EDQUOT, EROFS, EACCES, EPERM, ENOMEM, EMFILE, EINTR, EAGAIN, EEXIST, ELOOP, EXDEV, ETXTBSY, ENOSYS.
  static let errnos: [Int32] = [5, 28, 122, 30, 13, 1, 12, 24, 4, 11, 17, 40, 18, 26, 38]

  /// Runs that are to survive everything: what was there before, and what is asked for.
  enum Case: String, CaseIterable { case first, upgrade, rollback }

  /// A root in the state that a case begins from, the words it says, and what must hold.
  private func prepare(_ what: Case, _ demo: Demo) throws -> (words: [String], invariants: Invariants) {
    let releases = try demo.releases()
    var words = ["install", releases[0], "--secrets", demo.secrets, "--no-start"]
    if what != .first {
      try #require(demo.run(words).status == 0)
      words = ["install", releases[1], "--no-start"]
    }
    if what == .rollback {
      try #require(demo.run(words).status == 0)
      words = ["rollback", "--no-start"]
    }
    let (one, two) = (Invariants.files(Demo.draft(1)), Invariants.files(Demo.draft(2)))
    let (old, new) = what == .first ? (nil, one) : what == .upgrade ? (one, two) : (two, one)
    return (words, Invariants(demo: demo, before: try Demo.snapshot(demo.root), old: old, new: new))
  }

  /// Numbers from 1 to `count`: all of them, or so many drawn from them.
  private func points(_ count: Int, sample: Int, _ random: inout Draws) -> [Int] {
    if Self.isFull || count <= sample { return Array(1...count) }
    return (0..<sample).map { _ in random.next(below: count) + 1 }
  }

  /// A fresh copy of the root.
  private func copy(_ demo: Demo) throws -> String {
    try copy(demo.root, to: demo.folder + "/copy")
  }

  @discardableResult
  private func copy(_ folder: String, to copy: String) throws -> String {
    let words = ["sh", "-c", "rm -rf \"$2\" && cp -a \"$1\" \"$2\"", "sh", folder, copy]
    try #require(try HostProgram.run(words).status == 0)
    return copy
  }

  @Test(arguments: Case.allCases) func killedBeforeEveryCall(what: Case) throws {
    try Demo.with { demo in
      var random = Draws()
      let (words, invariants) = try prepare(what, demo)
      let whole = LabCalls()
      try #require(demo.run(words, calls: whole, root: try copy(demo)).status == 0)
      var points = 0
      for call in self.points(whole.count, sample: 8, &random) {
        let root = try copy(demo)
        let calls = LabCalls()
        calls.killBefore = call - 1
        demo.run(words, calls: calls, root: root)
        #expect(
          calls.names.prefix(call) == whole.names.prefix(call), "\(what) \(call): another way was taken")
        // The recovery is cut off as well; every pair would take hours, so that each kill meets one of it.
        let kept = try copy(root, to: demo.folder + "/kept")
        let recovering = LabCalls()
        demo.run(["recover"], calls: recovering, root: root)
        let second = random.next(below: recovering.count) + 1
        try copy(kept, to: root)
        let cut = LabCalls()
        cut.killBefore = second - 1
        demo.run(["recover"], calls: cut, root: root)
        try invariants.hold(
          root, "\(what): killed before \(call), recovery before \(second), seed \(random.seed)")
        points += 1
      }
      print("figure: kill-calls-\(what) \(whole.count)")
      print("figure: kills-\(what) \(points)")
    }
  }

  @Test(arguments: Case.allCases) func everyErrorAtEveryCall(what: Case) throws {
    try Demo.with { demo in
      var random = Draws()
      let (words, invariants) = try prepare(what, demo)
      let whole = LabCalls()
      try #require(demo.run(words, calls: whole, root: try copy(demo)).status == 0)
      var asked = 0
      for call in points(whole.count, sample: 12, &random) {
        for _ in 0..<(Self.isFull ? 4 : 1) {
          let errno = Self.errnos[random.next(below: Self.errnos.count)]
          let root = try copy(demo)
          let calls = LabCalls()
          calls.fail = (call, errno)
          let outcome = demo.run(words, calls: calls, root: root)
          #expect(calls.hasFailed)
          let label =
            "\(what): call \(call) (\(whole.names[call - 1])) fails with \(errno), seed \(random.seed)"
          // I4: done means the new one; a refusal means the old one, but where only the end was cut short.
          if outcome.status == 0 {
            try invariants.hold(root, mustBe: .new, label)
          } else {
            #expect(!outcome.errors.isEmpty, "\(label)")
            try invariants.hold(root, label)
          }
          asked += 1
        }
      }
      for every in [2, 3] {
        let calls = LabCalls()
        calls.shortWrites = every
        let root = try copy(demo)
        #expect(demo.run(words, calls: calls, root: root).status == 0)
        try invariants.hold(root, mustBe: .new, "\(what): short writes")
      }
      print("figure: errors-\(what) \(asked)")
    }
  }

  @Test(arguments: Case.allCases) func powerGoesAtEveryMoment(what: Case) throws {
    try Demo.with { demo in
      var random = Draws()
      let (words, invariants) = try prepare(what, demo)
      let root = try copy(demo)
      let calls = LabCalls()
      try #require(demo.run(words, calls: calls, root: root).status == 0)
      let disk = try DiskModel(folder: demo.root)
      var states = 0
      for moment in points(calls.changes.count, sample: 8, &random) + [calls.changes.count] {
        var model = disk
        for change in calls.changes.prefix(moment) { model.apply(change) }
        for choice in DiskModel.Choice.all(pending: model.pending, isFull: Self.isFull, &random) {
          let left = demo.folder + "/left"
          try? HostFile.removeTree(left)
          try model.write(to: left, choice)
          let label =
            "\(what): power goes after \(moment) of \(calls.changes.count) changes, \(choice), seed \(random.seed)"
          // I4: what was said to be done is done.
          try invariants.hold(left, mustBe: moment == calls.changes.count ? .new : nil, label)
          states += 1
        }
      }
      print("figure: power-moments-\(what) \(calls.changes.count)")
      print("figure: power-states-\(what) \(states)")
    }
  }
}

/// Numbers from a seed, the same every time; the seed is in every message.
struct Draws {
  let seed: UInt64
  private var state: UInt64

  init() {
    seed = unsafe getenv("IMAGEGEN_SEED").flatMap { unsafe UInt64(String(cString: $0)) } ?? 20_251_212
    state = seed
  }

  mutating func next(below limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, limit)))
  }
}
