internal import Dispatch
internal import ImagegenCommands

#if canImport(Glibc)
  internal import Glibc
#endif

@main struct Main {
  /// What never waits runs here to its end: on the first thread, whose heap grows in place, and no other is made.
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    Task.immediate { exit(await Tool.run(words)) }
    dispatchMain()
  }
}
