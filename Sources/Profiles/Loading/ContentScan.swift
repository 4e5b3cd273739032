internal import Diagnostics
internal import YAMLSources

/// What is wrong with a text wherever it stands in a profile: placeholders and secrets.
enum ContentScan {
  static func report(on tree: YAMLNode) -> Report {
    var scan = Scan()
    scan.visit(tree, key: "", isCommand: false)
    return scan.report
  }

  private struct Scan {
    var report = Report()

    /// - Parameter inContent: whether it is what a program reads, where a key is just a text.
    mutating func visit(
      _ node: YAMLNode, key: String, isCommand: Bool, inContent: Bool = false, isName: Bool = false
    ) {
      switch node.content {
      case .scalar(let text, _):
        if let placeholder = ContentScan.placeholder(in: text) {
          report.add(
            Diagnostic(
              ContentRules.placeholder, "\(placeholder) is a placeholder", at: node.span,
              help: "put the real value here; nothing is built while a placeholder remains"))
        } else if isName {
          return
        } else if ContentScan.isPrivateKey(text) || ContentScan.hasCredentials(text)
          || (ContentScan.isSecretName(key) && ContentScan.looksLikeValue(text))
        {
          report.add(
            Diagnostic(
              isCommand ? ContentRules.secretInCommand : ContentRules.secretInProfile,
              "\(key.isEmpty ? "this" : key) holds a secret as text", at: node.span,
              help: "declare it under secrets in fleet.yaml and refer to it: {secret: NAME}"))
        }
      case .sequence(let elements):
        for (index, element) in elements.enumerated() {
          let flag = index > 0 ? elements[index - 1].scalarText : nil
          visitWord(
            element, after: flag, key: key, isCommand: isCommand || key == "command", inContent: inContent)
        }
      case .mapping(let entries):
        let isReference = Reference.isReference(entries)
        for entry in entries {
          let isName = inContent ? isReference && entry.key != "as" : ContentScan.isReferenceKey(entry.key)
          let isContent = inContent || ["toml", "json", "env", "environment", "entries"].contains(entry.key)
          visit(entry.value, key: entry.key, isCommand: isCommand, inContent: isContent, isName: isName)
        }
      }
    }

    private mutating func visitWord(
      _ node: YAMLNode, after flag: String?, key: String, isCommand: Bool, inContent: Bool
    ) {
      guard isCommand, let text = node.scalarText else {
        return visit(node, key: key, isCommand: isCommand, inContent: inContent)
      }
      if ContentScan.placeholder(in: text) != nil { return visit(node, key: key, isCommand: true) }
      let parts = text.split(separator: "=", maxSplits: 1)
      let isAssigned =
        parts.count == 2 && ContentScan.isSecretName(String(parts[0]))
        && ContentScan.looksLikeValue(String(parts[1]))
      let followsFlag =
        (flag?.hasPrefix("-") ?? false) && !(flag ?? "").contains("=")
        && ContentScan.isSecretName(flag ?? "") && !text.hasPrefix("-") && ContentScan.looksLikeValue(text)
      if isAssigned || followsFlag || ContentScan.hasCredentials(text) {
        report.add(
          Diagnostic(
            ContentRules.secretInCommand, "a secret stands in the command line", at: node.span,
            help: "every account on the node can read it there; give the program a file: {secret: NAME}"))
      }
    }
  }

  /// Keys of the profile language whose value is a name, not a value; `credentials` and `secrets` hold names alone.
  private static func isReferenceKey(_ key: String) -> Bool {
    ["secret", "secrets-directory", "key", "authorized-keys", "reason", "description"].contains(key)
  }

  /// `<LIKE_THIS>`, CHANGEME or TODO as a word of its own.
  static func placeholder(in text: String) -> String? {
    let bytes = Array(text.utf8)
    let isWord = { (byte: UInt8) in
      (65...90).contains(byte) || (48...57).contains(byte) || byte == 95
    }
    for start in bytes.indices where bytes[start] == 60 {
      guard let end = bytes[start...].firstIndex(of: 62), end - start >= 3, end - start <= 80 else {
        continue
      }
      let inner = bytes[(start + 1)..<end]
      if inner.allSatisfy({ isWord($0) || $0 == 45 || $0 == 32 }),
        inner.contains(where: { (65...90).contains($0) })
      {
        return String(decoding: bytes[start...end], as: UTF8.self)
      }
    }
    var word: [UInt8] = []
    for byte in bytes + [0] {
      if isWord(byte) || (97...122).contains(byte) {
        word.append(byte)
        continue
      }
      let found = String(decoding: word, as: UTF8.self)
      if ["CHANGEME", "CHANGE_ME", "TODO", "FIXME", "REPLACEME", "REPLACE_ME"].contains(found) {
        return found
      }
      word.removeAll(keepingCapacity: true)
    }
    return nil
  }

  private static func isPrivateKey(_ text: String) -> Bool {
    text.utf8.count > 30 && text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----")
  }

  /// Whether a key, option or variable names a secret itself rather than where it is kept.
  static func isSecretName(_ name: String) -> Bool {
    let words = name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    guard let last = words.last,
      !["file", "path", "dir", "directory", "id", "name", "ttl", "length", "kind"].contains(last)
    else { return false }
    let telling: Set = ["pass", "credential"]
    let endings = ["password", "passwd", "passphrase", "secret", "token", "apikey"]
    return words.contains { word in telling.contains(word) || endings.contains { word.hasSuffix($0) } }
      || (last == "key"
        && ["api", "private", "access", "signing", "encryption"].contains(words.dropLast().last ?? ""))
  }

  /// Whether a text is a secret's value: no path, no variable, no plain word for on or off.
  private static func looksLikeValue(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("/") && !text.hasPrefix("$") && !text.hasPrefix("./")
      && !["true", "false", "none", "enforce", "off", "on"].contains(text) && Int(text) == nil
  }

  /// `scheme://user:password@host`.
  private static func hasCredentials(_ text: String) -> Bool {
    // Few texts have both, and looking for a text in a text is slow.
    guard text.utf8.contains(64), text.utf8.contains(58), let scheme = text.firstRange(of: "://") else {
      return false
    }
    let authority = text[scheme.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    guard let colon = authority[..<at].firstIndex(of: ":") else { return false }
    // What is put in there later is no secret yet.
    let password = authority[authority.index(after: colon)..<at]
    return !password.isEmpty && !password.hasPrefix("$") && !password.hasPrefix("{")
  }
}
