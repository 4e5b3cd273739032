/// The jobs of a transaction while it is built and repaired: numbers of jobs are `unit * 3 + type`.
struct JobTable: Hashable {
  /// By unit: its jobs, the newest first, two bits each: 0 for none, otherwise type + 1. The newest is the
  /// one that stands for the unit while order is looked at.
  private(set) var lists: [UInt8]
  /// Who asked for which job, in order: tables are compared and hashed far more often than they grow.
  private(set) var links: [JobLink] = []
  /// The units that have jobs.
  private(set) var units: [Int32] = []

  init(count: Int) { lists = [UInt8](repeating: 0, count: count) }

  func has(_ job: JobNumber) -> Bool {
    var list = lists[Int(job.unit)]
    while list != 0 {
      if list & 3 == job.code { return true }
      list >>= 2
    }
    return false
  }

  /// Adds a job in front of its unit's others.
  mutating func add(_ job: JobNumber) {
    if lists[Int(job.unit)] == 0 { units.append(job.unit) }
    lists[Int(job.unit)] = lists[Int(job.unit)] << 2 | job.code
  }

  mutating func link(_ link: JobLink) {
    var low = 0
    var high = links.count
    while low < high {
      let middle = (low + high) / 2
      if links[middle].raw < link.raw { low = middle + 1 } else { high = middle }
    }
    if low == links.count || links[low] != link { links.insert(link, at: low) }
  }

  /// Takes a job out again, and all links to and from it.
  mutating func remove(_ job: JobNumber) {
    var kept: UInt8 = 0
    for shift in [UInt8(4), 2, 0] {
      let code = lists[Int(job.unit)] >> shift & 3
      if code != 0, code != job.code { kept = kept << 2 | code }
    }
    lists[Int(job.unit)] = kept
    if kept == 0 { units.removeAll { $0 == job.unit } }
    links.removeAll { $0.by == job || $0.job == job }
  }

  /// Those that two ways of adding the same jobs share.
  static func == (left: JobTable, right: JobTable) -> Bool {
    left.lists == right.lists && left.links == right.links
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(lists)
    hasher.combine(links)
  }
}

/// A job by its unit and type.
struct JobNumber: Hashable {
  let raw: Int32

  init(unit: Int32, type: JobType) { raw = unit * 3 + Int32(type.code) - 1 }

  init(raw: Int32) { self.raw = raw }

  var unit: Int32 { raw / 3 }
  /// 1 start, 2 verify-active, 3 stop.
  var code: UInt8 { UInt8(raw % 3) + 1 }
  var type: JobType { code == 1 ? .start : code == 2 ? .verifyActive : .stop }
}

extension JobType {
  var code: UInt8 {
    switch self {
    case .start: 1
    case .verifyActive: 2
    case .stop: 3
    }
  }
}

/// One job asked for another.
struct JobLink: Hashable {
  /// The two jobs' numbers and the two facts, in one word.
  let raw: UInt64

  /// `matters`: whether the one cannot do without the other. `conflicts`: whether it is there because of `Conflicts=`.
  init(by: JobNumber, job: JobNumber, matters: Bool, conflicts: Bool) {
    raw =
      UInt64(UInt32(bitPattern: by.raw)) << 33 | UInt64(UInt32(bitPattern: job.raw)) << 2
      | (matters ? 2 : 0) | (conflicts ? 1 : 0)
  }

  var by: JobNumber { JobNumber(raw: Int32(truncatingIfNeeded: raw >> 33)) }
  var job: JobNumber { JobNumber(raw: Int32(truncatingIfNeeded: raw >> 2 & 0x7fff_ffff)) }
  var matters: Bool { raw & 2 != 0 }
  var conflicts: Bool { raw & 1 != 0 }
}
