import CaptureReading
import CaseStore
import Evidence

/// Re-checks the sources that a case keeps in itself: each block for itself, and all of them by the
/// digest that was taken when the source was read.
struct EmbeddedVerification {
  /// Blocks of a source that are named: a case may claim a size that makes billions of them.
  private static let mostNamed = 1000

  private struct Enough: Error {}

  let reader: CaseReader

  /// A check for each capture whose source is kept, or was; for each block that has changed instead.
  ///
  /// - Parameter events: The log, which tells whose sources were kept.
  /// - Throws: `SQLFault` and `CaseError` when the case cannot be read on.
  func checks(_ events: [CustodyEvent]) throws -> [Check] {
    let logged = Self.embedded(events)
    var checks: [Check] = []
    for source in try CaptureSource.all(reader) {
      if let embedded = EmbeddedSource(source, in: reader) {
        checks += try self.checks(embedded)
      } else if logged.contains(source.sha256) {
        checks.append(
          Check("embedded", source.name, .changed, "its bytes were kept, and are not there"))
      }
    }
    return checks
  }

  private func checks(_ embedded: EmbeddedSource) throws -> [Check] {
    let source = embedded.source
    var checks: [Check] = []
    var (digest, size) = (ContentDigest(), Int64(0))
    do {
      try embedded.forEachBlock(
        { block in
          digest.add(block)
          size += Int64(block.count)
        },
        damaged: { fault in
          guard checks.count < Self.mostNamed else { throw Enough() }
          checks.append(
            Check("embedded", "block \(fault.number) of \(source.name)", .changed, fault.reason))
        })
    } catch is Enough {
      checks.append(
        Check("embedded", source.name, .changed, "more blocks are changed, which are not named"))
    }
    let rows = try reader.rows(
      """
      SELECT block_id & 4294967295 FROM fact_source_block
      WHERE block_id BETWEEN :capture << 32 | :count AND :capture << 32 | 4294967295
      ORDER BY block_id
      """,
      parameters: [
        "capture": .integer(source.captureID),
        "count": .integer(SourceBlock.count(of: source.size)),
      ])
    for number in rows.compactMap({ $0.values.first?.integer }) {
      checks.append(
        Check(
          "embedded", "block \(number) of \(source.name)", .changed,
          "is there, where \(source.size) octets need \(SourceBlock.count(of: source.size))"))
    }
    if checks.isEmpty, (digest.hexadecimal, size) != (source.sha256, source.size) {
      checks.append(
        Check(
          "embedded", source.name, .changed,
          "\(size) octets with SHA-256 \(digest.hexadecimal), where \(source.size) with "
            + "\(source.sha256) were read"))
    }
    return checks.isEmpty ? [Check("embedded", source.name, .unchanged)] : checks
  }

  /// The SHA-256 of each source that was put into the case, and not taken out since.
  private static func embedded(_ events: [CustodyEvent]) -> Set<String> {
    var embedded: Set<String> = []
    for event in events {
      let details = event.members
      guard let sha256 = details["sha256"] else { continue }
      switch event.action {
      case CustodyEvent.Action.ingest.rawValue:
        let options = membersOfJSON(details["options"] ?? "")
        if options["embed"] != nil { embedded.insert(sha256) }
      case CustodyEvent.Action.merge.rawValue:
        if details["embedded"] == "yes" { embedded.insert(sha256) }
      case CustodyEvent.Action.embed.rawValue: embedded.insert(sha256)
      case CustodyEvent.Action.remove.rawValue: embedded.remove(sha256)
      default: break
      }
    }
    return embedded
  }
}
