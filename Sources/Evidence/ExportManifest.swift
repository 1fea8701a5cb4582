import CaseStore
import Foundation

/// What stands beside an exported file: what was asked of which case, by whom, and what came of it.
public struct ExportManifest: Codable, Equatable, Sendable {
  /// The value of `document_type`.
  static let documentType = "wirecase-export"
  /// What is behind the exported file's name.
  public static let suffix = ".manifest.json"
  /// The most packets that are listed one by one.
  static let mostListed = 10_000
  /// Octets of the longest manifest that is read: one that lists all it may is a tenth of that.
  private static let longest = 16 << 20

  public struct Asked: Codable, Equatable, Sendable {
    /// Such as `--finding 3`.
    public var option: String
    /// The statement that yields the packets.
    public var sql: String
  }

  public struct File: Codable, Equatable, Sendable {
    /// From the root for a case; the name alone for the exported file, which stands beside.
    public var path: String
    public var sha256: String
    /// Octets.
    public var size: Int64
  }

  public struct Capture: Codable, Equatable, Sendable {
    public var captureID: Int64
    public var name: String
    public var path: String?
    public var sha256: String
    /// What the source was known by to be the one that was read: `size and modification time`, or
    /// `SHA-256`; `nil` where it was not used.
    public var knownBy: String?
    public var packetsWritten: Int64
    public var packetsLeftOut: Int64
    /// Why packets were left out.
    public var reason: String?

    enum CodingKeys: String, CodingKey {
      case captureID = "capture_id"
      case name, path, sha256
      case knownBy = "known_by"
      case packetsWritten = "packets_written"
      case packetsLeftOut = "packets_left_out"
      case reason
    }
  }

  public struct Packet: Codable, Equatable, Sendable {
    public var packetID: Int64
    /// The capture's name.
    public var capture: String
    /// In the capture, from 1.
    public var number: Int64

    enum CodingKeys: String, CodingKey {
      case packetID = "packet_id"
      case capture, number
    }
  }

  public var documentType = Self.documentType
  public var asked: Asked
  public var caseFile: File
  public var programVersion: String
  /// RFC 3339 in UTC.
  public var exportedAt: String
  /// User and host.
  public var exportedBy: String
  public var exportedOn: String
  public var file: File
  public var captures: [Capture]
  public var packetCount: Int64
  /// In the order of the file; `nil` when they are more than are listed.
  public var packets: [Packet]?

  enum CodingKeys: String, CodingKey {
    case documentType = "document_type"
    case asked
    case caseFile = "case"
    case programVersion = "program_version"
    case exportedAt = "exported_at"
    case exportedBy = "exported_by"
    case exportedOn = "exported_on"
    case file, captures
    case packetCount = "packet_count"
    case packets
  }

  /// The manifest as text, its members in the order of their names.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// Reads the manifest at `path`.
  ///
  /// - Throws: `EvidenceError.unreadableManifest`.
  public init(path: String) throws(EvidenceError) {
    guard let look = CaptureSource.look(at: path), look.isFile else {
      throw .unreadableManifest(path: path, reason: "no such file")
    }
    guard look.size <= Self.longest, let data = FileManager.default.contents(atPath: path) else {
      throw .unreadableManifest(path: path, reason: "it cannot be read, or is too long for one")
    }
    guard let manifest = try? JSONDecoder().decode(ExportManifest.self, from: data),
      manifest.documentType == Self.documentType
    else { throw .unreadableManifest(path: path, reason: "it has another form") }
    self = manifest
  }

  init(
    asked: Asked, caseFile: File, by actor: Actor, file: File, captures: [Capture],
    packetCount: Int64, packets: [Packet]?
  ) {
    (self.asked, self.caseFile, self.file) = (asked, caseFile, file)
    (programVersion, exportedBy, exportedOn) = (actor.programVersion, actor.user, actor.host)
    exportedAt = TimeText.text(
      of: Int64(Date().timeIntervalSince1970) * 1_000_000_000, basis: .utc)
    (self.captures, self.packetCount, self.packets) = (captures, packetCount, packets)
  }
}
