import CommandLineKit

/// A program with everything a table can hold, and texts that shells and troff would misread.
let sample = ToolSpec(
  name: "baker", version: "1.2.3", summary: "bake bread by recipe",
  commands: [
    CommandSpec(
      "bake", summary: "bake loaves",
      discussion: """
        Bakes every loaf it is told to, in order, and stops at the first that burns; what was baked before \
        stays where it is.

          baker's note: \\fB'$HOME'\\fR `date` "quoted"
        .dots at a line's start, and a - dash
        """,
      usage: "LOAF... | --all", operands: [OperandSpec("LOAF", .any, help: "a loaf's name")],
      options: [
        OptionSpec("all", short: "a", help: "bake all loaves"),
        OptionSpec("oven", short: "o", .one("DIR"), standard: "oven", help: "the oven's folder"),
        OptionSpec("skip", .many("RULE"), help: "rule not to follow [none]: it's up to you"),
      ],
      examples: [
        .init("baker bake rye --oven big", "bake one loaf in the big oven"),
        .init("baker bake --all", "bake all"),
      ]),
    CommandSpec(
      "batter", summary: "stir",
      operands: [
        OperandSpec("FILE", .one, help: "recipe"),
        OperandSpec("SPEED", .optional, choices: ["slow", "fast"], help: "how to stir"),
      ],
      examples: [.init("baker batter rye.txt fast", "stir fast")]),
    CommandSpec(
      "sell", summary: "sell what is there",
      operands: [OperandSpec("LOAF", .oneOrMore, help: "a loaf's name")],
      examples: [.init("baker sell rye", "sell one loaf")]),
  ],
  common: [
    OptionSpec("format", .choice(["text", "json"]), standard: "text", help: "how to write"),
    OptionSpec("quiet", short: "q", help: "say less"),
  ],
  exitStatus: [.init(0, "everything was baked"), .init(2, "the command line is wrong")])
