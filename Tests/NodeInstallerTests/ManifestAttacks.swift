import Bundles
import Digests
import JSONText

/// Attacks by what a signed manifest says: the key was stolen, or its owner is the attacker.
extension AttackForge {
  func manifests() throws -> [Attack] { try paths() + modes() + texts() + members() + units() + programs() }

  private func paths() throws -> [Attack] {
    let long = String(repeating: "a/", count: 600) + "x"
    let deep = String(repeating: "a/", count: 40) + "x"
    let hostile: [(String, String)] = [
      ("up", "../x"), ("up", "a/../../x"), ("up", "a/.."), ("up", ".."), ("up", "a/../x"),
      ("up", "etc/systemd/system/../../../x"), ("absolute", "/etc/passwd"), ("absolute", "//x"),
      ("absolute", "/"),
      ("here", "."), ("here", "./x"), ("here", "a/./x"), ("empty", ""), ("empty", "a//x"), ("empty", "a/"),
      ("long", long), ("deep", deep), ("long", String(repeating: "x", count: 6031)), ("blank", "a b"),
      ("blank", "a\tb"), ("line", "a\nb"), ("escape", "a\u{1B}[2Jb"), ("delete", "a\u{7F}b"),
      ("zero", "a\0b"),
      ("unicode", "a\u{202E}b"), ("unicode", "é"), ("unicode", "e\u{301}"), ("unicode", "a\u{2215}b"),
    ]
    var found = try hostile.map { kind, path in
      Attack(name: "path \(kind)", expected: [12], bytes: try file(2) { $0.set("path", .string(path)) })
    }
    found += try hostile.map { kind, path in
      Attack(
        name: "secret's path \(kind)", expected: [12],
        bytes: try forged { value in
          value.change("secrets") { rows in
            guard case .array(var list) = rows, case .object(var members) = list[0] else { return }
            members.set("path", .string(path))
            list[0] = .object(members)
            rows = .array(list)
          }
        })
    }
    // The draft's files in order: units are 0 and 1, then the program, data, more.
    let clashes: [(String, String)] = [
      ("twice", "opt/demo/demo.env"), ("case", "opt/demo/DEMO.env"),
      ("file as folder", "opt/demo/demo.env/x"),
      ("folder as file", "opt/demo"), ("secret", "opt/demo/secrets/key"),
      ("in a secret", "opt/demo/secrets/key/x"),
      ("secret's folder", "opt/demo/secrets"), ("case of a folder", "OPT/demo/bin/demo"),
    ]
    found += try clashes.map { kind, path in
      Attack(name: "clash \(kind)", expected: [11], bytes: try file(3) { $0.set("path", .string(path)) })
    }
    for path in ["current", "previous", "lock", "log", "floor", "sets/x", "keys.d/evil.pub", "node"] {
      var draft = draft
      draft.add("etc/imagegen/" + path, "x")
      found.append(Attack(name: "own \(path)", expected: [12], bytes: try draft.bytes(demo.signer)))
    }
    return found
  }

  private func modes() throws -> [Attack] {
    var found = try ["4755", "2755", "1755", "6755", "7777"].map {
      text in
      Attack(name: "mode \(text)", expected: [12], bytes: try file(2) { $0.set("mode", .string(text)) })
    }
    found += try ["755", "0999", "", "0x1F", "-755", "07555"].map {
      text in
      Attack(name: "mode \(text)", expected: [11], bytes: try file(2) { $0.set("mode", .string(text)) })
    }
    let kinds: [(String, Set<Int32>)] = [
      ("symlink", [12]), ("hardlink", [11]), ("dir", [11]), ("fifo", [11]), ("char", [11]), ("block", [11]),
      ("socket", [11]), ("", [11]),
    ]
    found += try kinds.map { kind, expected in
      Attack(name: "type \(kind)", expected: expected, bytes: try file(2) { $0.set("type", .string(kind)) })
    }
    for (index, target) in ["/etc", "..", "../../root", "/proc/self/root"].enumerated() {
      found.append(
        Attack(
          name: "link \(target)", expected: [12],
          bytes: try file(2 + index) { members in
            members.set("type", .string("symlink"))
            members.set("link", .string(target))
          }))
    }
    return found
  }

