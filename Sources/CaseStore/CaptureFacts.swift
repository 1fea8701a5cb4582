import GRDB

/// What is known of a capture when it has been read to its end: the row of `fact_capture`, and
/// the small tables beside it.
public struct CaptureFacts: Sendable {
  /// How times of a capture read.
  public enum TimeBasis: String, Sendable {
    /// Nanoseconds since 1970-01-01 UTC.
    case utc
    /// Nanoseconds since the first day's midnight, in a zone that nobody recorded.
    case clock
    /// Nanoseconds since the first packet.
    case relative
    /// The capture has no times.
    case none
  }

  public var name: String
  public var path: String?
  public var format: String
  public var compression: String?
  /// Lower-case hexadecimal.
  public var sha256: String
  /// SHA-1 and MD5 of the same octets, likewise; `nil` where they were not asked for.
  public var sha1: String?
  public var md5: String?
  /// Octets of the source.
  public var size: Int64
  /// When the file was changed last, nanoseconds since 1970-01-01 UTC; `nil` for standard input.
  public var modifiedAt: Int64?
  /// What the user asked for, by the option's name.
  public var options: [String: String] = [:]
  public var timeBasis = TimeBasis.utc
  public var packets: Int64 = 0
  public var firstTime: Int64?
  public var lastTime: Int64?
  /// Whether the source was read to its end.
  public var isComplete = true
  public var cutPackets: Int64 = 0
  public var backwardSteps: Int64 = 0
  public var longestGap: Int64?
  public var longestGapTime: Int64?
  public var longestGapPacket: Int64?
  public var received: Int64?
  public var dropped: Int64?
  public var filter: String?
  public var packetLimit: Int64?
  public var assumedDate: String?
  public var assumedTimeZone: String?
  public var hardware: String?
  public var operatingSystem: String?
  public var application: String?
  /// TCP segments whose sequence numbers were followed; `nil` where none could be.
  public var followedSegments: Int64?
  /// Nanoseconds since 1970-01-01 UTC.
  public var ingestedAt: Int64 = 0
  public var programVersion = ""
  public var interfaces: [Interface] = []
  public var faults: [Fault] = []
  public var comments: [Comment] = []
  /// Whether DNS questions were matched while the capture was read: only where its packets
  /// stand in the order of time.
  public var isMatched = false
  /// Keys of conversations whose DNS questions are matched once more over the whole case.
  public var unmatchedKeys: Set<Int64> = []

  /// Whether it was told while the capture was read which packets were seen before, or are seen first
  /// in it.
  public var areSightingsTold = false

  /// A row of `fact_interface`.
  public struct Interface: Sendable {
    public var index: Int32
    public var linkType: Int32
    public var linkTypeName: String
    public var name: String?
    public var description: String?
    public var snapLength: Int64?
    public var unitsPerSecond: Int64
    public var filter: String?
    public var operatingSystem: String?
    public var hardware: String?
    public var received: Int64?
    public var dropped: Int64?
    public var osDropped: Int64?

    public init(index: Int32, linkType: Int32, linkTypeName: String, unitsPerSecond: Int64) {
      (self.index, self.linkType) = (index, linkType)
      (self.linkTypeName, self.unitsPerSecond) = (linkTypeName, unitsPerSecond)
    }
  }

  /// A row of `fact_fault` that concerns reading, not decoding.
  public struct Fault: Sendable {
    public var packetNumber: Int64?
    public var byteOffset: Int64
    public var kind: String
    public var message: String

    public init(packetNumber: Int64?, byteOffset: Int64, kind: String, message: String) {
      (self.packetNumber, self.byteOffset) = (packetNumber, byteOffset)
      (self.kind, self.message) = (kind, message)
    }
  }

  /// A row of `fact_comment`; of the whole capture where `packetNumber` is `nil`.
  public struct Comment: Sendable {
    public var packetNumber: Int64?
    public var text: String

    public init(packetNumber: Int64?, text: String) {
      (self.packetNumber, self.text) = (packetNumber, text)
    }
  }

  /// A row of `fact_name`.
  public struct Name: Sendable {
    public var address: String
    public var name: String

    public init(address: String, name: String) {
      (self.address, self.name) = (address, name)
    }
  }

  public init(name: String, path: String?, format: String, sha256: String, size: Int64) {
    (self.name, self.path, self.format) = (name, path, format)
    (self.sha256, self.size) = (sha256, size)
  }

  /// Writes the rows under `captureID`.
  func write(_ database: Database, captureID: Int64, by actor: Actor) throws {
    try database.execute(
      sql: """
        INSERT INTO fact_capture VALUES
        (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        captureID, name, path, format, compression, sha256, size, timeBasis.rawValue, packets,
        firstTime, lastTime, isComplete, cutPackets, backwardSteps, longestGap, longestGapTime,
        longestGapPacket, received, dropped, filter, packetLimit, assumedDate, assumedTimeZone,
        hardware, operatingSystem, application, ingestedAt, programVersion, followedSegments,
      ])
    try database.execute(
      sql: "DELETE FROM fact_unread_source WHERE path = ?", arguments: [path])
    for interface in interfaces {
      try database.execute(
        sql: "INSERT INTO fact_interface VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          captureID, interface.index, interface.linkType, interface.linkTypeName, interface.name,
          interface.description, interface.snapLength, interface.unitsPerSecond, interface.filter,
          interface.operatingSystem, interface.hardware, interface.received, interface.dropped,
          interface.osDropped,
        ])
    }
    for fault in faults {
      try database.execute(
        // The packet that a fault is about may not have been kept.
        sql: """
          INSERT INTO fact_fault VALUES (
            NULL, ?, (SELECT packet_id FROM fact_packet WHERE packet_id = ?), ?, ?, 'capture', ?)
          """,
        arguments: [
          captureID, fault.packetNumber.map { captureID << 32 | $0 }, fault.byteOffset, fault.kind,
          fault.message,
        ])
    }
    for comment in comments { try comment.write(database, captureID: captureID) }
    let options = try jsonText(options)
    try database.execute(
      sql: "INSERT INTO custody_source VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [captureID, sha1, md5, modifiedAt, actor.user, actor.host, options])
    try database.log(
      .ingest,
      [
        "capture": name, "path": path ?? "-", "sha256": sha256, "size": String(size),
        "packets": String(packets), "complete": isComplete ? "yes" : "no", "options": options,
      ], by: actor)
  }
}

extension CaptureFacts.Comment {
  func write(_ database: Database, captureID: Int64) throws {
    try database.execute(
      sql: "INSERT INTO fact_comment VALUES (NULL, ?, ?, ?)",
      arguments: [captureID, packetNumber.map { captureID << 32 | $0 }, text])
  }
}

extension CaptureFacts.Name {
  func write(_ database: Database, captureID: Int64) throws {
    try database.execute(
      sql: "INSERT OR IGNORE INTO fact_name VALUES (?, ?, ?)",
      arguments: [captureID, address, name])
  }
}
