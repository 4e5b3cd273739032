internal import FleetModel
internal import JSONText
internal import SystemdUnits

extension ConfigurationFile {
  /// The file's bytes; `nil` when a value is one that its format cannot carry.
  var bytes: [UInt8]? {
    switch content {
    case .toml(let value): TOMLWriter.text(of: value).map { Array($0.utf8) }
    case .json(let value): value.json.pretty
    case .environment(let entries): EnvironmentText.bytes(of: entries)
    case .text(let text): Array(text.value.utf8)
    }
  }
}

extension EnvironmentFile {
  /// The file's bytes, as systemd's EnvironmentFile= reads them; `nil` as above.
  var bytes: [UInt8]? { EnvironmentText.bytes(of: entries) }
}

extension ConfigurationValue {
  /// The value as JSON.
  var json: JSONValue {
    switch self {
    case .text(let text): .string(text.value)
    case .integer(let number): .integer(number.value)
    case .boolean(let flag): .bool(flag.value)
    case .list(let elements, _): .array(elements.map(\.json))
    case .table(let members, _): .object(members.map { JSONValue.Member($0.key.value, $0.value.json) })
    }
  }
}

/// Lines of an environment file (systemd.exec(5), EnvironmentFile=).
enum EnvironmentText {
  static func bytes(of entries: [EnvironmentEntry]) -> [UInt8]? {
    let lines = entries.compactMap { entry in
      UnitQuoting.environmentFileLine(name: entry.name.value.description, value: entry.value.value)
    }
    return lines.count == entries.count ? Array((lines.joined(separator: "\n") + "\n").utf8) : nil
  }
}