  /// JSON that readers differ in.
  private func texts() throws -> [Attack] {
    let text = String(decoding: draft.manifest.json.sorted.compact, as: UTF8.self)
    let nested = String(repeating: "[", count: 4000) + String(repeating: "]", count: 4000)
    let cases: [(String, Set<Int32>, String)] = [
      ("twice", [11], "{\"version\":\"9\"," + text.dropFirst()), ("trailing", [11], text + " "),
      ("trailing", [11], text + "{}"), ("leading", [11], " " + text), ("mark", [11], "\u{FEFF}" + text),
      ("nested", [11], nested), ("nested", [11], "{\"a\":\(nested)}"), ("list", [11], "[\(text)]"),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":1e999")),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":2.0")),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":02")),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":-1")),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":18446744073709551616")),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":9223372036854775808")),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":\"2\"")),
      ("number", [11], text.replacing("\"sequence\":2", with: "\"sequence\":null")),
      ("surrogate", [11], text.replacing("\"0.2.0\"", with: "\"\\ud800\"")),
      ("escaped", [11], text.replacing("\"0.2.0\"", with: "\"0\\u002e2.0\"")),
      ("not ASCII", [11], text.replacing("\"0.2.0\"", with: "\"0.2.é\"")),
      ("blank", [11], text.replacing("\"version\":", with: "\"version\": ")),
      ("unknown", [11], "{\"aaa\":1," + text.dropFirst()), ("empty", [11], ""), ("object", [11], "{}"),
      ("word", [11], "true"), ("cut", [11], String(text.dropLast())), ("comment", [11], text + "//x"),
      ("format", [11], text.replacing("imagegen.bundle/1", with: "imagegen.bundle/2")),
      ("limits", [11], text.replacing("\"files\":11,", with: "\"files\":10,")),
      ("size", [13], "{\"a\":\"" + String(repeating: "a", count: 1 << 20) + "\"}"),
      ("rows", [11, 13], "{\"files\":[" + String(repeating: "0,", count: 100_000) + "0]}"),
    ]
    var found = try cases.map {
      Attack(name: "json \($0.0)", expected: $0.1, bytes: try signed(Array($0.2.utf8)))
    }
    found.append(
      Attack(name: "json no UTF-8", expected: [11], bytes: try signed([0x7B, 0x22, 0xFF, 0x22, 0x7D])))
    found.append(Attack(name: "json overlong", expected: [11], bytes: try signed([0x22, 0xC0, 0xAF, 0x22])))
    return found
  }

  /// Every member of the manifest and of a file's row: taken away, and of another kind.
  private func members() throws -> [Attack] {
    var found: [Attack] = []
    for key in draft.manifest.json.members?.map(\.key) ?? [] {
      found.append(
        Attack(
          name: "without \(key)", expected: [11],
          bytes: try forged { value in
            guard case .object(let members) = value else { return }
            value = .object(members.filter { $0.key != key })
          }))
      found.append(
        Attack(
          name: "\(key) of another kind", expected: [11],
          bytes: try forged { $0.change(key) { $0 = .bool(true) } }))
    }
    for key in ["blob", "class", "enc", "group", "mode", "path", "sha256", "size", "type", "user"] {
      found.append(
        Attack(
          name: "file without \(key)", expected: [11], bytes: try file(3) { $0.removeAll { $0.key == key } }))
      found.append(
        Attack(
          name: "file's \(key) of another kind", expected: [11],
          bytes: try file(3) { $0.set(key, .array([])) }))
    }
    found.append(
      Attack(
        name: "other blob", expected: [11], bytes: try file(3) { $0.set("blob", .string("blobs/../../x")) }))
    found.append(
      Attack(name: "other group", expected: [11], bytes: try file(3) { $0.set("group", .string("shadow")) }))
    return found
  }

  /// Units that reach beyond their own.
  private func units() throws -> [Attack] {
    let rows: [(String, String)] = [
      ("-x.service", ""), ("x y.service", ""), ("x", ""), ("ssh.service", "ExecStart=/bin/sh\n"),
      ("ssh.service.d/x.conf", ""), ("systemd-journald.service.d/x.conf", ""), ("service.d/x.conf", ""),
      ("x.service", "ExecStart=/tmp/x\n"), ("x.service", "ExecStart=+/var/tmp/x\n"),
      ("x.service", "ExecStart=/dev/shm/x\n"),
      ("x.service", "ExecStart=/home/u/x\n"), ("x.service", "ExecStart=/opt/none\n"),
      ("x.service", "ExecStart=none-such-program\n"), ("x.service", "Environment=LD_PRELOAD=/x.so\n"),
      ("x.service", "Environment=\"LD_LIBRARY_PATH=/tmp\"\n"), ("x.service", "Environment=A=1 LD_AUDIT=/x\n"),
      ("x.service", "Environment=BASH_ENV=/x\n"), ("x.service", "EnvironmentFile=/run/none\n"),
      ("x.service", "ExecStart=/bin/sh ${NOT_DEFINED}\n"), ("x.service", "User=nobody-here\n"),
      ("x.service", "Requires=none.service\n"), ("x.service", "BindsTo=none.target\n"),
      ("x.service", "ExecStart=/bin/sh\u{1B}[2J\n"), ("x.service", "ExecStart=/bin/sh \0\n"),
    ]
    return try rows.enumerated().filter { $0.element.0 != "x y.service" }.map { index, row in
      var draft = draft
      draft.add("etc/systemd/system/" + row.0, "[Service]\n" + row.1, .unit)
      return Attack(name: "unit \(index) \(row.0)", expected: [25], bytes: try draft.bytes(demo.signer))
    }
  }

  /// Programs that load what others may write, or that are none.
  private func programs() throws -> [Attack] {
    let cases: [(String, [UInt8])] = [
      ("interpreter in a folder of all", Elf(interpreter: "/tmp/ld.so").bytes),
      ("no interpreter", Elf(interpreter: "/lib/none.so").bytes),
      ("relative interpreter", Elf(interpreter: "ld.so").bytes),
      ("library", Elf(interpreter: nil, needed: ["libnone.so.1"]).bytes),
      ("path above", Elf(interpreter: nil, path: "$ORIGIN/..").bytes),
      ("path of all", Elf(interpreter: nil, path: "/tmp").bytes),
      ("relative path", Elf(interpreter: nil, path: "lib").bytes),
      ("empty path", Elf(interpreter: nil, path: "/opt/a/../../tmp").bytes),
      ("machine", Elf(interpreter: nil, machine: 183).bytes),
      ("32 bits", Elf(interpreter: nil, bits: 1).bytes),
      ("big-endian", Elf(interpreter: nil, order: 2).bytes),
      ("head alone", Array(Elf(interpreter: nil).bytes.prefix(20))),
      ("table beyond", Elf(interpreter: nil, table: 1 << 20).bytes),
      ("table at the end of numbers", Elf(interpreter: nil, table: -1).bytes),
      ("script", Array("#!/usr/bin/none\n".utf8)), ("script relative", Array("#!sh\n".utf8)),
      ("script env", Array("#!/usr/bin/env none\n".utf8)),
    ]
    return try cases.map { name, bytes in
      var draft = draft
      draft.add("opt/demo/bin/x", "", .program, mode: 0o755)
      let last = draft.manifest.files.count - 1
      let digest = SHA256.digest(of: bytes)
      draft.manifest.files[last].digest = digest
      draft.manifest.files[last].size = bytes.count
      draft.blobs[SHA256.digest(of: [])] = nil
      draft.blobs[digest] = bytes
      return Attack(name: "elf \(name)", expected: [21], bytes: try draft.bytes(demo.signer))
    }
  }
}

