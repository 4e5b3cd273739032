import Diagnostics
import SystemdUnits
import UnitGraphs

/// TI002, TI007
enum SocketRules {
  static let accept = Rule(
    "TI002", "accept-and-template", .error,
    finds: "A socket whose Accept= does not go with its service: yes needs a template, no a plain service.",
    why: "systemd refuses the socket, or every connection.",
    example: "# a.socket\n[Socket]\nListenStream=80\nAccept=yes\n[Install]\nWantedBy=sockets.target\n"
      + "# a.service\n[Service]\nExecStart=/bin/a",
    instead: "# a.socket\n[Socket]\nListenStream=80\nAccept=yes\n[Install]\nWantedBy=sockets.target\n"
      + "# a@.service\n[Service]\nExecStart=/bin/a")

  static let overlap = Rule(
    "TI007", "address-in-use", .error,
    finds:
      "Two sockets that listen on the same address, a wildcard's included; or a service that is told to listen "
      + "on an address that another unit's socket holds.",
    why: "The second to start fails: \"Address already in use\".",
    example: socket("a", "0.0.0.0:80") + socket("b", "127.0.0.1:80"),
    instead: socket("a", "0.0.0.0:80") + socket("b", "127.0.0.1:81"))

  private static func socket(_ name: String, _ address: String) -> String {
    "# \(name).socket\n[Socket]\nListenStream=\(address)\n[Install]\nWantedBy=sockets.target\n"
      + "# \(name).service\n[Service]\nExecStart=/bin/\(name)\n"
  }

  static let rules = [
    UnitRule(
      accept,
      nearMisses: [
        socket("a", "80"),
        "# a.socket\n[Socket]\nListenStream=80\nService=b.service\n[Install]\nWantedBy=sockets.target\n"
          + "# b.service\n[Service]\nExecStart=/bin/a",
      ], .unit(checkAccept)),
    UnitRule(
      overlap,
      nearMisses: [
        socket("a", "127.0.0.1:80") + socket("b", "127.0.0.2:80"),
        socket("a", "80") + socket("b", "81"), socket("a", "/run/a") + socket("b", "/run/b"),
        "# a.socket\n[Socket]\nListenStream=53\nListenDatagram=53\n# a.service\n[Service]\nExecStart=/bin/a",
      ], .host(checkOverlap)),
  ]

  @Sendable private static func checkAccept(_ item: UnitCase, _ report: inout Report) {
    guard item.unit.name.type == .socket, item.isKnown else { return }
    let set = item.context.set
    let base = item.unit.name.prefix
    let template = "\(base)@.service"
    let index = item.unit.index(of: .accept)
    guard item.unit.flag(.accept, false) else {
      // Without a service of its own the template is what was meant.
      guard !item.unit.has(.service), set.index(of: item.unit.name.withoutType + ".service") == nil,
        item.unit.name.instance == nil, set.index(of: template) != nil
      else { return }
      return report.add(
        item.finding(
          accept, "there is only \(template), which needs Accept=yes", at: index,
          help: "set Accept=yes, or make \(item.unit.name.withoutType).service"))
    }
    if let service = item.unit.index(of: .service) {
      report.add(
        item.finding(
          accept, "Accept=yes does not go with Service=", at: service, help: "name the template \(template)",
          fix: item.removal(of: service)))
    } else if set.index(of: template) == nil, !item.unit.name.isTemplate,
      UnitName(template).map({ !item.context.stock.has($0) }) ?? true
    {
      report.add(
        item.finding(
          accept, "Accept=yes starts an instance of \(template), which nobody has", at: index,
          help: set.index(of: "\(base).service") == nil
            ? "add \(template)" : "rename \(base).service to \(template), or set Accept=no"))
    }
  }

  private struct Listener {
    let unit: UnitCase
    let setting: Int
    let address: SocketAddress
    let isBound: Bool
  }

