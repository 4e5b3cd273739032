public import JSONText

/// The JSON Schema (draft 2020-12) of profiles, printed from the table the decoder uses.
public enum JSONSchema {
  /// One schema for all kinds of file: editors choose by the key a file starts with.
  public static var document: JSONValue {
    .object([
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
      "title": .string("imagegen profile"),
      "description": .string("A fleet, a service, a role or a node, or a project's settings."),
      "type": .string("object"),
      "oneOf": .array(
        DocumentKind.allCases.map { kind in
          .object(["$ref": .string("#/$defs/\(kind.rawValue)")])
        } + [.object(["$ref": .string("#/$defs/settings")])]),
      "$defs": .object(
        DocumentKind.allCases.map { kind in
          JSONValue.Member(kind.rawValue, schema(of: kind.schema, isComposed: kind != .service))
        } + [
          JSONValue.Member("settings", schema(of: ProjectSchema.document, isComposed: false)),
          JSONValue.Member(
            "reference",
            .object(["oneOf": .array(ReferenceSchema.variants.map { schema(of: $0, isComposed: false) })])),
          JSONValue.Member("content", content),
        ]),
    ])
  }

  /// A composed document may lack what another part of the composition has; its own name it may not.
  private static func schema(of object: ObjectSchema, isComposed: Bool, depth: Int = 0) -> JSONValue {
    var properties: [JSONValue.Member] = []
    for field in object.fields {
      let type = schema(of: field.type, isComposed: isComposed, depth: depth + 1)
      properties.append(
        JSONValue.Member(
          field.key, described(type, field.summary, allowsNull: isComposed && !field.isRequired)))
      if isComposed, field.isAdded, case .list = field.type {
        properties.append(
          JSONValue.Member(field.key + "+", described(type, "Adds to \(field.key).", allowsNull: false)))
        properties.append(
          JSONValue.Member(
            field.key + "-", described(type, "Takes away from \(field.key).", allowsNull: false)))
      }
    }
    let required = object.fields.filter { $0.isRequired && (!isComposed || depth == 0) }.map(\.key)
    return .object([
      "type": .string("object"),
      "properties": .object(properties),
      "required": required.isEmpty ? nil : .strings(required),
      "additionalProperties": .bool(false),
    ])
  }

  private static func described(_ type: JSONValue, _ summary: String, allowsNull: Bool) -> JSONValue {
    let inner =
      allowsNull ? JSONValue.object(["anyOf": .array([type, .object(["type": .string("null")])])]) : type
    return .object([JSONValue.Member("description", .string(summary))] + (inner.members ?? []))
  }

  private static func schema(of type: SchemaType, isComposed: Bool, depth: Int) -> JSONValue {
    switch type {
    case .scalar(let scalar): schema(of: scalar)
    case .value(let scalar):
      .object(["anyOf": .array([schema(of: scalar), .object(["$ref": .string("#/$defs/reference")])])])
    case .content: .object(["$ref": .string("#/$defs/content")])
    case .list(let element, let minimum, let maximum):
      .object([
        "type": .string("array"),
        "items": schema(of: element, isComposed: isComposed, depth: depth),
        "minItems": minimum > 0 ? .integer(minimum) : nil,
        "maxItems": maximum.map(JSONValue.integer),
        "uniqueItems": element.isUnique ? .bool(true) : nil,
      ])
    case .map(let key, let value):
      .object([
        "type": .string("object"),
        "propertyNames": .object([
          "pattern": key.pattern.map(JSONValue.string),
          "enum": key.choices.isEmpty ? nil : .strings(key.choices),
        ]),
        "additionalProperties": schema(of: value, isComposed: isComposed, depth: depth),
      ])
    case .object(let object): schema(of: object, isComposed: isComposed, depth: depth)
    case .variants(let objects):
      .object(["anyOf": .array(objects.map { schema(of: $0, isComposed: isComposed, depth: depth) })])
    case .either(let short, let long):
      .object(["anyOf": .array([short, long].map { schema(of: $0, isComposed: isComposed, depth: depth) })])
    }
  }

  /// Editors read `2380` as a number and `0.1.0` as a string; profiles take both as text.
  private static func schema(of scalar: ScalarType) -> JSONValue {
    if !scalar.choices.isEmpty { return .object(["enum": .strings(scalar.choices)]) }
    switch scalar.jsonType {
    case .boolean: return .object(["type": .string("boolean")])
    case .integer:
      return .object([
        "type": .string("integer"),
        "minimum": scalar.range.flatMap { $0.lowerBound == .min ? nil : .integer($0.lowerBound) },
        "maximum": scalar.range.flatMap { $0.upperBound == .max ? nil : .integer($0.upperBound) },
      ])
    case .string:
      return .object([
        "type": .strings(scalar.pattern == nil ? ["string", "number", "boolean"] : ["string", "number"]),
        "pattern": scalar.pattern.map(JSONValue.string),
      ])
    }
  }

  private static var content: JSONValue {
    .object([
      "anyOf": .array([
        .object(["type": .strings(["string", "number", "boolean"])]),
        .object(["type": .string("array"), "items": .object(["$ref": .string("#/$defs/content")])]),
        .object([
          "type": .string("object"), "additionalProperties": .object(["$ref": .string("#/$defs/content")]),
        ]),
      ])
    ])
  }
}
