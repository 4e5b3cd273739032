public import Diagnostics
public import FleetModel

/// The kernel's command line of a node that boots from the network, proved to arrive as it is.
public struct KernelCommandLine: Sendable {
  /// In order.
  public let words: [String]

  /// Most bytes the kernel takes: `cmdline_size` in its setup header (Linux boot protocol, 0x238).
  public static let limit = 2047
  /// Bytes left for what is not known before the image is built and published: `init=/nix/store/…`,
  /// and the generation.
  public static let reserve = 256

  /// The words in one line, without a line feed.
  public var text: String { words.joined(separator: " ") }

  /// The command line of a node: consoles, restart on panic, the profile's arguments, who it is.
  ///
  /// - Parameter prefix: what stands before it once loaded: on UEFI iPXE puts the image's name and the
  ///   `initrd=` words in front.
  public static func checked(for node: Node, prefix: String) -> Checked<KernelCommandLine> {
    var report = Report()
    for argument in node.kernelArguments {
      let word = argument.value
      if let fault = fault(of: word) {
        report.add(
          Diagnostic(
            NetbootRules.commandLineWord, "kernel argument '\(word)' \(fault)", at: argument.span,
            help: "iPXE has no quotes and no escapes; write the argument without it",
            node: node.name.value.description))
      } else if ["init=", "initrd=", "imagegen."].contains(where: word.hasPrefix) {
        report.add(
          Diagnostic(
            NetbootRules.reservedWord, "kernel argument '\(word)' is given by the boot script",
            at: argument.span, help: "leave it out", node: node.name.value.description))
      }
    }
    let line = KernelCommandLine(words: words(for: node))
    let size = prefix.utf8.count + 1 + line.text.utf8.count + reserve
    if size > limit {
      report.add(
        Diagnostic(
          NetbootRules.commandLineLength,
          "kernel command line has \(size) bytes, \(reserve) of them reserved; the kernel takes \(limit)",
          at: node.kernelArguments.last?.span ?? node.name.span,
          help: "shorten kernel-arguments by \(size - limit) bytes",
          node: node.name.value.description))
    }
    return Checked(report.hasErrors ? nil : line, report)
  }

  /// Why iPXE would not hand a word on as it is; `nil` when it does.
  static func fault(of word: String) -> String? {
    if word.isEmpty { return "is empty" }
    if !word.utf8.allSatisfy({ (33...126).contains($0) }) {
      return "holds a blank or a character that is not printable ASCII"
    }
    if word.utf8.first == UInt8(ascii: "#") { return "would start a comment" }
    if word.contains("${") { return "would be expanded" }
    if ["||", "&&", ";"].contains(word) { return "would end the command" }
    return nil
  }

  private static func words(for node: Node) -> [String] {
    let arguments = node.kernelArguments.map(\.value)
    let serial =
      switch node.target.architecture.value {
      case .x86_64: "console=ttyS0,115200"
      case .aarch64: "console=ttyAMA0,115200"
      }
    // The serial console first; what comes last becomes /dev/console.
    let consoles = arguments.contains { $0.hasPrefix("console=") } ? [] : [serial, "console=tty0"]
    let panic = arguments.contains { $0.hasPrefix("panic=") } ? [] : ["panic=30"]
    return consoles + panic + arguments
      + ["imagegen.fleet=\(node.fleet)", "imagegen.node=\(node.name.value)"]
  }
}
