internal import Diagnostics
internal import Digests
internal import FleetModel
internal import HostFiles
internal import YAMLSources

/// Looks at the payloads of a service: are they there, and are they what the profile says?
enum PayloadInspection {
  static func inspect(_ template: ServiceTemplate) -> Checked<ServiceTemplate> {
    var report = Report()
    var template = template
    for (name, node) in template.tree.named("program") {
      guard let path = node.text("payload") else {
        if let digest = node["sha256"] {
          report.add(
            Diagnostic(
              MeaningRules.payloadMissing, "a digest without a payload", at: digest.span,
              help: "name the file: payload: bin/\(name.value)"))
        }
        continue
      }
      guard let digest = node.sourced("sha256", SHA256Digest.init) else {
        if node["sha256"] == nil {
          report.add(
            Diagnostic(
              MeaningRules.payloadMissing, "payload \(path.value) has no sha256 beside it", at: path.span,
              help: "add what sha256sum \(template.folder.shown(path.value)) prints"))
        }
        continue
      }
      let checked = payload(path, digest, folder: template.folder)
      report.merge(checked.report)
      if let payload = checked.value,
        let index = template.fixed.programs.firstIndex(where: { $0.name.value == name.value })
      {
        template.fixed.programs[index].payload = payload
      }
    }
    return Checked(template, report)
  }

  private static func payload(
    _ path: Sourced<String>, _ expected: Sourced<SHA256Digest>, folder: ProfileFolder
  ) -> Checked<Program.Payload> {
    let shown = folder.shown(path.value)
    do throws(HostError) {
      let reader = try HostFolder(folder.path).openBelow(path.value)
      guard reader.status.size <= ProfileLimits.payloadBytes else {
        return refuse(
          MeaningRules.payloadMissing, "payload \(path.value) has more than 1 GiB", path, help: nil)
      }
      let found = try digest(of: reader)
      guard found == expected.value else {
        return refuse(
          MeaningRules.payloadDigest, "payload \(path.value) has another digest", expected,
          help: "the file's is \(found)")
      }
      return Checked(
        Program.Payload(path: path.map { folder.prefix + $0 }, digest: expected, size: reader.status.size))
    } catch {
      if error.isAbsence {
        return refuse(
          MeaningRules.payloadMissing, "payload \(path.value) is not there", path,
          help: "put the file at \(shown)")
      }
      return refuse(
        MeaningRules.payloadMissing, "payload \(path.value) is no plain file in the fleet's folder", path,
        help: "put the file itself at \(shown)")
    }
  }

  private static func refuse<Value>(
    _ rule: Rule, _ message: String, _ place: Sourced<Value>, help: String?
  ) -> Checked<Program.Payload> {
    Checked(nil, Report(Diagnostic(rule, message, at: place.span, help: help)))
  }

  private static func digest(of reader: borrowing HostReader) throws(HostError) -> SHA256Digest {
    var hash = SHA256()
    while true {
      let chunk = try reader.read(1 << 18)
      if chunk.isEmpty { return hash.finish() }
      hash.update(chunk)
    }
  }
}
