import GRDB
import Schema

extension CaseWriter {
  /// Takes a capture out, with all that follows from it: the other rows are then those of a case
  /// that never had it. Runs that looked at it go too, with their findings; notes stay, since they
  /// are the analyst's. What it held is overwritten in the file.
  ///
  /// - Returns: The number of packets that went; `nil` when the case holds no capture of that name.
  /// - Throws: `CaseError`.
  public func removeCapture(named name: String) throws -> Int64? {
    var packets: Int64?
    try write { database in
      guard
        let capture = try Row.fetchOne(
          database, sql: "SELECT capture_id, packets, sha256 FROM fact_capture WHERE name = ?",
          arguments: [name])
      else { return }
      let (id, sha256): (Int64, String) = (capture["capture_id"], capture["sha256"])
      try database.execute(sql: "PRAGMA secure_delete = ON")
      try Deriving(database).deriveWithout(captureID: id) {
        for table in try Self.tables(named: "fact_", in: database) {
          try database.execute(
            sql: "DELETE FROM \(table.name) WHERE \(table.condition)", arguments: ["capture": id])
        }
        for table in ["custody_source", "custody_location", "custody_alignment"] {
          try database.execute(
            sql: "DELETE FROM \(table) WHERE capture_id = ?", arguments: [id])
        }
      }
      try forgetRuns(of: sha256, in: database)
      try database.log(
        .remove, ["capture": name, "sha256": sha256, "packets": "\(capture["packets"] as Int64)"],
        by: actor)
      packets = capture["packets"]
    }
    return packets
  }

  /// The tables whose names begin so that hold rows of a capture, and which rows those are.
  static func tables(
    named prefix: String, in database: Database
  ) throws -> [(name: String, condition: String)] {
    let names = try String.fetchAll(
      database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return try names.filter { $0.hasPrefix(prefix) }.compactMap { name in
      let columns = try database.columns(in: name).map(\.name)
      if columns.contains("capture_id") { return (name, "capture_id = :capture") }
      guard let key = ["packet_id", "block_id"].first(where: columns.contains) else { return nil }
      return (name, "\(key) BETWEEN :capture << 32 AND (:capture + 1 << 32) - 1")
    }
  }

  private func forgetRuns(of sha256: String, in database: Database) throws {
    let runs = try Int64.fetchAll(
      database, sql: "SELECT run_id FROM derived_run WHERE ' ' || captures || ' ' LIKE ?",
      arguments: ["% \(sha256) %"])
    for run in runs { try Self.forget(run: run, in: database) }
  }
}
