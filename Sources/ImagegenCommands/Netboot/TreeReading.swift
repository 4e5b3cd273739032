internal import BootChains
internal import Diagnostics
internal import Digests
internal import HostFiles
internal import NetbootEmission

/// A boot server's tree, read from its root or as it is about to be.
enum TreeReading {
  /// Largest script or configuration that is read.
  private static let textLimit = 1 << 20

  /// Whether a folder is the root of a boot server.
  static func isRoot(_ path: String) -> Bool {
    (try? HostFile.status(path + "/current"))?.kind == .link
      && (try? HostFile.status(path + "/generations"))?.kind == .directory
  }

  /// Reads the generation that serves, and every file of the store with its digest.
  static func read(_ root: String, _ registry: inout SourceRegistry) throws(CommandFailure) -> PublishedTree {
    do throws(HostError) {
      var tree = PublishedTree(generation: try HostFile.target(of: root + "/current"))
      for folder in ["http", "tftp", "dhcp"] {
        try readFolder("\(tree.generation)/\(folder)", root, &tree, &registry, depth: 0)
      }
      for shelf in try HostFile.list(root + "/store/sha256") where shelf.kind == .directory {
        for digest in try HostFile.list("\(root)/store/sha256/\(shelf.name)") where digest.kind == .directory
        {
          let place = "store/sha256/\(shelf.name)/\(digest.name)"
          for file in try HostFile.list(root + "/" + place)
          where file.kind == .file && !file.name.hasPrefix(".") {
            tree.blobs["\(place)/\(file.name)"] = try blob(
              root + "/\(place)/\(file.name)", digest: digest.name)
          }
        }
      }
      return tree
    } catch {
      throw .environment(error)
    }
  }

  private static func readFolder(
    _ path: String, _ root: String, _ tree: inout PublishedTree, _ registry: inout SourceRegistry, depth: Int
  ) throws(HostError) {
    guard try HostFile.status(root + "/" + path)?.kind == .directory, depth < 8 else { return }
    for entry in try HostFile.list(root + "/" + path) {
      let name = path + "/" + entry.name
      if entry.kind == .directory {
        try readFolder(name, root, &tree, &registry, depth: depth + 1)
      } else if entry.kind == .file {
        let size = try HostFile.status(root + "/" + name)?.size ?? 0
        if path.hasSuffix("/tftp"), !entry.name.hasSuffix(".ipxe") {
          tree.blobs[name] = PublishedTree.Blob(size: size, isWhole: true)
        } else {
          let text = String(decoding: try HostFile.read(root + "/" + name, limit: textLimit), as: UTF8.self)
          tree.texts[name] = PublishedTree.Text(source: registry.register(root + "/" + name), text: text)
        }
      }
    }
  }

  private static func blob(_ path: String, digest: String) throws(HostError) -> PublishedTree.Blob {
    let reader = try HostReader(path)
    var hash = SHA256()
    while true {
      let bytes = try reader.read(1 << 20)
      if bytes.isEmpty { break }
      hash.update(bytes)
    }
    return PublishedTree.Blob(size: reader.status.size, isWhole: hash.finish().description == digest)
  }

  /// The tree that a plan would become; what its store holds is as its plan says.
  static func tree(
    of plan: BootPlan, number: Int, root: String, _ registry: inout SourceRegistry
  ) -> PublishedTree {
    let generation = "generations/\(BootTree.folder(of: number))"
    var tree = PublishedTree(generation: generation)
    let files = BootTree.files(of: plan, number: number, root: root)
    for (path, text) in files.texts {
      let source = registry.register("\(root)/\(generation)/\(path)")
      tree.texts["\(generation)/\(path)"] = PublishedTree.Text(source: source, text: text)
    }
    for (path, file) in files.links {
      tree.blobs["\(generation)/\(path)"] = PublishedTree.Blob(size: file.size, isWhole: true)
    }
    for file in plan.files { tree.blobs[file.path] = PublishedTree.Blob(size: file.size, isWhole: true) }
    return tree
  }
}
