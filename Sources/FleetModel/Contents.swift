public import Diagnostics

/// A value in a configuration file or an environment, after all references are replaced.
public indirect enum ConfigurationValue: Sendable {
  case text(Sourced<String>)
  case integer(Sourced<Int>)
  case boolean(Sourced<Bool>)
  case list([ConfigurationValue], Origin)
  /// In the order written.
  case table([(key: Sourced<String>, value: ConfigurationValue)], Origin)
}

/// A configuration file of a service.
public struct ConfigurationFile: Sendable {
  /// What is in it.
  public enum Content: Sendable {
    /// TOML 1.0; the value is a table.
    case toml(ConfigurationValue)
    /// JSON (RFC 8259).
    case json(ConfigurationValue)
    /// Lines `NAME=value` for EnvironmentFile=.
    case environment([EnvironmentEntry])
    /// This text.
    case text(Sourced<String>)
  }

  /// `config`: how the command names it.
  public var name: Sourced<Name>
  /// Where it is on the node.
  public var path: Sourced<TargetPath>
  /// What is in it.
  public var content: Content
  /// Its permissions.
  public var mode: Sourced<FileMode>
  /// Its owner.
  public var owner: Sourced<AccountName>

  /// Makes a file.
  public init(
    name: Sourced<Name>, path: Sourced<TargetPath>, content: Content, mode: Sourced<FileMode>,
    owner: Sourced<AccountName>
  ) {
    self.name = name
    self.path = path
    self.content = content
    self.mode = mode
    self.owner = owner
  }
}

/// A variable.
public struct EnvironmentEntry: Sendable {
  /// Its name.
  public var name: Sourced<VariableName>
  /// Its value.
  public var value: Sourced<String>

  /// Makes a variable.
  public init(name: Sourced<VariableName>, value: Sourced<String>) {
    self.name = name
    self.value = value
  }
}

/// Variables in a file of their own: `/opt/unibus/cluster.env`.
public struct EnvironmentFile: Sendable {
  /// Where it is on the node.
  public var path: Sourced<TargetPath>
  /// In the order written.
  public var entries: [EnvironmentEntry]
  /// Its permissions.
  public var mode: Sourced<FileMode>
  /// Its owner.
  public var owner: Sourced<AccountName>

  /// Makes a file.
  public init(
    path: Sourced<TargetPath>, entries: [EnvironmentEntry], mode: Sourced<FileMode>,
    owner: Sourced<AccountName>
  ) {
    self.path = path
    self.entries = entries
    self.mode = mode
    self.owner = owner
  }
}
