import HostFiles
import SystemdUnits
import Testing

@testable import UnitGraphs

/// The table of stock units against the package that ships them.
@Suite struct StockTableTests {
  /// `UNIT KEY VALUE` for each word of the table, as the script's `--facts` has them.
  private func table() -> Set<String> {
    var lines = Set<String>()
    var unit = ""
    for word in StockKnowledge.table.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if word.hasPrefix("==") {
        lines.insert("\(unit) = \(word.dropFirst(2))")
      } else if word.dropFirst().first == "=" {
        lines.insert("\(unit) \(word.prefix(1)) \(word.dropFirst(2))")
      } else {
        unit = String(word)
      }
    }
    return lines
  }

  @Test func `what systemd's units say is in the table, and nothing else of them`() throws {
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    let made = try HostProgram.run([root + "/scripts/generate-stock-units", "--facts", "systemd"])
    #expect(made.status == 0, "\(String(decoding: made.errors, as: UTF8.self))")
    let lines = String(decoding: made.output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines.count > 700)
    let table = table()
    var files = Set<Substring>()
    for line in lines {
      if line.hasSuffix(" . .") {
        files.insert(line.prefix { $0 != " " })
      } else {
        #expect(table.contains(line), "\(line) is not in the table")
      }
    }
    // What other packages add are links of .wants and .requires.
    let said = Set(lines)
    for line in table where files.contains(line.prefix { $0 != " " }) && !said.contains(line) {
      let key = line.split(separator: " ")[1]
      #expect(key == "W" || key == "R", "the package does not say: \(line)")
    }
  }

  @Test(arguments: [
    "systemd-cryptsetup@data.service", "systemd-fsck@dev-sda1.service", "systemd-growfs@-.service",
    "serial-getty@ttyS0.service", "getty@tty1.service", "systemd-veritysetup@root.service",
    "dbus-org.freedesktop.resolve1.service", "blockdev@dev-sda.target", "kernel-command-line.service",
  ])
  func `what generators and instances are called is known`(name: String) throws {
    #expect(StockKnowledge.standard.has(try #require(UnitName(name))))
    #expect(!StockKnowledge.none.has(try #require(UnitName(name))))
  }
}
