public import HostFiles

/// What is wrong with a file or folder of the store, without a look at its bytes.
public enum SecretFlaw: Hashable, Sendable {
  /// A link, a folder or a device.
  case notRegular
  /// More permissions than it may have.
  case exposed(mode: UInt16)
  /// Its folder is a link or a file.
  case folderNotReal(path: String)
  /// Others may look into, or write to, its folder.
  case folderExposed(path: String, mode: UInt16)
  /// There is nothing in it.
  case empty

  /// As it follows the file's name: "is empty".
  public var message: String {
    switch self {
    case .notRegular: "is no regular file"
    case .exposed(let mode): "has mode \(Self.octal(mode)): others may use it"
    case .folderNotReal(let path): "lies in \(path), which is no folder of its own"
    case .folderExposed(let path, let mode): "lies in \(path), which has mode \(Self.octal(mode))"
    case .empty: "is empty"
    }
  }

  private static func octal(_ mode: UInt16) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}

/// Why the store could not do what was asked. No message holds a secret byte.
public enum SecretError: Error, Hashable, Sendable {
  /// The file is not there.
  case missing(SecretFile)
  /// The file is there and must not be used.
  case flawed(SecretFile, SecretFlaw)
  /// The file is there already, and the store replaces nothing.
  case taken(SecretFile)
  /// Another run holds the folder's lock.
  case busy(folder: String)
  /// The host refused.
  case host(HostError)

  /// Short, lower case, no full stop.
  public var message: String {
    switch self {
    case .missing(let file): "\(file) is not there"
    case .flawed(let file, let flaw): "\(file) \(flaw.message)"
    case .taken(let file): "\(file) is there already"
    case .busy(let folder): "another run is at work in \(folder)"
    case .host(let error): error.message
    }
  }
}
