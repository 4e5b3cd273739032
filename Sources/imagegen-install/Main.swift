// COnNode has what the release links in the place of code that it never reaches.
internal import COnNode
internal import NodeCalls
internal import NodeInstaller

@main struct Main {
  static func main() {
    let status = InstallerProgram.run(
      Array(NodeProcess.arguments.dropFirst()), calls: LinuxCalls(), isJournal: NodeProcess.isJournal,
      credentials: NodeProcess.environment("CREDENTIALS_DIRECTORY")
    ) { NodeProcess.print($0, toErrors: $1) }
    NodeProcess.exit(status)
  }
}
