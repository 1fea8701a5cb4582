import Correlation
import GRDB

/// A capture, and what is added to its times where they are compared with other captures'.
public struct AlignedCapture: Equatable, Sendable {
  /// How the case calls it.
  public var name: String
  /// Nanoseconds; 0 for the reference, `nil` for a capture that shares no packets with it.
  public var shift: Int64?
}

extension CaseWriter {
  /// Has the clocks of captures taken into account where times of several captures are compared: for
  /// which sighting was first, which answer belongs to a question and how long it took. Recorded times
  /// stay as they are. Derivations are made anew.
  ///
  /// - Parameter reference: The name of the capture whose clock is believed; `nil` for the one that
  ///   was believed before, or else shares most packets with others.
  /// - Returns: All captures; none where no two clocks could be compared, and nothing was changed.
  /// - Throws: `CaseError`.
  public func align(to reference: String?) throws -> [AlignedCapture] {
    var aligned: [AlignedCapture] = []
    try write { database in
      let pairs = try Row.fetchAll(database, sql: "SELECT * FROM derived_clock_offset").map {
        ClockAlignment.Pair(
          capture: $0["capture_id"], other: $0["other_capture_id"], offset: $0["offset_ns"],
          packets: $0["packets"])
      }
      let captures = try Row.fetchAll(
        database, sql: "SELECT capture_id, name FROM fact_capture ORDER BY capture_id"
      ).map { (id: $0["capture_id"] as Int64, name: $0["name"] as String) }
      let before = try Row.fetchAll(database, sql: "SELECT * FROM custody_alignment")
        .map { ($0["capture_id"] as Int64, $0["shift_ns"] as Int64) }
      let named = captures.first { $0.name == reference }?.id
      guard !pairs.isEmpty,
        let chosen = named
          ?? ClockAlignment.bestReference(
            pairs, after: Dictionary(before) { first, _ in first })
      else { return }
      let shifts = ClockAlignment.shifts(to: chosen, by: pairs)
      try database.execute(sql: "DELETE FROM custody_alignment")
      for (id, shift) in shifts.sorted(by: { $0.key < $1.key }) {
        try database.execute(
          sql: "INSERT INTO custody_alignment VALUES (?, ?)", arguments: [id, shift])
      }
      aligned = captures.map { AlignedCapture(name: $0.name, shift: shifts[$0.id]) }
      try Deriving(database).deriveEverything()
      try database.log(
        .align,
        [
          "reference": captures.first { $0.id == chosen }?.name ?? "",
          "shifts_ns": jsonText(
            Dictionary(
              aligned.compactMap { capture in capture.shift.map { (capture.name, String($0)) } }
            ) { first, _ in first }),
        ], by: actor)
    }
    return aligned
  }

  /// Has a capture's times shifted where they are compared with other captures', as an analyst knows
  /// better: clocks far apart are not told by packets. Where packets then match, `align` refines it.
  ///
  /// - Parameter nanoseconds: What is added to its times.
  /// - Returns: Whether the case holds a capture of that name.
  /// - Throws: `CaseError`.
  public func shift(captureNamed name: String, by nanoseconds: Int64) throws -> Bool {
    var isKnown = false
    try write { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO custody_alignment
          SELECT capture_id, ? FROM fact_capture WHERE name = ?
          """, arguments: [nanoseconds, name])
      isKnown = database.changesCount > 0
      guard isKnown else { return }
      try Deriving(database).deriveEverything()
      try database.log(
        .align, ["shifts_ns": jsonText([name: String(nanoseconds)])], by: actor)
    }
    return isKnown
  }

  /// Has every capture's clock believed again.
  ///
  /// - Throws: `CaseError`.
  public func undoAlignment() throws {
    try write { database in
      try database.execute(sql: "DELETE FROM custody_alignment")
      try Deriving(database).deriveEverything()
      try database.log(.align, [:], by: actor)
    }
  }
}
