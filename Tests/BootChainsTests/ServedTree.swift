import BootChains
import Diagnostics
import JSONText
import NetbootEmission
import Testing

/// A boot server's tree of two machines, as `publish` makes it, for tests that break it.
struct ServedTree {
  static let nonce = String(repeating: "0f", count: 16)
  static let mac = "52:54:00:00:01:01"
  static let script = "generations/00000007/http/mac/52-54-00-00-01-01.ipxe"
  static let dispatcher = "generations/00000007/http/boot.ipxe"
  static let dhcp = "generations/00000007/dhcp/dnsmasq.conf"
  static let hosts = "generations/00000007/dhcp/hosts.d/lab-node01"

  private(set) var tree: PublishedTree
  private(set) var registry = SourceRegistry()

  init(_ state: String = "discover") throws {
    let digest = { (digit: String) in String(repeating: digit, count: 64) }
    let file = { (name: String, digit: String) in
      #"{"name":"\#(name)","sha256":"\#(digest(digit))","size":1000}"#
    }
    let machine = { (number: Int) in
      """
      {"fleet":"lab","node":"node0\(number)","host":"node0\(number)","state":"\(state)",
       \(state == "armed" ? "\"nonce\":\"\(Self.nonce)\"," : "")
       "cards":[{"mac":"52:54:00:00:01:0\(number)","address":"192.0.2.1\(number)"}],
       "words":["console=ttyS0","imagegen.node=node0\(number)"],"kernel":\(file("vmlinuz", "a")),
       "initrds":[{"as":"base","file":\(file("base.cpio", "b"))},{"as":"node","file":\(file("node.cpio", "\(number)"))}]}
      """
    }
    let text = """
      {"machines":[\(machine(1)),\(machine(2))],"subnets":[{"block":"192.0.2.0/24","dns":[]}],"server":"192.0.2.1",
       "loaders":{"undionly.kpxe":\(file("undionly.kpxe", "c")),"snponly-x86_64.efi":\(file("snponly-x86_64.efi", "d"))}}
      """
    let plan = try #require(BootPlan(json: JSONReader.parse(Array(text.utf8))))
    tree = PublishedTree(generation: "generations/00000007")
    let files = BootTree.files(of: plan, number: 7, root: "/srv/pxe")
    for (path, text) in files.texts {
      let name = "generations/00000007/" + path
      tree.texts[name] = PublishedTree.Text(source: registry.register(name), text: text)
    }
    for (path, file) in files.links {
      tree.blobs["generations/00000007/" + path] = PublishedTree.Blob(size: file.size, isWhole: true)
    }
    for file in plan.files { tree.blobs[file.path] = PublishedTree.Blob(size: file.size, isWhole: true) }
  }

  /// Changes a text that must be there.
  mutating func edit(_ path: String, _ old: String, _ new: String) throws {
    let former = try #require(tree.texts[path])
    let changed = former.text.replacing(old, with: new, maxReplacements: 1)
    try #require(changed != former.text, "\(path) has no \(old)")
    tree.texts[path]?.text = changed
  }

  mutating func change(_ body: (inout PublishedTree) -> Void) { body(&tree) }

  /// The first finding of a code, as `FILE:LINE`, `nil` when there is none.
  func place(of code: String) -> String? {
    guard let found = ChainLint.report(on: tree).diagnostics.first(where: { $0.code.description == code })
    else {
      return nil
    }
    guard let span = found.span, let path = registry.path(of: span.source), let text = tree.texts[path]?.text
    else {
      return "-"
    }
    let line = text.utf8.prefix(Int(span.start)).count { $0 == 10 } + 1
    return "\(path.split(separator: "/").dropFirst(2).joined(separator: "/")):\(line)"
  }
}
