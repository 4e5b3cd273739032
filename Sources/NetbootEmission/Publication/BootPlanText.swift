internal import Digests
internal import FleetModel
public import JSONText

/// The plan as JSON, both ways.
extension BootPlan {
  /// The plan as the manifest holds it; keys in order.
  public var json: JSONValue {
    .object([
      "machines": .array(machines.map(\.json)),
      "subnets": .array(
        subnets.map { subnet in
          .object([
            "block": .string(subnet.block.description), "gateway": subnet.gateway.map { .string("\($0)") },
            "dns": .strings(subnet.dns.map { "\($0)" }),
          ])
        }),
      "loaders": .object(
        loaders.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) }),
      "server": server.map { .string($0) },
    ]).sorted
  }

  /// Reads what `json` wrote; `nil` for anything else.
  public init?(json: JSONValue) {
    self.init()
    guard let machines = json["machines"]?.elements, let subnets = json["subnets"]?.elements,
      let loaders = json["loaders"]?.members
    else { return nil }
    for value in machines {
      guard let machine = BootMachine(json: value) else { return nil }
      self.machines.append(machine)
    }
    for value in subnets {
      guard let block = value["block"]?.text.flatMap(AddressBlock.init) else { return nil }
      self.subnets.append(
        BootSubnet(
          block: block, gateway: value["gateway"]?.text.flatMap(IPAddress.init),
          dns: (value["dns"]?.elements ?? []).compactMap { $0.text.flatMap(IPAddress.init) }))
    }
    for member in loaders {
      guard let file = StoredFile(json: member.value) else { return nil }
      self.loaders[member.key] = file
    }
    server = json["server"]?.text
  }
}

extension StoredFile {
  fileprivate var json: JSONValue {
    .object(["name": .string(name), "sha256": .string(digest.description), "size": .integer(size)])
  }

  fileprivate init?(json: JSONValue) {
    guard let name = json["name"]?.text, let digest = json["sha256"]?.text.flatMap(SHA256Digest.init),
      let size = json["size"]?.number, size >= 0, !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")),
      name != ".", name != ".."
    else { return nil }
    self.init(name: name, digest: digest, size: size)
  }
}

extension BootMachine {
  fileprivate var json: JSONValue {
    .object([
      "fleet": .string("\(fleet)"), "node": .string("\(node)"), "host": .string(host),
      "cards": .array(
        cards.map { card in
          .object(["mac": .string("\(card.mac)"), "address": card.address.map { .string("\($0)") }])
        }),
      "words": .strings(words), "cmdline": .string(commandLine), "kernel": kernel.json,
      "initrds": .array(
        initrds.map { .object(["as": .string($0.name), "file": $0.file.json]) }),
      "state": .string(state.word), "nonce": state.nonce.map { .string($0) },
    ])
  }

  fileprivate init?(json: JSONValue) {
    guard let fleet = json["fleet"]?.text.flatMap(Name.init),
      let node = json["node"]?.text.flatMap(Name.init),
      let host = json["host"]?.text, let kernel = json["kernel"].flatMap(StoredFile.init(json:)),
      let words = json["words"]?.elements?.compactMap(\.text), let cards = json["cards"]?.elements,
      let initrds = json["initrds"]?.elements, let state = BootState(json)
    else { return nil }
    self.init(
      fleet: fleet, node: node, host: host, cards: [], words: words, kernel: kernel, initrds: [], state: state
    )
    for value in cards {
      guard let mac = value["mac"]?.text.flatMap(MACAddress.init) else { return nil }
      self.cards.append(Card(mac: mac, address: value["address"]?.text.flatMap(IPAddress.init)))
    }
    for value in initrds {
      guard let name = value["as"]?.text, let file = value["file"].flatMap(StoredFile.init(json:)) else {
        return nil
      }
      self.initrds.append((name, file))
    }
  }
}

extension BootState {
  fileprivate init?(_ json: JSONValue) {
    let nonce = json["nonce"]?.text
    if let nonce, !Self.isNonce(nonce) { return nil }
    switch (json["state"]?.text, nonce) {
    case ("discover", nil): self = .discover
    case ("armed", .some(let nonce)): self = .armed(nonce: nonce)
    case ("installed", _): self = .installed(nonce: nonce)
    default: return nil
    }
  }

  /// Whether a text is a nonce: 32 hexadecimal digits, lower case.
  public static func isNonce(_ text: String) -> Bool {
    text.utf8.count == 32 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
