internal import HostFiles
internal import JSONText

extension BootRoot {
  /// What a collection removed.
  public struct Collected: Hashable, Sendable {
    /// Generations.
    public let generations: [Int]
    /// Files of the store.
    public let files: Int
  }

  /// Removes generations that nobody serves, boots or goes back to any more, and files of the store that no generation
  /// names.
  ///
  /// A machine reads from the generation that it met first, for as long as its boot takes: so what served within the
  /// last `hours` stays, whatever its number.
  /// - Parameters:
  ///   - keep: How many of the newest generations stay.
  ///   - hours: How long a generation stays after another took its place.
  ///   - now: Seconds since 1970.
  ///   - retired: When a generation stopped serving, in seconds since 1970; `nil` where the log does not say.
  ///   - needs: The paths in the store that a generation names; `nil` where that cannot be read: then nothing of the
  ///     store is removed.
  public func collect(
    keep: Int, hours: Int, now: Int, retired: [Int: Int], needs: (Int) -> [String]?
  ) throws(PublishingError) -> Collected {
    let numbers = try numbers()
    let serving = try serving()
    let newest = Set(numbers.suffix(max(keep, 1)))
    let old = numbers.filter { number in
      guard number != serving, !newest.contains(number), let time = retired[number] else { return false }
      return time + hours * 3600 < now
    }
    do throws(HostError) {
      let all = try HostFolder(path + "/generations")
      for number in old { try all.removeTree(Self.folder(number)) }
    } catch {
      throw .host(error)
    }
    var needed = Set<String>()
    for number in numbers where !old.contains(number) {
      guard let paths = needs(number) else { return Collected(generations: old, files: 0) }
      needed.formUnion(paths)
    }
    return Collected(generations: old, files: try removeFiles(except: needed))
  }

  /// When each generation stopped serving, as the log says it: in seconds since 1970.
  public func retired() throws(PublishingError) -> [Int: Int] {
    let bytes = try PublishingError.host { () throws(HostError) in
      let log = path + "/state/publish.jsonl"
      return try HostFile.status(log) == nil ? [] : try HostFile.read(log, limit: 64 << 20)
    }
    var times: [Int: Int] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let json = try? JSONReader.parse(Array(line)), let time = json["time"]?.text.flatMap(Int.init),
        let former = json["former"]?.text.flatMap(Int.init)
      else { continue }
      times[former] = max(times[former] ?? 0, time)
    }
    return times
  }

  private func removeFiles(except needed: Set<String>) throws(PublishingError) -> Int {
    var removed = 0
    do throws(HostError) {
      let store = path + "/store/sha256"
      for shelf in try HostFile.list(store) where shelf.kind == .directory {
        let folder = try HostFolder(store + "/" + shelf.name)
        for digest in try folder.list() where digest.kind == .directory {
          let place = "store/sha256/\(shelf.name)/\(digest.name)"
          let names = try HostFile.list(path + "/" + place)
          if names.contains(where: { needed.contains("\(place)/\($0.name)") }) {
            // What a killed run was about to write.
            let open = try HostFolder(path + "/" + place)
            for name in names where name.name.hasPrefix(".") { try open.remove(name.name) }
            continue
          }
          try folder.removeTree(digest.name)
          removed += names.count
        }
      }
    } catch {
      throw .host(error)
    }
    return removed
  }
}
