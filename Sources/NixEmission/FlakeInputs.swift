internal import Diagnostics
internal import FleetModel
internal import JSONText

/// The inputs of the fleet's flake: those of fleet.yaml, and nixpkgs and disko where it has none.
struct FlakeInputs {
  let inputs: [FlakeInput]

  init(_ fleet: Fleet, nodes: NixNodes, _ report: inout Report) {
    var inputs = fleet.inputs
    for standard in Self.standard {
      if inputs[standard.name.value] == nil { inputs[standard.name.value] = standard }
    }
    self.inputs = inputs.keys.sorted().compactMap { inputs[$0] }
    check(nodes, &report)
  }

  /// A stable release of NixOS and disko over it, at whatever revision they have on that day.
  private static let standard: [FlakeInput] = [
    ("nixpkgs", "NixOS", "nixpkgs", "nixos-25.11", nil),
    ("disko", "nix-community", "disko", "latest", "nixpkgs"),
  ].compactMap { (entry: (String, String, String, String, String?)) in
    let origin = Origin.standard("fleet.inputs.\(entry.0)")
    guard let name = Name(entry.0) else { return nil }
    return FlakeInput(
      name: Sourced(name, origin), owner: Sourced(entry.1, origin), repository: Sourced(entry.2, origin),
      reference: Sourced(entry.3, origin), pin: nil,
      follows: entry.4.flatMap(Name.init).map { [Sourced($0, origin)] } ?? [])
  }

  private func check(_ nodes: NixNodes, _ report: inout Report) {
    let names = Set(inputs.map(\.name.value))
    for input in inputs {
      if input.name.value.description == "self" {
        report.add(
          Diagnostic(
            .unknownInput, "self is the fleet's own flake, no input", at: input.name.span,
            help: "give the input another name"))
      }
      for followed in input.follows where !names.contains(followed.value) {
        report.add(
          Diagnostic(
            .unknownInput, "\(input.name.value) follows \(followed.value), which is no input",
            at: followed.span, help: "declare it in `inputs`, or take it out"))
      }
      if input.pin == nil {
        report.add(
          Diagnostic(
            .unpinnedInput, "\(input.name.value) is not pinned: every evaluation may take another revision",
            at: input.name.span,
            help: "give rev, narHash and lastModified, as `nix flake metadata` prints them"))
      }
    }
    var seen = Set<Program.FlakeAttribute>()
    for nix in nodes.programs.compactMap(\.program.nix)
    where nix.value.input != "self" && seen.insert(nix.value).inserted {
      if Name(nix.value.input).map({ names.contains($0) }) ?? false { continue }
      report.add(
        Diagnostic(
          .unknownInput, "\(nix.value.input) is no input of the flake", at: nix.span,
          help: "declare it in fleet.yaml's `inputs`"))
    }
  }

  /// The attribute `inputs` of flake.nix.
  var attributes: NixSet {
    var set = NixSet()
    for input in inputs {
      let name = input.name.value.description
      let reference = input.reference.map { "/" + $0.value } ?? ""
      let url = Sourced(
        "github:\(input.owner.value)/\(input.repository.value)\(reference)", input.owner.origin)
      if input.follows.isEmpty {
        set.add([name, "url"], to: .literal(url.value), url.origin)
        continue
      }
      var options = NixSet()
      options.add("url", url)
      for followed in input.follows {
        options.add(
          ["inputs", followed.value.description, "follows"], to: .literal(followed.value.description),
          followed.origin)
      }
      set.add(name, to: .set(options), input.name.origin)
    }
    return set
  }

  /// flake.lock, version 7, of the inputs that are pinned; `nil` when none is.
  var lock: JSONValue? {
    let pinned = inputs.filter { $0.pin != nil }
    guard !pinned.isEmpty else { return nil }
    var nodes = pinned.map { JSONValue.Member($0.name.value.description, Self.lock($0)) }
    let root = pinned.map { JSONValue.Member($0.name.value.description, .string($0.name.value.description)) }
    nodes.append(JSONValue.Member("root", .object(["inputs": .object(root)])))
    return .object(["nodes": .object(nodes), "root": .string("root"), "version": .integer(7)]).sorted
  }

  private static func lock(_ input: FlakeInput) -> JSONValue {
    let follows = input.follows.map {
      JSONValue.Member($0.value.description, .strings([$0.value.description]))
    }
    let repository = [
      JSONValue.Member("owner", .string(input.owner.value)),
      JSONValue.Member("repo", .string(input.repository.value)),
      JSONValue.Member("type", .string("github")),
    ]
    var locked = repository
    if let pin = input.pin?.value {
      locked.append(JSONValue.Member("lastModified", .integer(pin.lastModified)))
      locked.append(JSONValue.Member("narHash", .string(pin.narHash)))
      locked.append(JSONValue.Member("rev", .string(pin.revision)))
    }
    var original = repository
    if let reference = input.reference {
      original.append(JSONValue.Member("ref", .string(reference.value)))
    }
    return .object([
      "inputs": follows.isEmpty ? nil : .object(follows),
      "locked": .object(locked),
      "original": .object(original),
    ])
  }
}
