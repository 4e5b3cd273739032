import Bundles
import Compression
import Digests
import HostFiles
import JSONText

/// Attacks on the archive and what it holds.
extension AttackForge {
  func archives() throws -> [Attack] {
    try types() + frames() + cuts() + disguises() + blobs() + sizes()
  }

  /// Members of other kinds than the format has, and other spellings of headers.
  private func types() throws -> [Attack] {
    var found: [Attack] = []
    let kinds: [(String, Character, String)] = [
      ("symlink", "2", "/etc/shadow"), ("symlink", "2", "../../.."), ("hardlink", "1", "/etc/passwd"),
      ("hardlink", "1", "manifest.json"), ("device", "3", ""), ("device", "4", ""), ("folder", "5", ""),
      ("fifo", "6", ""), ("contiguous", "7", ""), ("sparse", "S", ""), ("long-name", "L", ""),
      ("long-link", "K", ""),
      ("volume", "V", ""), ("multivolume", "M", ""), ("old-file", "\0", ""),
    ]
    for (kind, type, link) in kinds {
      for name in ["blobs/0", "../x", "/etc/cron.d/x"] {
        found.append(
          Attack(name: "type \(kind) \(name)", expected: [11], bytes: try extra(type, name, link: link)))
      }
    }
    let records = [
      "path=../../etc/x", "size=9999999999", "linkpath=/etc/shadow", "SCHILY.acl.access=u::rwx",
      "SCHILY.xattr.security.capability=x", "LIBARCHIVE.xattr.user.x=eA==", "mtime=99999999999", "path=a\0b",
      "GNU.sparse.realsize=1099511627776", "hdrcharset=BINARY",
    ]
    for record in records {
      let line = Array("\(record.utf8.count + 4) \(record)\n".utf8)
      for type in ["x", "g"] as [Character] {
        found.append(
          Attack(name: "pax \(type) \(record)", expected: [11], bytes: try extra(type, "PaxHeaders/x", line)))
      }
    }
    let spellings: [(String, (inout [UInt8]) -> Void)] = [
      ("mode", { $0[106] = 53 }), ("owner", { $0[114] = 49 }), ("group", { $0[122] = 49 }),
      ("time", { $0[146] = 49 }),
      ("prefix", { $0[345] = 97 }), ("user", { $0[265] = 97 }), ("link", { $0[157] = 97 }),
      ("magic", { $0[262] = 32 }),
      ("version", { $0[263] = 32 }), ("device", { $0[335] = 49 }), ("rest", { $0[511] = 1 }),
      ("size with blanks", { $0.replaceSubrange(124..<128, with: [32, 32, 32, 32]) }),
      ("size base-256", { $0[124] = 0x80 }),
      ("size negative", { $0.replaceSubrange(124..<136, with: Array(repeating: 255, count: 12)) }),
      ("size ends in a blank", { $0[135] = 32 }), ("name behind its end", { $0[90] = 97 }),
    ]
    for (what, change) in spellings {
      for index in [0, 1, 5] {
        found.append(
          Attack(name: "header \(what) \(index)", expected: [11, 10], bytes: try header(of: index, change)))
      }
    }
    var sum = try draft.bytes(demo.signer)
    sum[148] ^= 1
    found.append(Attack(name: "header sum", expected: [11], bytes: sum))
    return found
  }

