import Foundation
import GRDB

/// A row of `fact_source_block`: a piece of a capture's source, packed.
public struct SourceBlockFact: Sendable {
  /// From 0, without a gap.
  public var number: Int64
  /// One frame of Zstandard.
  public var octets: [UInt8]

  public init(number: Int64, octets: [UInt8]) {
    (self.number, self.octets) = (number, octets)
  }
}

/// Writes the pieces of one capture's source.
final class SourceBlockWriter {
  private let statement: InsertStatement
  private let captureID: Int64

  init(_ database: Database, captureID: Int64) throws {
    self.captureID = captureID
    statement = try InsertStatement(database, into: "fact_source_block", columns: 2)
  }

  func write(_ block: SourceBlockFact) throws {
    try InsertStatement.Text.hold(block.octets) { octets in
      try statement.insert { row in
        row.bind(1, captureID << 32 | block.number)
        row.bind(2, octets: octets)
      }
    }
  }
}

extension Database {
  /// Whether the octets of a capture's source are in the case.
  func holdsSource(ofCapture id: Int64) throws -> Bool {
    try Bool.fetchOne(
      self,
      sql: """
        SELECT EXISTS (
          SELECT 1 FROM fact_source_block WHERE block_id BETWEEN :id << 32 AND (:id + 1 << 32) - 1)
        """, arguments: ["id": id]) ?? false
  }
}

extension CaseWriter {
  /// Whether the octets of the source of the capture of that name are in the case.
  public func isEmbedded(_ name: String) throws -> Bool {
    try read { database in
      let id = try Int64.fetchOne(
        database, sql: "SELECT capture_id FROM fact_capture WHERE name = ?", arguments: [name])
      return try id.map(database.holdsSource)
    } ?? false
  }

  /// Adds the octets of a source to its capture, which was ingested without them, in one transaction.
  ///
  /// - Parameter body: Hands each block to what it is given, and returns the SHA-256 of what they
  ///   hold, lower-case hexadecimal.
  /// - Returns: Whether that is the capture's; if not, or when the case holds no capture of that name
  ///   without octets, the case is as it was.
  /// - Throws: `CaseError`, and what `body` throws; the case is then as it was.
  public func embed(
    _ name: String, _ body: ((SourceBlockFact) throws -> Void) throws -> String
  ) throws -> Bool {
    guard try !isEmbedded(name) else { return false }
    var isSame = false
    try change { database in
      guard
        let capture = try Row.fetchOne(
          database, sql: "SELECT capture_id, sha256 FROM fact_capture WHERE name = ?",
          arguments: [name])
      else { return .rollback }
      let writer = try SourceBlockWriter(database, captureID: capture["capture_id"])
      let sha256 = try body(writer.write)
      isSame = sha256 == capture["sha256"]
      guard isSame else { return .rollback }
      try database.log(.embed, ["capture": name, "sha256": sha256], by: actor)
      return .commit
    }
    return isSame
  }
}

extension CaseReader {
  /// A piece of a capture's source, packed; `nil` when the case does not hold it.
  ///
  /// May be asked for while rows of another statement are handed over.
  ///
  /// - Parameter number: From 0.
  /// - Throws: `SQLFault`; `CaseError` where the case itself cannot be read on.
  public func sourceBlock(_ number: Int64, ofCapture capture: Int64) throws -> [UInt8]? {
    guard (0...0xffff_ffff).contains(number), (0...0x7fff_ffff).contains(capture) else {
      return nil
    }
    var octets: [UInt8]?
    try nested("SELECT octets FROM fact_source_block WHERE block_id = :id") { statement in
      _ = try statement.run(["id": .integer(capture << 32 | number)]) { values in
        if case .blob(let found)? = values.first { octets = found }
        return false
      }
    }
    return octets
  }
}
