public import FleetModel

/// Lines of an ssh `known_hosts` file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
public enum KnownHosts {
  /// The line, with its line feed, that makes ssh trust a host key the generator minted: nobody has
  /// to accept a key on first use.
  ///
  /// - Parameters:
  ///   - names: host names and aliases, as ssh is called with.
  ///   - addresses: the host's addresses.
  ///   - port: where sshd listens; a port other than 22 is part of each name.
  ///   - publicKey: the text of `ssh_host_ed25519_key.pub`.
  /// - Returns: `nil` when there is no name at all, when a name has a character that means something
  ///   in the file, or when the key is not one line of an Ed25519 key.
  public static func line(
    names: [String], addresses: [IPAddress], port: Int = 22, publicKey: String
  ) -> String? {
    guard let key = keyWords(of: publicKey), names.allSatisfy(isPlain) else { return nil }
    let hosts = names + addresses.map(\.description)
    guard !hosts.isEmpty else { return nil }
    let patterns = port == 22 ? hosts : hosts.map { "[\($0)]:\(port)" }
    return "\(patterns.joined(separator: ",")) \(key)\n"
  }

  /// Algorithm and key, without the comment.
  private static func keyWords(of line: String) -> String? {
    let lines = line.split(separator: "\n", omittingEmptySubsequences: true)
    guard lines.count == 1, let words = lines.first?.split(separator: " "), words.count >= 2,
      words[0] == "ssh-ed25519",
      // 51 bytes, the first of which spell the algorithm, are 68 characters.
      words[1].utf8.count == 68, words[1].hasPrefix("AAAAC3NzaC1lZDI1NTE5AAAAI"),
      words[1].utf8.allSatisfy(isBase64)
    else { return nil }
    return "\(words[0]) \(words[1])"
  }

  /// Neither a pattern (`*`, `?`, `!`), a list (`,`), a hash (`|`), a marker (`@`) nor a comment.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46
          || $0 == 95
      }
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 43
      || byte == 47
  }
}
