import CaseStore

/// How people name a packet: `2:65`, the capture and the number in it, as findings cite it.
public struct PacketName: Hashable, Sendable, CustomStringConvertible {
  /// capture << 32 | number.
  public var id: Int64

  public init(id: Int64) { self.id = id }

  public var capture: Int64 { id >> 32 }
  public var number: Int64 { id & 0xffff_ffff }
  public var description: String { "\(capture):\(number)" }

  /// The packet that `text` names in the case: `2:65`, `client1.pcap:65` or `client1.pcap 65`, a
  /// packet_id, or a number alone where the case holds one capture. Whether there is such a packet is
  /// not looked at.
  ///
  /// - Throws: `EvidenceError`, `SQLFault`.
  public init(_ text: String, in reader: CaseReader) throws {
    if let id = try Self.identifier(ofNamed: text, in: reader) {
      self.id = id
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(part) : nil
    }
    switch parts.count {
    case 2:
      guard let capture = parts[0], let number = parts[1], (1..<1 << 31).contains(capture),
        (1..<1 << 32).contains(number)
      else { throw EvidenceError.notAPacketName(text) }
      id = capture << 32 | number
    case 1:
      guard let number = parts[0], number > 0 else { throw EvidenceError.notAPacketName(text) }
      // Identifiers begin behind the largest number: captures count from 1.
      if number >= 1 << 32 {
        id = number
        return
      }
      let captures = try reader.rows("SELECT capture_id FROM captures LIMIT 2")
      guard captures.count == 1, let capture = captures[0]["capture_id"].integer else {
        let row = try reader.firstRow("SELECT count(*) AS captures FROM captures")
        throw EvidenceError.captureNotNamed(text, captures: Int(row?["captures"].integer ?? 0))
      }
      id = capture << 32 | number
    default: throw EvidenceError.notAPacketName(text)
    }
  }

  /// The packet of a capture's name, a colon or blank, and a number, as reports cite it.
  private static func identifier(
    ofNamed text: String, in reader: CaseReader
  ) throws -> Int64? {
    guard let end = text.lastIndex(where: { $0 == ":" || $0 == " " }),
      let number = Int64(text[text.index(after: end)...]), (1..<1 << 32).contains(number)
    else { return nil }
    let row = try reader.firstRow(
      "SELECT capture_id FROM captures WHERE name = :name",
      parameters: ["name": .text(String(text[..<end]))])
    return row?["capture_id"].integer.map { $0 << 32 | number }
  }
}
