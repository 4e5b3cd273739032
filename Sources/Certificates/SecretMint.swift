public import Diagnostics
public import HostFiles
public import SecretStore

/// Plans and mints secret material. The one maker of secrets.
public enum SecretMint {
  /// Compares what a fleet needs with what is there. Reads; changes nothing.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970, against which certificates are held.
  /// - Throws: `HostError` when the host does not let it look.
  public static func plan(
    _ request: MintingRequest, in folder: SecretFolder, now: Int
  ) throws(HostError) -> Checked<MintingPlan> {
    var planner = Planner(request, folder, now: now)
    return try planner.plan()
  }

  /// Mints what a plan lacks, and returns what was made with all that stands in the way of the rest.
  ///
  /// The folder is locked and looked at again first, so a plan that is out of date does no harm. What
  /// exists is never replaced. Of a pair the private half is written first: a run that is cut short
  /// leaves a key that the next one goes on with.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970: certificates are valid from an hour before.
  /// - Throws: `HostError` when the host does not let it look or write.
  public static func mint(
    _ plan: MintingPlan, into folder: SecretFolder, now: Int
  ) throws(HostError) -> Checked<[MintingPlan.Item]> {
    do throws(SecretError) {
      return try mint(plan, folder, now: now, under: folder.lock())
    } catch {
      if case .host(let error) = error { throw error }
      return Checked(
        [],
        Report(
          Diagnostic(
            CertificateRules.storeBusy, error.message, at: nil, help: "run it again when the other is done")))
    }
  }

  /// The lock is held as long as its value lives: for this whole call, because it is borrowed.
  private static func mint(
    _ plan: MintingPlan, _ folder: SecretFolder, now: Int, under lock: borrowing HostLock
  ) throws(SecretError) -> Checked<[MintingPlan.Item]> {
    do throws(HostError) {
      let fresh = try Self.plan(plan.request, in: folder, now: now)
      var minter = Minter(folder, now: now, report: fresh.report)
      if let value = fresh.value { try minter.mint(value) }
      try folder.sync()
      return Checked(minter.made, minter.report)
    } catch {
      throw .host(error)
    }
  }
}
