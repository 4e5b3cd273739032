internal import DiagnosticRendering
internal import Diagnostics
internal import HostFiles
internal import UnitGraphs
internal import UnitLint

/// `--fix` and `--diff`: what safe fixes make of the files asked about.
struct LintRepair {
  /// What was written.
  struct Outcome {
    /// With the texts as they are now.
    let targets: [LintTarget]
    /// How many findings were fixed.
    let count: Int
    /// How many files were written.
    let files: Int
  }

  /// A file that fixes change.
  private struct Change {
    let path: String
    let old: [UInt8]
    let new: [UInt8]
  }

  private let run: LintRun

  init(_ run: LintRun) {
    self.run = run
  }

  /// Prints the difference that `write` would make, as `patch -p1` and `git apply` take it.
  func printDifference(of targets: [LintTarget]) throws(CommandFailure) {
    var text: [UInt8] = []
    for target in targets {
      for change in changes(in: target, run.settled(target)) {
        let path = run.setup.place.shown(change.path)
        text += UnifiedDiff.text(from: change.old, to: change.new, path: path)
      }
    }
    if !text.isEmpty, !Console.print(text) {
      throw CommandFailure(status: .environment, message: "nobody reads the difference", help: nil)
    }
  }

  /// Writes the files that change, each in one step, with its mode and owner. A file that was changed since
  /// it was read is left alone, and no other is written then.
  func write(_ targets: [LintTarget]) throws(CommandFailure) -> Outcome {
    let settled = targets.map { run.settled($0) }
    let changes = zip(targets, settled).flatMap { self.changes(in: $0, $1) }
    do throws(HostError) {
      for change in changes
      where try HostFile.read(change.path, limit: max(change.old.count, 1)) != change.old {
        throw HostError(operation: "fix", path: change.path, errno: 116)
      }
      for change in changes { try HostFile.rewrite(change.path, from: change.old, to: change.new) }
    } catch {
      throw CommandFailure(
        status: .environment, message: error.message,
        help: error.errno == 116 || error.isLackOfSpace ? "the file was changed meanwhile: run it again" : nil
      )
    }
    return Outcome(
      targets: settled.map(\.target), count: settled.reduce(0) { $0 + $1.count }, files: changes.count)
  }

  private func changes(in target: LintTarget, _ settled: LintFixes.Settled) -> [Change] {
    let changed = Set(settled.changed)
    return zip(target.entries, settled.target.entries).compactMap { old, new in
      guard changed.contains(old.source), let path = run.registry.path(of: old.source),
        case .file(let before) = old.content, case .file(let after) = new.content, before != after
      else { return nil }
      return Change(path: path, old: before, new: after)
    }
  }
}
