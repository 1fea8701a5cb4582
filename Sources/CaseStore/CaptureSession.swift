import GRDB

/// The writing of one capture: the numbers that are free, and where its batches go.
public final class CaptureSession {
  public let captureID: Int64
  /// The first conversation and link ids that no other capture uses.
  public let firstConversationID: Int64
  public let firstLinkID: Int64
  /// Ports of known services: `protocol number << 16 | port`.
  public let knownServices: Set<UInt32>
  /// The captures whose packets may be those of this one; `nil` where there are none.
  public let earlier: EarlierCaptures?
  private let writer: FactWriter
  private let blocks: SourceBlockWriter
  private let database: Database

  /// - Parameter path: Of the case, where others can read it beside; `nil` for a new one.
  init(_ database: Database, beside path: String?) throws {
    self.database = database
    func next(_ sql: String) throws -> Int64 { try Int64.fetchOne(database, sql: sql) ?? 1 }
    captureID = try next("SELECT max(capture_id) + 1 FROM fact_capture")
    firstConversationID = try next("SELECT (max(stream_id) >> 1) + 1 FROM fact_stream")
    firstLinkID = try next("SELECT max(link_id) + 1 FROM fact_link")
    knownServices = try Deriving.knownServices(database)
    earlier = path.map { [captureID] in EarlierCaptures(casePath: $0, captureID: captureID) }
    try SightingsTold.begin(database)
    writer = try FactWriter(database, captureID: captureID)
    blocks = try SourceBlockWriter(database, captureID: captureID)
  }

  /// Names that a printed capture uses for hosts, by number; set before the batches that use them.
  public var hostNames: [String] {
    get { writer.hostNames }
    set { writer.hostNames = newValue }
  }

  /// Writes a batch.
  public func write(_ batch: FactBatch) throws {
    try writer.write(batch)
    for comment in batch.comments { try comment.write(database, captureID: captureID) }
    for name in batch.names { try name.write(database, captureID: captureID) }
  }

  /// Writes a piece of the source.
  public func write(_ block: SourceBlockFact) throws { try blocks.write(block) }

  /// The name of the capture that has that digest already, if the case holds it.
  ///
  /// - Parameter sha256: Lower-case hexadecimal.
  public func captureName(sha256: String) throws -> String? {
    try Self.captureName(database, sha256: sha256)
  }

  static func captureName(_ database: Database, sha256: String) throws -> String? {
    try String.fetchOne(
      database, sql: "SELECT name FROM fact_capture WHERE sha256 = ?", arguments: [sha256])
  }
}
