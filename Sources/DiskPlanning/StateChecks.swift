internal import Diagnostics
internal import FleetModel

extension DiskPlanner {
  /// Whether what services were promised fits the file systems it is on, all of it together.
  static func checkState(_ request: DiskRequest, _ plan: DiskPlan, _ report: inout Report) {
    let rooms = plan.rooms
    var promised: [String: UInt64] = [:]
    for state in request.state {
      let path = state.path.description
      let owner = rooms.keys.filter { $0 == "/" || path == $0 || path.hasPrefix($0 + "/") }.max {
        $0.utf8.count < $1.utf8.count
      }
      guard let owner, let room = rooms[owner] else { continue }
      let (sum, isHuge) = promised[owner, default: 0].addingReportingOverflow(state.size.value.bytes)
      let before = promised.updateValue(isHuge ? .max : sum, forKey: owner) ?? 0
      // Said once, at the promise that is too much.
      guard before <= room.bytes, isHuge || sum > room.bytes else { continue }
      report.add(
        Diagnostic(
          .stateTooLarge,
          "services are promised more than \(owner) has: \(ByteCount(bytes: room.bytes & ~0xF_FFFF))",
          at: state.size.span, related: related("the volume", room.span),
          help: "promise less, or make the volume larger"))
    }
  }
}

extension DiskPlan {
  /// What each file system can hold at most, by mount point, and where that was said.
  var rooms: [String: (bytes: UInt64, span: Span?)] {
    var rooms: [String: (bytes: UInt64, span: Span?)] = [:]
    func add(_ content: Content?, _ bytes: UInt64, _ span: Span?) {
      switch content {
      case .fileSystem(let system): rooms[system.mountPoint.value] = (bytes, span)
      case .subvolumes(let subvolumes): add(subvolumes, bytes)
      case .encrypted(let inner): add(inner.content, bytes - min(bytes, Overhead.luks), span)
      case .physicalVolume, .arrayMember, .poolMember, .swap, nil: break
      }
    }
    func add(_ subvolumes: [Subvolume], _ bytes: UInt64) {
      for subvolume in subvolumes {
        var own = bytes
        if case .bytes(let quota) = subvolume.size.value { own = min(own, quota.bytes) }
        rooms[subvolume.fileSystem.mountPoint.value] = (own, subvolume.size.span)
      }
    }
    for partition in partitions { add(partition.content, partition.bytes, partition.size.span) }
    for array in arrays { add(array.content, array.bytes, array.redundancy.span) }
    for group in volumeGroups {
      for volume in group.volumes { add(volume.content, volume.bytes, volume.size.span) }
    }
    for pool in pools { add(pool.datasets, pool.bytes) }
    return rooms
  }
}
