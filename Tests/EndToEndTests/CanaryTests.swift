import HostFiles
import JSONText
import Testing

/// Nothing that is secret is where anybody may look.
@Suite struct CanaryTests {
  /// Prints `FILE<tab>SECRET` for each file below a folder that has a secret's bytes: as they are, in hex,
  /// or in base64 at any of the three places that bytes can have in it.
  private static let search = #"""
    import base64, os, re, subprocess, sys
    secrets, results = sys.argv[1:]

    def private(data):
        if data.startswith(b'-----BEGIN OPENSSH'):
            body = base64.b64decode(b''.join(data.split(b'\n')[1:-2]))
            return body[body.rindex(b'\0\0\0\x40') + 4:][:32]
        if data.startswith(b'-----BEGIN'):
            text = subprocess.run(['openssl', 'pkey', '-noout', '-text'], input=data, capture_output=True, check=True)
            words = re.search(r'priv:([\s0-9a-f:]+)', text.stdout.decode()).group(1)
            return bytes.fromhex(re.sub(r'[\s:]', '', words))[-32:]
        return data.split(b'\n')[0]

    def forms(secret):
        yield secret
        yield secret.hex().encode()
        yield secret.hex().upper().encode()
        for shift in range(3):
            text = base64.b64encode(bytes(shift) + secret)
            yield text[4 if shift else 0:-4]

    def files(folder):
        for path, _, names in os.walk(folder):
            for name in names:
                yield os.path.join(path, name)

    needles = {}
    for path in files(secrets):
        if not path.endswith(('.crt', '.pub', '/.lock')):
            data = open(path, 'rb').read()
            secret = private(data)
            assert len(secret) >= 32, path
            needles[os.path.relpath(path, secrets)] = [*forms(secret), data.strip()]
    for path in files(results):
        data = open(path, 'rb').read()
        for name, all in needles.items():
            if any(needle in data for needle in all):
                print(os.path.relpath(path, results), name, sep='\t')
    print('searched', *sorted(needles))
    """#

  @Test func secretsAreOnlyInWhatIsDelivered() throws {
    try Workplace.with { place in
      try place.mint()
      // What is said goes into the search as well.
      var said = ""
      for words in [[], ["--profiles", "profiles/examples", "--out", "out/grown"]] {
        let outcome = try place.run(["build", "--all"] + words)
        try #require(outcome.status == 0, "\(outcome.errors)")
        said += outcome.output + outcome.errors
      }
      for node in try place.nodes() { said += try place.run("check", "--explain", node).output }
      for fleet in ["plasmacloud", "unibus"] { said += try place.run("secrets", "--check", fleet).errors }
      said += try place.run("diff", "--format", "json").output
      try HostFile.write(Array(said.utf8), to: place.out + "/said", mode: 0o644)

      let result = Outcome(
        try HostProgram.run(["python3", "-c", Self.search, place.secrets, place.out]))
      try #require(result.status == 0, "\(result.errors)")
      let lines = result.output.split(separator: "\n").map(String.init)
      let needles = Set(try #require(lines.last).split(separator: " ").dropFirst().map(String.init))
      var delivered: Set<String> = []
      for line in lines.dropLast() {
        let parts = line.split(separator: "\t").map(String.init)
        #expect(parts[0].contains("/extra-files/"), "\(line)")
        delivered.insert(parts[1])
      }
      // The search is real: it finds what nodes get. Nobody gets what signs.
      let kept = needles.filter { $0.contains("/authorities/") || $0.hasSuffix("/keys/release.key") }
      #expect(kept.count == 2 * 2 + 1)
      #expect(delivered == needles.subtracting(kept))
    }
  }

  /// A node gets its own keys and no other's.
  @Test func nodesGetTheirOwnSecrets() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      for node in try place.nodes() {
        let own = node.split(separator: "/").last.map(String.init) ?? ""
        let search = ["python3", "-c", Self.search, place.secrets, "\(place.out)/\(node)/extra-files"]
        let result = Outcome(try HostProgram.run(search))
        let found = result.output.split(separator: "\n").dropLast().compactMap {
          $0.split(separator: "\t").last
        }
        #expect(!found.isEmpty)
        for secret in found {
          #expect(secret.hasPrefix(node + "/") || secret.contains("/keys/"), "\(own) has \(secret)")
        }
      }
    }
  }

  @Test func mintedFilesArePrivate() throws {
    try Workplace.with { place in
      let minted = try place.run("secrets", "unibus")
      #expect(minted.status == 0)
      for path in try place.files("secrets/unibus") where path != ".lock" {
        let isPublic = path.hasSuffix(".crt") || path.hasSuffix(".pub")
        #expect(try place.mode("secrets/unibus/" + path) == (isPublic ? 0o644 : 0o600), "\(path)")
      }
      let open = try HostProgram.run(["find", place.secrets, "-type", "d", "-perm", "/077"])
      #expect(open.output.isEmpty, "\(String(decoding: open.output, as: UTF8.self))")
      #expect(try place.run("secrets", "--check", "unibus").status == 0)
    }
  }
}
