public import Diagnostics
public import FleetModel
import SystemdUnits

/// Where programs are on the machine a unit is written for.
public enum ProgramPaths: Hashable, Sendable {
  /// Where bundles put them: `Program.path`.
  case native
  /// In the profile of the running NixOS: units written so outlive a new generation.
  case nixosCurrentSystem
  /// This text and the executable's name, unquoted: for a printer that puts something else there,
  /// such as a Nix interpolation.
  case placeholder(String)

  /// What `units/` of a node names.
  public init(for target: Target) { self = target.isNixOS ? .nixosCurrentSystem : .native }
}

/// A word of `ExecStart=` before it becomes text.
public struct ExecWord: Hashable, Sendable {
  /// What the word is.
  public enum Content: Hashable, Sendable {
    /// A program: its file name, and its path on a host without NixOS.
    case program(executable: String, path: TargetPath)
    /// One argument, verbatim.
    case text(String)
    /// The value of a variable, one argument.
    case variable(VariableName)
    /// The path of a credential of this name.
    case credential(String)
  }

  /// What the word is.
  public var content: Content
  /// Why it is there.
  public var origin: Origin

  /// Makes a word.
  public init(_ content: Content, _ origin: Origin) {
    self.content = content
    self.origin = origin
  }

  /// The words as the value of `ExecStart=`, quoted and escaped (systemd.service(5)).
  public static func line(_ words: [ExecWord], paths: ProgramPaths) -> String {
    words.enumerated().map { $1.quoted(paths, isProgram: $0 == 0) }.joined(separator: " ")
  }

  private func quoted(_ paths: ProgramPaths, isProgram: Bool) -> String {
    let quote = isProgram ? UnitQuoting.execProgram : UnitQuoting.execWord
    switch content {
    case .text(let text): return quote(text)
    case .variable(let name): return "${\(name)}"
    case .credential(let name):
      // The variable goes inside the quotes, where the name needs any.
      let rest = UnitQuoting.execWord("/" + name)
      let variable = "${CREDENTIALS_DIRECTORY}"
      return rest.hasPrefix("\"") ? "\"" + variable + rest.dropFirst() : variable + rest
    case .program(let executable, let path):
      switch paths {
      case .native: return quote(path.description)
      case .nixosCurrentSystem: return quote("/run/current-system/sw/bin/" + executable)
      case .placeholder(let prefix): return prefix + executable
      }
    }
  }
}
