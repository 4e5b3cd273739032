/// A value for every row of the catalogue, looked up by number: what is asked of each setting of a fleet should not
/// hash names.
public struct RowValues<Value: Sendable>: Sendable {
  private let values: [Value]
  /// In `[Mount]` some names mean something else.
  private let mountValues: [Value]

  /// Works the value of each row out, from the directive that rules ask for by name, if it is one, and its kind.
  public init(
    of catalogue: DirectiveCatalogue = .standard,
    _ value: (_ key: SettingKey?, _ kind: DirectiveKind) -> Value
  ) {
    func all(_ section: UnitSection) -> [Value] {
      catalogue.directives.indices.map { number in
        let row = DirectiveCatalogue.Row(index: UInt16(number), section: section)
        return value(catalogue.key(of: row), catalogue.kind(of: row))
      }
    }
    values = all(.unit)
    mountValues = all(.mount)
  }

  /// The value of a row of the same catalogue.
  public subscript(row: DirectiveCatalogue.Row) -> Value {
    (row.section == .mount ? mountValues : values)[Int(row.index)]
  }
}
