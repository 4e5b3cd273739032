/// The jobs of a transaction while it is built and repaired: numbers of jobs are `unit * 3 + type`.
struct JobTable: Hashable {
  /// By unit: its jobs, the newest first, two bits each: 0 for none, otherwise type + 1. The newest is the
  /// one that stands for the unit while order is looked at.
  private(set) var lists: [UInt8]
  /// Who asked for which job.
  private(set) var links: Set<JobLink> = []
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

  mutating func link(_ link: JobLink) { links.insert(link) }

  /// Takes a job out again, and all links to and from it.
  mutating func remove(_ job: JobNumber) {
    var kept: UInt8 = 0
    for shift in [UInt8(4), 2, 0] {
      let code = lists[Int(job.unit)] >> shift & 3
      if code != 0, code != job.code { kept = kept << 2 | code }
    }
    lists[Int(job.unit)] = kept
    if kept == 0 { units.removeAll { $0 == job.unit } }
    links = links.filter { $0.by != job && $0.job != job }
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
  let by: JobNumber
  let job: JobNumber
  /// Whether the one cannot do without the other.
  let matters: Bool
  /// Whether it is there because of `Conflicts=`.
  let conflicts: Bool
}
