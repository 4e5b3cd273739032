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
    var lines = [
      "#!ipxe",
      // A number needs its type: `set tries 0` is a text that `inc` refuses.
      "set tries:int32 0",
      ":again",
      "echo IMAGEGEN-BOOT node=\(node) try=${tries} platform=${platform}",
      "imgfree",
      "kernel --name \(images.kernel.name) \(images.kernel.uri) "
        + words.joined(separator: " ") + " || goto retry",
    ]
    lines += images.initrds.map { "initrd --name \($0.name) \($0.uri) || goto retry" }
    lines += [
      "boot \(images.kernel.name) || goto retry",
      ":retry",
      "echo IMAGEGEN-FAIL stage=fetch node=\(node) errno=${errno}",
      "inc tries",
      "iseq ${tries} \(Self.tries) && goto fail ||",
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
