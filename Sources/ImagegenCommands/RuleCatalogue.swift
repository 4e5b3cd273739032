internal import Baselines
internal import BootChains
internal import BundleEmission
internal import Certificates
internal import Diagnostics
internal import DiskPlanning
internal import FleetRules
internal import Hardening
internal import NetbootEmission
internal import NodeUnits
internal import NixEmission
internal import NodeFiles
internal import Pipeline
internal import Profiles
internal import UnitLint
internal import YAMLSources

/// Every rule there is, in order of code: what `imagegen explain` knows.
enum RuleCatalogue {
  static let all: [Rule] =
    (YAMLRules.all + ProfileRules.all + ContentRules.all + MeaningRules.all + FleetRules.all
    + HardeningRules.all
    + NodeUnitRules.all + DiskRules.all + NetbootRules.all + BundleRules.all + CertificateRules.all
    + NixRules.all + NodeFileRules.all + PipelineRules.all + UnitLintRules.all
    + LintRunRules.all + BaselineRules.all + ChainRules.all)
    .sorted { $0.code < $1.code }

  static func rule(_ word: String) -> Rule? {
    all.first { $0.code.description == word.uppercased() || $0.name == word }
  }
}
