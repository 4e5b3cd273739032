internal import HostFiles
internal import NetbootEmission

/// Gathers on this host what the built-in image is made of.
enum ImageParts {
  /// Programs beside busybox, the first that is there of each line: an ssh server, and what busybox has in a lesser
  /// form. nixos-anywhere asks for setsid with `--wait`.
  private static let programs = [
    ["/usr/sbin/dropbear"], ["/usr/bin/setsid"],
  ]
  private static let fileLimit = 256 << 20

  /// Everything the base is made of.
  ///
  /// - Parameters:
  ///   - wanted: Modules beyond the usual drivers.
  ///   - installer: The on-node program, linked statically; `nil` for the one beside this program, where there is one.
  static func gather(
    _ source: KernelSource, wanted: [String], installer: String?
  ) throws(CommandFailure) -> (parts: BuiltInImage.Parts, missing: [String]) {
    do throws(HostError) {
      guard let busybox = HostProgram.find("/bin/busybox") ?? HostProgram.find("busybox") else {
        throw HostError(operation: "find", path: "busybox (package busybox-static)", errno: 2)
      }
      guard try libraries(of: busybox).isEmpty else {
        throw HostError(operation: "use a dynamic", path: busybox + " (package busybox-static)", errno: 22)
      }
      let applets = String(decoding: try HostProgram.run([busybox, "--list"]).output, as: UTF8.self)
      var files: [String: [UInt8]] = [:]
      for choices in programs {
        guard let program = choices.first(where: { HostProgram.find($0) != nil }) else {
          throw HostError(
            operation: "find", path: choices[0] + " (packages dropbear-bin, util-linux)", errno: 2)
        }
        for path in [program] + (try libraries(of: program)) {
          files[String(path.dropFirst())] = try HostFile.read(path, limit: fileLimit)
        }
      }
      let own = try ownInstaller()
      if let installer = installer ?? own {
        files["bin/imagegen-install"] = try HostFile.read(installer, limit: fileLimit)
      }
      let (modules, missing) = try modules(source, wanted: wanted)
      let parts = BuiltInImage.Parts(
        busybox: try HostFile.read(busybox, limit: fileLimit),
        applets: applets.split(separator: "\n").map(String.init), modules: modules,
        programs: files.sorted { $0.key < $1.key }.map { (path: $0.key, bytes: $0.value) })
      return (parts, missing)
    } catch {
      throw CommandFailure(
        status: .environment, message: "no boot image: \(error.message)",
        help: "apt-get install busybox-static dropbear-bin")
    }
  }

  private static func modules(
    _ source: KernelSource, wanted: [String]
  ) throws(HostError) -> (files: [(path: String, bytes: [UInt8])], missing: [String]) {
    let list = { (name: String) throws(HostError) in
      String(decoding: try HostFile.read(source.modules + "/" + name, limit: fileLimit), as: UTF8.self)
    }
    let known = KernelModules(
      dependencies: try list("modules.dep"), builtIn: (try? list("modules.builtin")) ?? "")
    var files: [(path: String, bytes: [UInt8])] = []
    for path in known.order(for: KernelModules.drivers + wanted).paths {
      files.append(
        ("\(source.version)/\(path)", try HostFile.read(source.modules + "/" + path, limit: fileLimit)))
    }
    return (files, known.order(for: wanted).missing)
  }

  /// The loader and the libraries of one of this host's own programs, by the paths they are found by; none of a static
  /// one. ldd(1) runs the loader, which is right for programs of the distribution.
  private static func libraries(of program: String) throws(HostError) -> [String] {
    let result = try HostProgram.run(
      ["ldd", program], environment: ["LC_ALL": "C", "PATH": "/usr/bin:/bin"])
    guard result.status == 0 else { return [] }
    return String(decoding: result.output, as: UTF8.self).split(separator: "\n").compactMap { line in
      line.split(separator: " ").map { $0.filter { $0 != "\t" } }.first { $0.hasPrefix("/") }
    }
  }

  /// A release build's installer is static; that of a debug build runs where the toolchain is, and nowhere else.
  private static func ownInstaller() throws(HostError) -> String? {
    let own = try HostFile.target(of: "/proc/self/exe")
    let path = own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/imagegen-install"
    guard let program = HostProgram.find(String(path)), try libraries(of: program).isEmpty else { return nil }
    return program
  }
}