  /// Compressed blobs that are not what the manifest says.
  private func frames() throws -> [Attack] {
    let content = [UInt8](repeating: 65, count: 100_000)
    let frame = ZstdFrame.compress(content) ?? []
    let unsized = try HostProgram.run(["zstd", "-c"], input: content).output
    let wide = try HostProgram.run(
      ["zstd", "-c", "--long=27", "--stream-size=\(1 << 25)"], input: [UInt8](repeating: 0, count: 1 << 25)
    ).output
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
    let cases: [(String, [UInt8], Int, Set<Int32>)] = [
      ("bomb", ZstdFrame.compress([UInt8](repeating: 0, count: 8 << 20)) ?? [], 1000, [13]),
      ("smaller", frame, 100_001, [13]), ("larger", frame, 99_999, [13]), ("no size", unsized, 100_000, [13]),
      ("window", wide, 1 << 25, [13]), ("skippable", skippable + frame, 100_000, [13]),
      ("trailing", frame + [0], 100_000, [13]), ("twice", frame + frame, 100_000, [13]),
      ("cut", Array(frame.dropLast()), 100_000, [13]), ("no frame", content, 100_000, [13]),
      ("raw said to be one", Array(content.prefix(100)), 100, [13]),
      ("legacy", [0x27, 0xB5, 0x2F, 0xFD] + frame.dropFirst(4), 100_000, [13]),
      ("dictionary", [0x28, 0xB5, 0x2F, 0xFD, 0x23, 0x01, 0, 0, 0, 1, 0, 0], 100_000, [13]),
      ("empty", [], 100_000, [13, 11]),
    ]
    return try cases.map { name, stored, size, expected in
      Attack(
        name: "zstd \(name)", expected: expected,
        bytes: try compressed(stored, size, SHA256.digest(of: content)))
    } + [
      Attack(name: "zstd other", expected: [17], bytes: try compressed(frame, 100_000, .zero))
    ]
  }

  private func compressed(_ stored: [UInt8], _ size: Int, _ digest: SHA256Digest) throws -> [UInt8] {
    var draft = draft
    draft.blobs[digest] = stored
    draft.manifest.files.append(
      BundleManifest.File(
        path: "opt/demo/packed", fileClass: .configuration, mode: 0o644, owner: "root", size: size,
        digest: digest, encoding: .zstd(size: stored.count)))
    return try draft.bytes(demo.signer)
  }

  /// Bundles that end too early or too late.
  private func cuts() throws -> [Attack] {
    let whole = try draft.bytes(demo.signer)
    var lengths = [
      0, 1, 511, 512, 513, 1023, 1024, 1535, 1536, whole.count - 1, whole.count - 512, whole.count - 1024,
    ]
    lengths += (1...48).map { whole.count * $0 / 49 }
    var found = lengths.map { Attack(name: "cut at \($0)", expected: [10, 11], bytes: Array(whole[..<$0])) }
    let tails: [(String, [UInt8])] = [
      ("a byte", [0]), ("a block", [UInt8](repeating: 0, count: 512)), ("an end", BundleLayout.endMarker),
      ("text", Array("x".utf8)), ("itself", whole), ("a record", [UInt8](repeating: 0, count: 9216)),
    ]
    found += tails.map { Attack(name: "behind the end: \($0.0)", expected: [11], bytes: whole + $0.1) }
    let body = Array(whole.dropLast(1024))
    found.append(Attack(name: "two archives", expected: [11], bytes: body + BundleLayout.endMarker + body))
    found.append(
      Attack(name: "half an end", expected: [10, 11], bytes: body + [UInt8](repeating: 0, count: 512)))
    var early = body
    early.replaceSubrange(0..<512, with: [UInt8](repeating: 0, count: 512))
    found.append(Attack(name: "an end first", expected: [11], bytes: early))
    return found
  }

