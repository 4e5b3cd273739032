public import Digests
public import FleetModel
public import JSONText

/// A kernel or an initial ram disk that a boot script loads.
public struct BootImage: Hashable, Sendable {
  /// The name that other lines of the script call it by.
  public var name: String
  /// Where it is fetched from, relative to the script.
  public var uri: String
  /// The attribute of the fleet's flake that builds it.
  public var attribute: String
  /// The file below what the attribute builds.
  public var file: String
  /// Its digest; `nil` as long as nobody has built it.
  public var digest: SHA256Digest?

  /// Makes an image.
  public init(name: String, uri: String, attribute: String, file: String, digest: SHA256Digest?) {
    self.name = name
    self.uri = uri
    self.attribute = attribute
    self.file = file
    self.digest = digest
  }
}

/// What a node boots from the network.
///
/// A build runs no Nix, so it knows neither digests nor the store path in `init=`: its scripts fetch
/// from `images/installer/` beside them, and `references.json` says which attributes of the flake
/// those files are. Publishing builds the attributes, puts the files into the store by digest and
/// writes script and references anew with what was unknown here.
public struct BootImages: Sendable {
  /// The kernel.
  public var kernel: BootImage
  /// In the order loaded.
  public var initrds: [BootImage]
  /// The attribute whose `init` the kernel starts.
  public var systemAttribute: String
  /// The path in `init=`; `nil` as long as nobody has built it.
  public var initPath: String?

  /// Makes images.
  public init(kernel: BootImage, initrds: [BootImage], systemAttribute: String, initPath: String?) {
    self.kernel = kernel
    self.initrds = initrds
    self.systemAttribute = systemAttribute
    self.initPath = initPath
  }

  /// The fleet's installer, a NixOS system of the flake, not built yet.
  public static func installer(_ architecture: Architecture) -> BootImages {
    let kernel = architecture == .x86_64 ? "bzImage" : "Image"
    let build = "nixosConfigurations.netboot-installer.config.system.build"
    return BootImages(
      kernel: BootImage(
        name: "kernel", uri: "images/installer/\(kernel)", attribute: "\(build).kernel",
        file: kernel, digest: nil),
      initrds: [
        BootImage(
          name: "initrd", uri: "images/installer/initrd", attribute: "\(build).netbootRamdisk",
          file: "initrd", digest: nil)
      ],
      systemAttribute: "\(build).toplevel", initPath: nil)
  }

  /// `initrd=` words: without them the kernel of a UEFI machine finds no root, because iPXE before
  /// 2023-02 hands ram disks over by name only.
  public var initrdWords: [String] { initrds.map { "initrd=\($0.name)" } }

  /// What UEFI puts in front of the command line.
  public var commandLinePrefix: String {
    ([kernel.file] + initrdWords).joined(separator: " ")
  }

  /// `references.json`.
  public var references: JSONValue {
    .object([
      "version": .integer(1),
      "flake": .string("../../flake"),
      "kernel": reference(kernel),
      "initrds": .array(initrds.map(reference)),
      "init": .object([
        "attribute": .string(systemAttribute), "file": .string("init"),
        "path": initPath.map(JSONValue.string) ?? .null,
      ]),
    ])
  }

  private func reference(_ image: BootImage) -> JSONValue {
    .object([
      "name": .string(image.name), "uri": .string(image.uri),
      "attribute": .string(image.attribute), "file": .string(image.file),
      "sha256": image.digest.map { .string($0.description) } ?? .null,
    ])
  }
}
