/// References: one-key maps that stand for a value. The first field is the key that tells.
enum ReferenceSchema {
  static let variants: [ObjectSchema] = [
    reference(
      "node", Grammar.choice(["name", "host", "fqdn", "fleet", "role", "bootstrap"]), "A fact of this node."),
    reference("port", Grammar.name, "The number of a port of this service."),
    reference("listen", Grammar.name, "Where to listen for a port: ADDRESS:PORT."),
    reference("address", Grammar.name, "This node's ADDRESS:PORT for a port, or its address in a network."),
    reference("parameter", Grammar.name, "The value of a parameter."),
    reference("posture", Grammar.name, "A fact of the posture."),
    reference("program", Grammar.name, "The path of a program."),
    reference("file", Grammar.name, "The path of a file of this service."),
    reference("state", Grammar.name, "The path of a state directory."),
    reference("env", Grammar.variable, "A variable of the unit: ${NAME}."),
    reference("secret", Grammar.name, "The path of a delivered secret, by the credential's name."),
    reference("certificate", Grammar.name, "The path of a certificate, by the credential's name."),
    reference("key", Grammar.name, "The path of a certificate's key."),
    reference("authority", Grammar.name, "The path of the authority's certificate."),
    ObjectSchema(
      "a leader",
      [
        Field("leader", .scalar(Grammar.name), required: true, "The group."),
        Field("port", .scalar(Grammar.name), required: true, "The port asked."),
        Field("as", .scalar(Grammar.text), "The form: {name}, {host}, {fqdn}, {address}, {port}."),
      ]),
    ObjectSchema(
      "an iteration",
      [
        Field("each", .scalar(Grammar.name), required: true, "The service whose nodes are gone through."),
        Field("except", .scalar(Grammar.choice(["self"])), "Leaves this node out."),
        Field("over", .value(Grammar.name), "The network whose addresses are taken."),
        Field("port", .scalar(Grammar.name), required: true, "The port."),
        Field(
          "as", .scalar(Grammar.text), required: true, "The form: {name}, {host}, {fqdn}, {address}, {port}."),
        Field("join", .scalar(Grammar.text), "Put between; a list without it."),
      ]),
  ]

  private static func reference(_ key: String, _ type: ScalarType, _ summary: String) -> ObjectSchema {
    ObjectSchema("a reference", [Field(key, .scalar(type), required: true, summary)])
  }

  /// The variant that a key starts; `nil` when the key starts none.
  static func variant(startedBy key: String) -> ObjectSchema? {
    variants.first { $0.fields.first?.key == key }
  }

  /// Names a person may use between braces in `as`.
  static let placeholders = ["name", "host", "fqdn", "address", "port"]
}