/// A small ELF file with an interpreter and a dynamic section (elf(5)).
struct Elf {
  var bytes: [UInt8]

  init(
    interpreter: String?, needed: [String] = [], path: String? = nil, machine: Int = 62, bits: UInt8 = 2,
    order: UInt8 = 1, table: Int = 64
  ) {
    var names: [UInt8] = [0]
    var entries: [(Int, Int)] = []
    for name in needed {
      entries.append((1, names.count))
      names += Array(name.utf8) + [0]
    }
    if let path {
      entries.append((29, names.count))
      names += Array(path.utf8) + [0]
    }
    let text = Array((interpreter ?? "").utf8) + [0]
    let (textAt, namesAt) = (512, 1024)
    entries += [(5, namesAt), (10, names.count), (0, 0)]
    var body = [UInt8](repeating: 0, count: 4096)
    func put(_ value: Int, _ count: Int, at offset: Int) {
      for index in 0..<count { body[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }
    body.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, bits, order])
    put(2, 2, at: 16)
    put(machine, 2, at: 18)
    put(table, 8, at: 32)
    put(56, 2, at: 54)
    put(interpreter == nil ? 2 : 3, 2, at: 56)
    let rows =
      [(1, 0, 4096), (2, 2048, entries.count * 16)] + (interpreter == nil ? [] : [(3, textAt, text.count)])
    for (index, row) in rows.enumerated() {
      let at = 64 + 56 * index
      put(row.0, 4, at: at)
      put(row.1, 8, at: at + 8)
      put(row.1, 8, at: at + 16)
      put(row.2, 8, at: at + 32)
    }
    body.replaceSubrange(textAt..<(textAt + text.count), with: text)
    body.replaceSubrange(namesAt..<(namesAt + names.count), with: names)
    for (index, entry) in entries.enumerated() {
      put(entry.0, 8, at: 2048 + 16 * index)
      put(entry.1, 8, at: 2056 + 16 * index)
    }
    bytes = body
  }
}
