import Foundation
import GRDB

extension CaseWriter {
  /// Keeps where sources were found again after they were moved, in one transaction. Where each was
  /// read stays as it is.
  ///
  /// - Parameter places: Paths from the root, by the SHA-256 of the source, lower-case hexadecimal.
  ///   One that the case holds no capture of is passed over.
  /// - Throws: `CaseError`.
  public func recordPlaces(_ places: [String: String]) throws {
    try write { database in
      let captures = try Row.fetchAll(
        database, sql: "SELECT capture_id, name, sha256 FROM fact_capture ORDER BY capture_id")
      for capture in captures {
        let sha256: String = capture["sha256"]
        guard let path = places[sha256] else { continue }
        try database.execute(
          sql: "INSERT OR REPLACE INTO custody_location VALUES (?, ?, ?)",
          arguments: [capture["capture_id"] as Int64, path, Date().nanoseconds])
        try database.log(
          .locate, ["capture": capture["name"], "path": path, "sha256": sha256], by: actor)
      }
    }
  }
}
