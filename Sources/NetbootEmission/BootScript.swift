/// A node's iPXE script (ipxe.org/scripting), in the commands that Debian 12's build has.
///
/// All addresses in it are relative, so that any server can serve it. Every command that may fail is
/// followed by what to do then: an unguarded failure ends a script and leaves the machine where it is.
public struct BootScript: Sendable {
  /// The node.
  public var node: String
  /// What it boots.
  public var images: BootImages
  /// The proved command line.
  public var commandLine: KernelCommandLine

  /// How often the files are asked for before the machine restarts.
  public static let tries = 5

  /// Makes a script.
  public init(node: String, images: BootImages, commandLine: KernelCommandLine) {
    self.node = node
    self.images = images
    self.commandLine = commandLine
  }

  /// The script's text.
  public var text: String {
    let start = images.initPath.map { ["init=\($0)"] } ?? []
    let words = images.initrdWords + start + commandLine.words
    return Self.tried(
      node: node, kernel: (images.kernel.name, images.kernel.uri), words: words.joined(separator: " "),
      initrds: images.initrds.map { ($0.name, $0.uri) })
  }

  /// A script that asks for the files as often as it may, and then restarts the machine.
  ///
  /// - Parameters:
  ///   - node: The node, for the console.
  ///   - state: What the server thinks of it; told on the console as well.
  ///   - setup: Commands before the first try.
  ///   - kernel: What it is called in iPXE, and where it is.
  ///   - words: The command line behind the kernel.
  ///   - initrds: As the kernel, in order.
  static func tried(
    node: String, state: String? = nil, setup: [String] = [], kernel: (name: String, uri: String),
    words: String, initrds: [(name: String, uri: String)]
  ) -> String {
    let said = state.map { "node=\(node) state=\($0)" } ?? "node=\(node)"
    var lines = ["#!ipxe"] + setup
    lines += [
      // A number needs its type: `set tries 0` is a text that `inc` refuses.
      "set tries:int32 0",
      ":again",
      "echo IMAGEGEN-BOOT \(said) try=${tries} platform=${platform}",
      "imgfree",
      "kernel --name \(kernel.name) \(kernel.uri) \(words) || goto retry",
    ]
    lines += initrds.map { "initrd --name \($0.name) \($0.uri) || goto retry" }
    lines += [
      "boot \(kernel.name) || goto retry",
      ":retry",
      "echo IMAGEGEN-FAIL stage=fetch node=\(node) errno=${errno}",
      "inc tries",
      "iseq ${tries} \(tries) && goto fail ||",
      "sleep 3",
      "goto again",
      ":fail",
      "echo IMAGEGEN-GIVEUP node=\(node)",
      "sleep 60",
      // Never poweroff: a machine that is off comes back only by hand.
      "reboot",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
