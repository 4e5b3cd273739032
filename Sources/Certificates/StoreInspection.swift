internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import SecretStore

/// Looks at the store for whoever plans, and turns what is wrong with files into findings.
struct StoreInspection {
  /// How a pair of files stands, the private one first.
  enum Pair { case missing, privateOnly, publicOnly, both, flawed }

  /// What a finding is about.
  struct Subject {
    var span: Span?
    var node: Name?
  }

  let folder: SecretFolder
  private(set) var report = Report()
  private var reportedFlaws = Set<SecretFlaw>()

  init(_ folder: SecretFolder) { self.folder = folder }

  /// Adds a finding.
  mutating func add(_ rule: Rule, _ message: String, _ subject: Subject, help: String) {
    report.add(
      Diagnostic(rule, message, at: subject.span, help: help, node: subject.node?.description))
  }

  /// Adds what is wrong with a certificate or key.
  mutating func add(
    _ findings: [CertificateFinding], of file: SecretFile, key: SecretFile, _ subject: Subject
  ) {
    for finding in findings {
      let help =
        switch finding.remedy {
        case .renewCertificate: removal(of: [file])
        case .renewBoth: removal(of: [key, file])
        case .none(let help): help
        }
      add(finding.rule, "\(file) \(finding.message)", subject, help: help)
    }
  }

  /// What to do to have files minted anew.
  func removal(of files: [SecretFile]) -> String {
    let paths = files.map { "\(folder.path)/\($0)" }.joined(separator: " and ")
    return "to have it minted anew, remove \(paths) and run `imagegen secrets` again"
  }

  /// How many bytes a file has; `nil` when it is missing or, with a finding, flawed.
  mutating func size(of file: SecretFile, _ subject: Subject) throws(HostError) -> (
    size: Int?, isFlawed: Bool
  ) {
    switch try folder.state(of: file) {
    case .missing: return (nil, false)
    case .present(let size): return (size, false)
    case .flawed(let flaw):
      addFlaw(flaw, of: file, subject)
      return (nil, true)
    }
  }

  /// How a pair stands.
  mutating func pair(
    _ privateFile: SecretFile, _ publicFile: SecretFile, _ subject: Subject
  ) throws(HostError) -> Pair {
    let first = try size(of: privateFile, subject)
    let second = try size(of: publicFile, subject)
    if first.isFlawed || second.isFlawed { return .flawed }
    switch (first.size, second.size) {
    case (nil, nil): return .missing
    case (.some, nil): return .privateOnly
    case (nil, .some): return .publicOnly
    case (.some, .some): return .both
    }
  }

  /// The bytes of a file; `nil`, with a finding, when they cannot be had.
  mutating func bytes(of file: SecretFile, _ subject: Subject) throws(HostError) -> [UInt8]? {
    do throws(SecretError) {
      return try folder.read(file)
    } catch {
      switch error {
      case .host(let error): throw error
      case .flawed(_, let flaw): addFlaw(flaw, of: file, subject)
      case .missing, .taken, .busy:
        add(CertificateRules.unreadableMaterial, error.message, subject, help: "run `imagegen secrets` again")
      }
      return nil
    }
  }

  /// Adds that a file is not what its name says. The reason never holds a byte of it.
  mutating func addUnreadable(_ file: SecretFile, _ reason: String, _ subject: Subject) {
    add(
      CertificateRules.unreadableMaterial, "\(file) is damaged: \(reason)", subject, help: removal(of: [file])
    )
  }

  private mutating func addFlaw(_ flaw: SecretFlaw, of file: SecretFile, _ subject: Subject) {
    let path = "\(folder.path)/\(file)"
    switch flaw {
    case .folderExposed(let path, _):
      // One finding for the folder, not one for each file that should be in it.
      guard reportedFlaws.insert(flaw).inserted else { return }
      add(CertificateRules.flawedFile, "\(file) \(flaw.message)", subject, help: "chmod 0700 \(path)")
    case .folderNotReal(let path):
      guard reportedFlaws.insert(flaw).inserted else { return }
      add(
        CertificateRules.flawedFile, "\(file) \(flaw.message)", subject,
        help: "make \(path) a folder, mode 0700")
    case .exposed:
      let mode = file.isPrivate ? "0600" : "0644"
      add(
        CertificateRules.flawedFile, "\(file) \(flaw.message)", subject,
        help: "chmod \(mode) \(path), after asking who may have used it")
    case .notRegular:
      add(
        CertificateRules.flawedFile, "\(file) \(flaw.message)", subject,
        help: "put the file itself at \(path)")
    case .empty:
      add(CertificateRules.flawedFile, "\(file) \(flaw.message)", subject, help: removal(of: [file]))
    }
  }
}