  @Sendable private static func checkOverlap(_ context: LintContext, _ report: inout Report) {
    var byPlace: [String: [Listener]] = [:]
    for unit in context.set.units where unit.name.type == .socket && !unit.isMasked && !unit.name.isTemplate {
      let item = UnitCase(context, unit)
      for key in [SettingKey.listenStream, .listenDatagram, .listenSequentialPacket] {
        for index in unit.indices(of: key) {
          guard let address = SocketAddress(unit.settings[index].value, key) else { continue }
          let listener = Listener(
            unit: item, setting: index, address: address,
            isBound: unit.has(.bindToDevice) || unit.flag(.reusePort, false))
          // Of hundreds on one port the first few tell it all.
          guard byPlace[address.place, default: []].count < 16 else { continue }
          byPlace[address.place, default: []].append(listener)
        }
      }
    }
    for place in byPlace.keys.sorted() {
      let listeners = byPlace[place] ?? []
      for (number, later) in listeners.enumerated() where context.isAsked(later.unit.unit) {
        let earlier = listeners[..<number].first {
          $0.address.overlaps(later.address) && !($0.isBound || later.isBound)
            && !excludes($0.unit, later.unit)
        }
        guard let earlier else { continue }
        let isCertain = [earlier, later].allSatisfy { listener in
          listener.unit.node.map { context.index.isStartedAtBoot($0) } ?? false
        }
        let other = earlier.unit.unit.name
        report.add(
          later.unit.finding(
            overlap, "\(other) listens on \(earlier.address.text) already", at: later.setting,
            related: earlier.unit.label("here", at: earlier.setting),
            help: "give one of the two another address", severity: isCertain ? nil : .warning))
      }
    }
    checkServices(context, byPlace, &report)
  }

  /// Units that exclude each other may share what they need.
  private static func excludes(_ first: UnitCase, _ second: UnitCase) -> Bool {
    (first.dependencies + first.dependants).contains {
      $0.kind == .conflicts && (Int($0.to) == second.node || Int($0.from) == second.node)
    }
  }

  /// Services that are told an address which a socket of another unit holds.
  private static func checkServices(
    _ context: LintContext, _ byPlace: [String: [Listener]], _ report: inout Report
  ) {
    guard !byPlace.isEmpty else { return }
    for unit in context.set.units where unit.name.type == .service && !unit.isMasked && context.isAsked(unit)
    {
      for index in unit.indices(of: .execStart) where unit.settings[index].value.contains("-listen") {
        let item = UnitCase(context, unit)
        let words = unit.commands(at: index).first?.arguments.map(\.text) ?? []
        for (place, word) in words.enumerated() {
          let text = word.hasPrefix("--listen=") ? String(word.dropFirst("--listen=".utf8.count)) : word
          guard text != word || (place > 0 && ["--listen", "-listen"].contains(words[place - 1])),
            let address = SocketAddress(text, .listenStream),
            let holder = (byPlace[address.place] ?? []).first(where: { $0.address.overlaps(address) }),
            !item.dependants.contains(where: { $0.kind == .triggers && Int($0.from) == holder.unit.node })
          else { continue }
          report.add(
            item.finding(
              overlap, "\(holder.unit.unit.name) listens on \(holder.address.text) already", at: index,
              related: holder.unit.label("here", at: holder.setting),
              help: "give one of the two another address", severity: .warning))
        }
      }
    }
  }
}

/// An address that a socket unit listens on (systemd.socket(5), ListenStream=).
struct SocketAddress {
  let text: String
  /// What two addresses must share to be in each other's way: the protocol and the port, or the path.
  let place: String
  /// The host; `nil` for all, and for paths.
  private let host: String?
  private let isIPv6: Bool

  /// `nil` for what is no such address, or holds a specifier.
  init?(_ text: String, _ key: SettingKey) {
    guard !text.isEmpty, !text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "$") })
    else {
      return nil
    }
    self.text = text
    if text.hasPrefix("/") || text.hasPrefix("@") {
      (place, host, isIPv6) = ("\(key.rawValue) \(text)", nil, false)
      return
    }
    guard !text.hasPrefix("vsock:") else { return nil }
    let colon = text.utf8.lastIndex(of: UInt8(ascii: ":"))
    let port = colon.map { String(text[text.utf8.index(after: $0)...]) } ?? text
    guard let number = UInt16(port) else { return nil }
    place = "\(key.rawValue) :\(number)"
    let name = colon.map { String(text[..<$0]) } ?? ""
    isIPv6 = name.hasPrefix("[")
    host = ["", "0.0.0.0", "[::]", "*"].contains(name) ? nil : name
  }

  /// Whether both cannot listen at once. The caller knows that they share their place.
  func overlaps(_ other: SocketAddress) -> Bool {
    guard let host, let theirs = other.host else {
      // Wildcards of IPv4 and of IPv6 do not meet; a bare port is both.
      let families = [text, other.text].map { $0.hasPrefix("0.0.0.0:") ? 4 : $0.hasPrefix("[") ? 6 : 0 }
      return families.contains(0) || families[0] == families[1]
        || (families.contains(4) && !families.contains(6))
    }
    return host == theirs
  }
}
