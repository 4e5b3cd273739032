public import Diagnostics

/// What no text of a profile may hold.
public enum ContentRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [placeholder, secretInProfile, secretInCommand]

  static let placeholder = Rule(
    "FL040", "placeholder",
    finds: "`<LIKE_THIS>`, CHANGEME or TODO in any value of a profile.",
    why:
      "A fleet was once started with <MAGNUS_PUBLIC_IP> in its routes. Nothing is built while one remains.",
    example: "addresses: {public: <MAGNUS_PUBLIC_IP>}", instead: "addresses: {public: 203.0.113.10}")
  static let secretInProfile = Rule(
    "FL041", "secret-in-profile",
    finds: "A private key, or a text under a key, option or variable that is named like a secret.",
    why: "Profiles are kept in version control and copied into the Nix store, where everybody reads them.",
    example: "environment: {CLUSTER_PASS: hunter2}",
    instead: "environment: {CLUSTER_PASS_FILE: {secret: cluster-pass}}")
  static let secretInCommand = Rule(
    "FL042", "secret-in-command",
    finds: "A secret in a command line, as an option's value or in a URL.",
    why: "Every account of the node reads it from /proc, and systemd prints it.",
    example: "command: [{program: server}, --routes, nats://route:hunter2@homer:6250]",
    instead: "command: [{program: server}, --cluster-pass-file, {secret: cluster-pass}]")
}
