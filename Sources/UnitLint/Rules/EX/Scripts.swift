import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX017, EX027, EX028, EX029, EX046: scripts and their interpreters.
enum Scripts {
  static let variable = Rule(
    "EX017", "variable-of-the-script", .warning,
    finds: "`${NAME}` in a script on a command line that sets NAME itself.",
    why: "systemd fills it in before the shell runs, with nothing: the loop's own variable is gone.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'for i in a b; do mkdir /srv/${i}; done'",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'for i in a b; do mkdir /srv/$${i}; done'")

  static let words = Rule(
    "EX027", "script-in-several-words", .warning,
    finds: "sh -c with a script that no quotes hold together.",
    why: "The shell takes the first word for the script; the others become its parameters.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/sh -c echo hello",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo hello'")

  static let background = Rule(
    "EX028", "script-in-background", .warning,
    finds: "A main process sh -c whose script ends with `&`.",
    why: "The shell ends at once, and systemd kills what it left behind.",
    example: "[Service]\nExecStart=/bin/sh -c '/bin/serverd &'",
    instead: "[Service]\nExecStart=/bin/serverd")

  static let relative = Rule(
    "EX029", "relative-script", .warning,
    finds: "An interpreter with a relative path of a script, in a service without WorkingDirectory=.",
    why: "The working directory of a service is /, and the script is not there.",
    example: "[Service]\nExecStart=/usr/bin/python3 app.py",
    instead: "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/python3 app.py")

  static let pipeline = Rule(
    "EX046", "pipeline-as-main-process", .note,
    finds: "A main process sh -c whose script ends with a pipe to tee, logger, grep or the like.",
    why:
      "The exit status is that of the last program: a failure of the first goes unnoticed and is not restarted.",
    example: "[Service]\nExecStart=/bin/sh -c '/bin/serverd | tee /var/log/app.log'",
    instead: "[Service]\nExecStart=/bin/serverd\nStandardOutput=append:/var/log/app.log",
    ignoreWhen: "Only the last program's result matters.")

  static let variableRule = UnitRule(
    variable,
    nearMisses: [
      "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'for i in a b; do echo $i $${i}; done'",
      "[Service]\nType=oneshot\nEnvironment=D=/srv\nExecStart=/bin/sh -c 'mkdir ${D}/x'",
      "[Service]\nType=oneshot\nExecStart=:/bin/sh -c 'for i in a b; do mkdir /srv/${i}; done'",
    ],
    .command { item, report in
      guard !item.command.expandsNoVariables, let (_, script) = item.script else { return }
      for reference in VariableReference.all(in: script.text) where reference.isBraced {
        let name = reference.name
        guard sets(name, script.text) else { continue }
        let raw = Array(item.setting.setting.value.utf8)[script.range]
        let edits = raw.ranges(of: "${\(name)}".utf8).compactMap { range -> Fix.Edit? in
          guard raw.startIndex == range.lowerBound || raw[range.lowerBound - 1] != UInt8(ascii: "$") else {
            return nil
          }
          return item.setting.fragment.span(item.setting.setting, range.lowerBound..<range.lowerBound + 1).map
          {
            Fix.Edit($0, "$$")
          }
        }
        report.add(
          item.at(
            script, variable, "systemd fills in ${\(name)} before the script sets it",
            help: "write $${\(name)}",
            fix: item.setting.fragment.source == nil || edits.isEmpty ? nil : Fix(.safe, edits)))
        return
      }
    })

  static let wordsRule = UnitRule(
    words,
    nearMisses: [
      "[Service]\nExecStart=/bin/sh -c 'echo $0' a", "[Service]\nExecStart=/bin/sh -c ${SCRIPT} a b",
      "[Service]\nExecStart=/bin/bash -lc \"a b\"", "[Service]\nExecStart=/bin/sh -c /srv/run.sh",
    ],
    .command { item, report in
      guard let (index, script) = item.script, !script.isQuoted, index + 1 < item.arguments.count,
        script.text.utf8.first != UInt8(ascii: "$"), let last = item.arguments.last
      else { return }
      let range = script.range.lowerBound..<last.range.upperBound
      let text = String(decoding: Array(item.setting.setting.value.utf8)[range], as: UTF8.self)
      let isPlain = !text.utf8.contains { [0x27, 0x22, 0x5c].contains($0) }
      report.add(
        item.setting.atValue(
          words, "the script is '\(script.text)' alone, the other words are its parameters", range,
          help: "put the whole script into quotes",
          fix: isPlain ? item.setting.replacing(range, by: "'" + text + "'", .unsafe) : nil))
    })

  static let backgroundRule = UnitRule(
    background,
    nearMisses: [
      "[Service]\nType=forking\nExecStart=/bin/sh -c '/bin/serverd &'",
      "[Service]\nExecStart=/bin/sh -c 'a & b & wait'",
      "[Service]\nExecStart=/bin/sh -c 'true &&'",
    ],
    .command { item, report in
      guard item.isMain, ServiceTypes.isForeground(item.unit), !item.unit.flag(.remainAfterExit, false),
        let (_, script) = item.script
      else { return }
      let end = script.text.utf8.reversed().drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a }
      guard end.first == UInt8(ascii: "&"), end.dropFirst().first != UInt8(ascii: "&") else { return }
      report.add(
        item.at(
          script, background, "the shell ends at once and takes the program with it",
          help: "take the & off; systemd needs no background"))
    })

  static let relativeRule = UnitRule(
    relative,
    nearMisses: [
      "[Service]\nWorkingDirectory=/srv\nExecStart=/usr/bin/node app.js",
      "[Service]\nExecStart=/usr/bin/python3 -m app.py",
      "[Service]\nExecStart=/usr/bin/python3 /srv/app.py x.py",
      "[Service]\nExecStart=/usr/bin/java -jar /srv/app.jar",
    ],
    .command { item, report in
      guard item.unit.value(.workingDirectory) == nil, !item.unit.has(.rootDirectory),
        !item.unit.has(.rootImage),
        isInterpreter(item.program)
      else { return }
      var isPath = item.program != "java"
      for word in item.arguments {
        if word.text.utf8.first == UInt8(ascii: "-") {
          if ["-m", "-c", "-e", "-r", "--eval", "--require", "-W", "-X"].contains(word.text) { return }
          if word.text == "-jar" { isPath = true }
          continue
        }
        guard isPath, word.text.utf8.first != UInt8(ascii: "/"), isScript(word.text) else { return }
        report.add(
          item.at(
            word, relative, "'\(word.text)' is looked for in /",
            help: "set WorkingDirectory=, or write the whole path"))
        return
      }
    })

  static let pipelineRule = UnitRule(
    pipeline,
    nearMisses: [
      "[Service]\nExecStart=/bin/sh -c 'set -o pipefail; a | tee b'",
      "[Service]\nExecStart=/bin/sh -c 'a || logger b'",
      "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'a | sort'",
    ],
    .command { item, report in
      guard item.isMain, let (_, script) = item.script, !script.text.contains("pipefail"),
        let bar = script.text.utf8.lastIndex(of: UInt8(ascii: "|"))
      else { return }
      let last = script.text[script.text.utf8.index(after: bar)...].split { $0 == " " }.first ?? ""
      let sinks: Set<Substring> = [
        "tee", "logger", "grep", "systemd-cat", "multilog", "rotatelogs", "cronolog",
      ]
      guard sinks.contains(String(last).lastPathPart), !script.text[..<bar].hasSuffix("|") else { return }
      report.add(
        item.at(
          script, pipeline, "the service fails only when \(last) does",
          help: "use StandardOutput= and the journal, or set -o pipefail in bash"))
    })

  /// Whether a script sets a variable: an assignment, a loop, read.
  private static func sets(_ name: String, _ script: String) -> Bool {
    for start in ["", " ", ";", "\n", "(", "{", "&"] {
      if start.isEmpty ? script.hasPrefix(name + "=") : script.contains(start + name + "=") { return true }
    }
    return script.contains("for \(name) in") || script.contains("for \(name);")
      || script.contains("read \(name)")
      || script.contains("read -r \(name)")
  }

  private static func isInterpreter(_ program: Substring) -> Bool {
    if ["node", "nodejs", "ruby", "perl", "php", "java", "bash", "sh", "dash", "deno", "bun"].contains(
      program)
    {
      return true
    }
    return program.hasPrefix("python")
      && program.dropFirst(6).utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
  }

  private static func isScript(_ path: String) -> Bool {
    [".py", ".js", ".mjs", ".cjs", ".rb", ".pl", ".php", ".sh", ".jar", ".ts"].contains { path.hasSuffix($0) }
  }
}
