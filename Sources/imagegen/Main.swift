internal import ImagegenCommands

#if canImport(Glibc)
  internal import Glibc
#endif

@main struct Main {
  static func main() async {
    exit(await Tool.run(Array(CommandLine.arguments.dropFirst())))
  }
}