  /// Other things under the name of a bundle.
  private func disguises() throws -> [Attack] {
    let whole = try draft.bytes(demo.signer)
    let block = { (head: [UInt8]) in Array((head + [UInt8](repeating: 0, count: 2048)).prefix(2048)) }
    let zipped = try HostProgram.run(["gzip", "-nc"], input: whole).output
    let packed = ZstdFrame.compress(whole) ?? []
    return [
      ("mtree", block(Array("#mtree\n./x type=file\n".utf8))), ("cpio", block(Array("070701".utf8))),
      ("zip", block([0x50, 0x4B, 3, 4])), ("7zip", block([0x37, 0x7A, 0xBC, 0xAF])),
      ("ar", block(Array("!<arch>\n".utf8))), ("gzip", block(zipped)), ("zstd", block(packed)),
      ("script", block(Array("#!/bin/sh\nrm -rf /\n".utf8))), ("zeros", block([])),
      ("ones", [UInt8](repeating: 255, count: 4096)),
      ("other version", try members { $0[0].bytes = Array("imagegen.bundle/2\n".utf8) }),
      ("no magic", try members { $0.removeFirst() }),
      ("manifest first", try members { $0.swapAt(0, 1) }),
      ("magic with more", try members { $0[0].bytes += [0] }),
    ].map { Attack(name: "disguise \($0.0)", expected: [10, 11], bytes: $0.1) }
  }

  /// Blobs that are missing, too many, mixed up, or somebody else's.
  private func blobs() throws -> [Attack] {
    let first = Demo.draft(1)
    let other = try first.members(demo.signer)
    var twice = draft
    let shared = twice.manifest.files[2]
    twice.manifest.files.append(shared)
    twice.manifest.files[twice.manifest.files.count - 1].path = "opt/demo/again"
    twice.manifest.files[twice.manifest.files.count - 1].size += 1
    return [
      (
        "swapped", [11, 17],
        try members { members in
          let bytes = members[5].bytes
          members[5].bytes = members[6].bytes
          members[6].bytes = bytes
        }
      ),
      ("one byte", [17], try members { $0[7].bytes[0] ^= 1 }),
      ("last byte", [17], try members { $0[9].bytes[$0[9].bytes.count - 1] ^= 0x80 }),
      ("attestation", [17], try members { $0[3].bytes[0] ^= 1 }),
      ("missing", [11], try members { $0.remove(at: 6) }),
      ("all missing", [10, 11], try members { $0.removeLast($0.count - 4) }),
      ("twice", [11], try members { $0.insert($0[5], at: 5) }),
      ("order", [11], try members { $0.swapAt(5, 6) }),
      (
        "unreferenced", [11],
        try members { $0.append((name: "blobs/" + String(repeating: "f", count: 64), bytes: [1])) }
      ),
      ("other release's", [11], try members { $0 = Array($0.prefix(4)) + Array(other.dropFirst(4)) }),
      ("other release's manifest", [14], try members { $0[1] = other[1] }),
      ("longer", [11], try members { $0[6].bytes += [0] }),
      ("shorter", [11], try members { $0[6].bytes.removeLast() }),
      ("two sizes", [11], try twice.bytes(demo.signer)),
      ("attestation elsewhere", [11], try replaced("attest/provenance.json", "blobs0/provenance.json")),
      ("attestation missing", [11], try members { $0.remove(at: 3) }),
    ].map { Attack(name: "blob \($0.0)", expected: $0.1, bytes: $0.2) }
  }

  /// Sizes around what 31, 32 and 33 bits hold.
  private func sizes() throws -> [Attack] {
    var found: [Attack] = []
    for size in [
      (1 << 31) - 1, 1 << 31, (1 << 31) + 1, (1 << 32) - 1, 1 << 32, (1 << 32) + 1, BundleFormat.memberLimit,
    ] {
      let digits = Array(String(size, radix: 8).utf8)
      let text = [UInt8](repeating: 48, count: 11 - digits.count) + digits
      for index in [1, 2, 6] {
        found.append(
          Attack(
            name: "size \(size) of \(index)", expected: [10, 11, 13],
            bytes: try header(of: index) { $0.replaceSubrange(124..<135, with: text) }))
      }
    }
    for size in [BundleFormat.memberLimit + 1, Int.max, 1 << 40] {
      found.append(
        Attack(name: "file of \(size)", expected: [13], bytes: try file(3) { $0.set("size", .integer(size)) })
      )
    }
    return found
  }
}
