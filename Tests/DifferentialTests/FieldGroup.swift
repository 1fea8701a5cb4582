import CaseStore

/// Fields that are compared together: rows of a view, and the same out of tshark's dissection.
///
/// To compare more, write another group beside those of `PacketGroups.swift` and add it to `all`.
struct FieldGroup: Sendable {
  /// How the list of disagreements calls it, with a dot before the field's name: `tcp.seq`.
  var name: String
  var fields: [String]
  /// Percent of the values that must agree, listed disagreements counted.
  var least: Double
  /// Yields a packet's number in its capture and then a column for each field, NULL for what Wirecase
  /// does not say. A packet may have several rows, in the order in which it carries them.
  var sql: String
  /// A row of `sql` in the form that `dissected` has, where the two write values differently.
  var comparable: @Sendable ([String?]) -> [String?] = { $0 }
  /// The same rows by tshark.
  var dissected: @Sendable (_ packet: DissectedPacket, _ sightings: Sightings) -> [[String?]]

  static let all: [FieldGroup] =
    packetGroups + dnsGroups + hostServiceGroups + httpGroups + quicGroups + tlsGroups
}

extension FieldGroup {
  /// What is decoded alike by everyone: the layers up to TCP and UDP, ICMP, ARP, and DNS.
  static let leastOfPackets = 99.5
  /// What applications say, where dissectors differ on what a message is.
  static let leastOfApplications = 98.0

  /// Wirecase's rows by the packet's number.
  func kept(_ reader: CaseReader) throws -> [Int64: [[String?]]] {
    var rows: [Int64: [[String?]]] = [:]
    for row in try reader.rows(sql) {
      guard let number = row.values.first?.integer else { continue }
      let values = row.values.dropFirst().map { $0 == .null ? nil : $0.description }
      rows[number, default: []].append(comparable(values))
    }
    return rows
  }
}

/// What a capture shows several times, because several interfaces saw it. tshark does not tell, so it is
/// Wirecase's word; without it, what it tells of such packets could not be compared.
struct Sightings: Sendable {
  private var first: [Int64: Int64] = [:]

  init(_ reader: CaseReader?) throws {
    let rows =
      try reader?.rows("SELECT packet_id & 4294967295, event_id & 4294967295 FROM sightings") ?? []
    for row in rows { first[row.values[0].integer ?? 0] = row.values[1].integer }
  }

  /// The first sighting of a packet, which stands for all of them.
  func first(of packet: Int64) -> Int64 { first[packet] ?? packet }

  /// Whether nothing else is the same packet.
  func isAlone(_ packet: Int64) -> Bool { first[packet] == nil }
}
