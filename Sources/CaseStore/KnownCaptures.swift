import GRDB

/// What a writer asks of the case before it takes a capture.
extension CaseWriter {
  /// The capture with that digest, if the case holds it.
  ///
  /// - Parameter sha256: Lower-case hexadecimal.
  public func captureName(sha256: String) throws -> String? {
    try read { database in try CaptureSession.captureName(database, sha256: sha256) }
  }

  /// Whether the capture of that name was read with a filter or up to a number of packets.
  public func isPart(_ name: String) throws -> Bool {
    try read { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT filter IS NOT NULL OR packet_limit IS NOT NULL FROM fact_capture WHERE name = ?
          """, arguments: [name])
    } ?? false
  }

  /// Whether the case holds a capture of that size, so that hashing a source first is worth it.
  public func hasCapture(size: Int64) throws -> Bool {
    try read { database in
      try Bool.fetchOne(
        database, sql: "SELECT 1 FROM fact_capture WHERE size = ?", arguments: [size])
    } ?? false
  }

  /// Whether the case holds a capture of that size whose first packet has that time, or is not in the
  /// case.
  public func hasCapture(size: Int64, firstPacketAt time: Int64?) throws -> Bool {
    try read { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT 1 FROM fact_capture AS c
          LEFT JOIN fact_packet AS p ON p.packet_id = (c.capture_id << 32 | 1)
          WHERE c.size = ? AND (p.packet_id IS NULL OR p.ts IS ?)
          """, arguments: [size, time])
    } ?? false
  }

  /// Whether a source of that path was read into the case, or is kept as unread.
  func knows(sourceAt path: String) throws -> Bool {
    try read { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM fact_capture WHERE path = :path)
            OR EXISTS (SELECT 1 FROM fact_unread_source WHERE path = :path)
          """, arguments: ["path": path])
    } ?? false
  }

  /// `name`, or when a capture has it already, `name` with a number behind it.
  public func freeName(_ name: String) throws -> String {
    try read { database in
      var (candidate, number) = (name, 1)
      while try Bool.fetchOne(
        database, sql: "SELECT 1 FROM fact_capture WHERE name = ?", arguments: [candidate]) ?? false
      {
        number += 1
        candidate = "\(name) (\(number))"
      }
      return candidate
    } ?? name
  }
}
