import BundleEmission
import Diagnostics
import DiskPlanning
import FleetRules
import Hardening
import HostFiles
import NetbootEmission
import NixEmission
import NodeFiles
import NodeUnits
import Pipeline
import Profiles
import Testing
import YAMLSources

/// Every rule that a profile can break has a case.
@Suite struct CoverageTests {
  static let catalogues: [[Rule]] = [
    YAMLRules.all, ProfileRules.all, ContentRules.all, MeaningRules.all, FleetRules.all, HardeningRules.all,
    NodeUnitRules.all, NodeFileRules.all, DiskRules.all, NixRules.all, NetbootRules.all, BundleRules.all,
    PipelineRules.all,
  ]

  /// Rules that no profile reaches, and why. Each has tests in its own room.
  static let unreachable = [
    "PR005": "a file of that size is refused before it is read as YAML: PR034, see GeneratedTests",
    "PR007": "100,000 values are no file for a repository: see GeneratedTests",
    "PR034": "a file over 1 MiB is no file for a repository: see GeneratedTests",
    "PR083": "the grammar of an exception's value refuses control characters: PR022",
    "PR091": "the grammar of variables and directives refuses line breaks: PR022",
    "PR094": "the grammar of variables refuses line breaks: PR022",
    "PR095": "YAML refuses a key that stands twice: PR012",
    "PR096": "a toml that is no mapping is refused when it is resolved: PR021",
    "NX001": "YAML refuses NUL: PR004",
    "NX012": "services become units of type service, which NixOS takes",
    "BU001": "checking builds with a key of its own: whether a release key is there is no matter of profiles",
    "BU003": "a bundle over its limits needs thousands of files",
    "BU004": "nothing that profiles can ask for is of a kind that bundles do not have",
  ]

  @Test func everyReachableRuleHasACase() throws {
    let fired = try Self.firedCodes()
    for rule in Self.catalogues.joined() where Self.unreachable[rule.code.description] == nil {
      #expect(fired.contains(rule.code.description), "no case fires \(rule.code) (\(rule.name))")
    }
  }

  @Test func nothingUnreachableIsReached() throws {
    let fired = try Self.firedCodes()
    let known = Set(Self.catalogues.joined().map(\.code.description))
    for (code, reason) in Self.unreachable.sorted(by: { $0.key < $1.key }) {
      #expect(known.contains(code), "\(code) is no rule")
      #expect(!fired.contains(code), "\(code) has a case, and is said not to be reached: \(reason)")
    }
  }

  /// The codes in brackets in all expected texts, which `GoldenTests` holds to what is really said.
  private static func firedCodes() throws -> Set<String> {
    var codes: Set<String> = []
    for golden in GoldenCase.all {
      for line in try golden.expected().split(separator: "\n") {
        for severity in Severity.allCases {
          guard let mark = line.firstRange(of: "\(severity.rawValue)[") else { continue }
          codes.insert(String(line[mark.upperBound...].prefix { $0 != "]" }))
        }
      }
    }
    return codes
  }
}
