internal import BundleReading
internal import Bundles
internal import NodeCalls

extension Inspection {
  /// Every program can be loaded here: interpreter, libraries, machine. Nothing is run for it: ldd(1) runs what it
  /// looks at.
  mutating func programs() throws(Refusal) {
    for file in manifest.files where file.fileClass == .program {
      // A program that is compressed is read as a whole, within a limit.
      let bundle = bundle
      let whole = file.isCompressed ? try bundle.text(of: file, limit: 8 << 20) : nil
      if file.isCompressed, whole == nil { continue }
      let read: (Int, Int) -> [UInt8]? = { offset, count in
        if let whole {
          guard offset >= 0, count >= 0, offset <= whole.count, count <= whole.count - offset else {
            return nil
          }
          return Array(whole[offset..<(offset + count)])
        }
        do throws(Refusal) {
          return try bundle.piece(of: file, at: offset, count: count)
        } catch {
          return nil
        }
      }
      let head = read(0, min(file.size, 256)) ?? []
      do throws(NodeFailure) {
        if ElfFile.isELF(head) {
          try loads(file, read)
        } else if head.starts(with: [35, 33]) {
          try interprets(file, head)
        }
      } catch {
        throw error.refusal
      }
    }
  }

  private mutating func interprets(_ file: BundleManifest.File, _ head: [UInt8]) throws(NodeFailure) {
    let words = head.dropFirst(2).prefix { $0 != 10 }.split(separator: 32)
    guard let first = words.first else { return }
    let program = String(decoding: first, as: UTF8.self)
    let isThere = try program.utf8.first == 47 ? hasProgram(program) : false
    if !isThere {
      refuse("ND008", .elf, "its interpreter \(program) is not there", file.path)
    } else if program.hasSuffix("/env"), words.count > 1 {
      let name = String(decoding: words[1], as: UTF8.self)
      if try !hasProgram(name) { refuse("ND008", .elf, "its interpreter '\(name)' is not there", file.path) }
    }
  }

  private mutating func loads(
    _ file: BundleManifest.File, _ read: (Int, Int) -> [UInt8]?
  ) throws(NodeFailure) {
    let elf: ElfFile
    do throws(ElfFile.Damage) {
      elf = try ElfFile(read)
    } catch {
      return refuse("ND008", .elf, "no ELF file of 64 bits, or a damaged one", file.path)
    }
    if elf.machine != (manifest.target.architecture == "aarch64" ? 183 : 62) {
      refuse("ND008", .elf, "for another machine (\(elf.machine))", file.path)
    }
    if let interpreter = elf.interpreter {
      if manifest.target.system == "nixos", !interpreter.hasPrefix("/nix/store/") {
        refuse(
          "ND008", .elf, "NixOS does not run programs that ask for \(interpreter)", file.path,
          help: "link it statically, or build it with Nix")
      } else {
        let isThere = try interpreter.utf8.first == 47 ? isExecutable(String(interpreter.dropFirst())) : false
        if !isThere { refuse("ND008", .elf, "its loader \(interpreter) is not there", file.path) }
      }
    }
    for path in elf.searchPath where !isSafe(path) {
      refuse("ND011", .elf, "it looks for libraries in \(path), where others may put some", file.path)
    }
    for name in elf.needed where try !hasLibrary(name, elf.searchPath) {
      refuse(
        "ND009", .elf, "the library \(name) is not there", file.path, help: "install the package that has it")
    }
  }

  /// A folder of libraries that is absolute, goes up nowhere and is nobody's to write. `$ORIGIN` is a release's folder.
  private func isSafe(_ path: String) -> Bool {
    if path == "$ORIGIN" || path == "${ORIGIN}" { return true }
    guard path.utf8.first == 47,
      !path.utf8.split(separator: 47).contains(where: { $0.elementsEqual("..".utf8) })
    else {
      return false
    }
    return !["/tmp", "/var/tmp", "/dev/shm", "/home", "/run/user"].contains {
      path == $0 || path.hasPrefix($0 + "/")
    }
  }

  private func hasLibrary(_ name: String, _ paths: [String]) throws(NodeFailure) -> Bool {
    if name.utf8.first == 47 { return try tree.resolved(String(name.dropFirst())) != nil }
    var folders = paths.filter { $0.utf8.first == 47 }.map { String($0.dropFirst()) }
    let triplet = manifest.target.architecture == "aarch64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu"
    folders += [
      "lib/\(triplet)", "usr/lib/\(triplet)", "lib64", "usr/lib64", "lib", "usr/lib", "usr/local/lib",
    ]
    // What else the loader knows is named by files of this folder (ld.so(8)); its cache is made from them.
    if try tree.status("etc/ld.so.conf.d")?.kind == .directory {
      for file in try tree.list("etc/ld.so.conf.d").prefix(256) where file.hasSuffix(".conf") {
        guard let path = try tree.resolved("etc/ld.so.conf.d/" + file) else { continue }
        let text = try tree.read(path, limit: 1 << 16) ?? []
        folders += text.split(separator: 10).filter { $0.first == 47 }
          .map { String(decoding: $0.dropFirst(), as: UTF8.self) }
      }
    }
    for folder in folders where try tree.resolved(folder + "/" + name) != nil { return true }
    return false
  }
}
