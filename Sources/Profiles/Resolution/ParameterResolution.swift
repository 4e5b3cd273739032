internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// The values of a service's parameters: set by fleet, role or node, else the declared defaults.
enum ParameterResolution {
  static func resolve(_ template: ServiceTemplate, settings: YAMLNode?) -> Checked<[Name: Sourced<String>]> {
    var report = Report()
    var values: [Name: Sourced<String>] = [:]
    for (name, parameter) in template.parameters { values[name] = parameter.standard }
    let service = template.fixed.name.value
    for (name, node) in settings?["parameters"]?.named(service.description) ?? [] {
      guard let parameter = template.parameters[name.value] else {
        let known = template.parameters.keys.map(\.description).sorted()
        report.add(
          Diagnostic(
            ProfileRules.unknownParameter, "\(service) has no parameter \(name.value)", at: name.span,
            help: Suggestion.nearest(to: name.value.description, in: known).map { "did you mean \($0)?" }))
        continue
      }
      guard let value = node.sourced({ $0 }) else { continue }
      if !parameter.type.grammar.accepts(value.value) {
        report.add(
          Diagnostic(
            ProfileRules.invalidValue, "\"\(value.value)\" is not \(parameter.type.grammar.expected)",
            at: value.span,
            related: parameter.name.span.map { [Label("the parameter is declared here", at: $0)] } ?? []))
        continue
      }
      values[name.value] = value
    }
    return Checked(values, report)
  }
}
