import CaseStore

/// Opens a case that exists for writing, does `work`, and puts the case to rest.
///
/// - Throws: `CaseError`, and what `work` throws; the case is then as it was.
func changing<T>(_ path: String, _ work: (CaseWriter) throws -> T) throws -> T {
  // A writer would create what is missing.
  _ = try CaseReader(path: path)
  let writer = try CaseWriter(path: path, by: .current) {
    Terminal.say("\(path) is being written by \($0); waiting")
  }
  do {
    let result = try work(writer)
    try writer.finish()
    return result
  } catch {
    writer.abandon()
    throw error
  }
}
