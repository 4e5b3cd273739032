import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX004
enum CommandPaths {
  static let rule = Rule(
    "EX004", "relative-program", .error,
    finds: "A command whose program is a relative path, a variable, or nothing.",
    why:
      "systemd refuses the unit: a program is an absolute path or a bare name, and no variable is expanded in it.",
    example: "[Service]\nExecStart=./server --port 80",
    instead: "[Service]\nExecStart=/opt/app/server --port 80")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Service]\nExecStart=-!/bin/true\nExecStop=kill $MAINPID"],
    .values(of: [.exec]) { item, report in
      guard !item.setting.value.isEmpty else { return }
      let value = item.setting.value.utf8
      // Nearly every command starts like this; the others are taken apart.
      if value.first == UInt8(ascii: "/"), !value.contains(UInt8(ascii: ";")) { return }
      for command in item.commands {
        let program = command.program
        let isVariable = program.utf8.first == UInt8(ascii: "$")
        guard program.isEmpty || isVariable || isRelative(program) else { continue }
        report.add(
          item.atValue(
            rule,
            program.isEmpty ? "the command has no program" : "the program '\(program)' is no absolute path",
            command.programRange,
            help: isVariable
              ? "systemd expands no variable here; write the path"
              : "write an absolute path, or a bare name to be looked up"))
      }
    })

  private static func isRelative(_ program: String) -> Bool {
    let bytes = program.utf8
    if bytes.first == UInt8(ascii: "~") { return true }
    return bytes.first != UInt8(ascii: "/") && bytes.first != UInt8(ascii: "%")
      && bytes.contains(UInt8(ascii: "/"))
  }
}
