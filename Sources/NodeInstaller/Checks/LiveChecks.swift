internal import BundleReading
internal import Bundles
internal import NodeCalls

extension Inspection {
  /// The clock is right enough to judge certificates by.
  mutating func clock() {
    if tree.calls.seconds() < manifest.epoch {
      refuse("ND036", .clock, "the clock is before the release's date", help: "set the clock")
    } else if tree.calls.isClockSet() == 0 {
      refuse("ND035", .clock, "the clock is not synchronised", help: "start a time service and wait for it")
    }
  }

  /// Ports are free, or held by units that the bundle replaces. The kernel's tables say who listens (proc(5), net);
  /// trying to bind would disturb.
  mutating func ports() throws(NodeFailure) {
    guard let process = try tree.link("proc/self") else { return }
    var held: [(port: BundleManifest.Port, socket: String)] = []
    for (table, transport) in [("tcp", "tcp"), ("tcp6", "tcp"), ("udp", "udp"), ("udp6", "udp")] {
      let text = try tree.read("proc/\(process)/net/\(table)", limit: 16 << 20) ?? []
      for line in text.split(separator: 10).dropFirst() {
        let words = line.split(separator: 32)
        // 0A is LISTEN; a datagram socket that is bound is 07.
        guard words.count > 9, words[3].elsewhere == (transport == "tcp" ? "0A" : "07"),
          let colon = words[1].firstIndex(of: 58),
          let number = Int(String(decoding: words[1][(colon + 1)...], as: UTF8.self), radix: 16)
        else { continue }
        for port in manifest.ports where port.number == number && port.transport == transport {
          held.append((port, "socket:[\(words[9].elsewhere)]"))
        }
      }
    }
    guard !held.isEmpty else { return }
    let owners = try socketOwners(Set(held.map { $0.socket }))
    var told = Set<String>()
    for (port, socket) in held {
      let owner = owners[socket]
      let ours = manifest.units.contains { unit in
        owner == unit.name || UnitText.names(unit).contains { $0 == owner }
      }
      guard !ours, told.insert("\(port.transport) \(port.number)").inserted else { continue }
      refuse(
        "ND018", .port,
        "\(port.transport) port \(port.number) is held by \(owner ?? "a process without a unit")",
        port.unit, help: "stop it, or give the service another port")
    }
  }

  /// Which unit's processes have these sockets open: the last part of their control group that is a unit.
  private func socketOwners(_ sockets: Set<String>) throws(NodeFailure) -> [String: String] {
    var owners: [String: String] = [:]
    for process in try tree.list("proc") where process.utf8.allSatisfy({ (48...57).contains($0) }) {
      // A process may be gone by now, or be none of ours to look at.
      guard let names = lenient({ () throws(NodeFailure) in try tree.list("proc/\(process)/fd") }) else {
        continue
      }
      for name in names {
        let link = lenient { () throws(NodeFailure) in try tree.link("proc/\(process)/fd/\(name)") }
        guard let link, let socket = link, sockets.contains(socket) else { continue }
        let group = lenient { () throws(NodeFailure) in
          try tree.read("proc/\(process)/cgroup", limit: 1 << 16)
        }
        let text = String(decoding: (group ?? []) ?? [], as: UTF8.self)
        let parts = text.utf8.split { $0 == 47 || $0 == 10 }.map {
          String(decoding: Array($0), as: UTF8.self)
        }
        owners[socket] = parts.last {
          $0.hasSuffix(".service") || $0.hasSuffix(".scope") || $0.hasSuffix(".socket")
        }
      }
    }
    return owners
  }

  private func lenient<Value>(_ body: () throws(NodeFailure) -> Value) -> Value? {
    do throws(NodeFailure) {
      return try body()
    } catch {
      return nil
    }
  }

  /// Peers have addresses here, and enough of them answer. While a cluster forms nobody is up yet: then only names
  /// are asked for. Names are looked up in /etc/hosts, the node's and the bundle's, and by getent(1) otherwise: a
  /// static program cannot load what nsswitch.conf(5) names.
  mutating func peers() throws(NodeFailure) {
    var addresses: [String: String] = [:]
    // A release that brought the file has a link there.
    let place = try tree.resolved("etc/hosts") ?? "etc/hosts"
    let hosts = (try tree.read(place, limit: 4 << 20) ?? []) + [10] + (texts["etc/hosts"] ?? [])
    for line in hosts.split(separator: 10) where line.first != 35 {
      let words = line.split { $0 == 32 || $0 == 9 }.map { String(decoding: $0, as: UTF8.self) }
      for name in words.dropFirst() where addresses[name] == nil { addresses[name] = words[0] }
    }
    var reached = Set<String>()
    for peer in manifest.peers {
      var address = addresses[peer.host]
      if address == nil {
        let answer = tree.calls.run(
          ["getent", "ahosts", peer.host], input: [], outputLimit: 256, milliseconds: 3000)
        if answer.status == 0 {
          address = answer.output.split { $0 == 32 || $0 == 10 }.first.map {
            String(decoding: $0, as: UTF8.self)
          }
        }
      }
      guard let address else {
        refuse(
          "ND037", .peers, "\(peer.host) has no address here", peer.node, help: "give it one in /etc/hosts")
        continue
      }
      addresses[peer.host] = address
      guard peer.transport == "tcp", !manifest.formsQuorum, !reached.contains(peer.node) else { continue }
      if tree.calls.connect(address, port: peer.port, milliseconds: 1000) == 0 { reached.insert(peer.node) }
    }
    for quorum in manifest.quorums where quorum.votes && !manifest.formsQuorum && quorum.need > 1 {
      if reached.count + 1 < quorum.need {
        refuse(
          "ND038", .peers,
          "\(reached.count) of \(quorum.size - 1) peers answer; without this node the group \(quorum.group) has no "
            + "majority", quorum.unit, help: "bring the other nodes up first")
      }
    }
  }
}

extension ArraySlice<UInt8> {
  /// The bytes as text.
  fileprivate var elsewhere: String { String(decoding: self, as: UTF8.self) }
}
