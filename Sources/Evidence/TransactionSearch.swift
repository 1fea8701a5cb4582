import CaseStore

/// Finds the DNS question that a packet belongs to: as query, retry, answer or ICMP error, at
/// whichever place it was seen.
struct TransactionSearch {
  let reader: CaseReader

  /// The row of `dns_transactions`; `nil` when the packet belongs to no question. Of a packet of
  /// several messages, it is that of the first that belongs to one.
  ///
  /// - Throws: `SQLFault`.
  func transaction(of packet: PacketName) throws -> SQLRow? {
    let parameters: [String: SQLValue] = ["id": .integer(packet.id)]
    guard
      let row = try reader.firstRow(
        "SELECT flow_id, duplicate_of FROM packets WHERE packet_id = :id", parameters: parameters)
    else { return nil }
    if let first = row["duplicate_of"].integer, first != packet.id,
      let found = try transaction(ofFirstSighting: first, flow: row["flow_id"])
    {
      return found
    }
    return try transaction(ofFirstSighting: packet.id, flow: row["flow_id"])
  }

  private func transaction(ofFirstSighting id: Int64, flow: SQLValue) throws -> SQLRow? {
    if let found = try transaction(thatAsks: id) { return found }
    // Answers through the streams of their flow, for which there is an index.
    let answered = try reader.firstRow(
      """
      SELECT * FROM dns_transactions
      WHERE stream_id IN (SELECT stream_id FROM flow_streams WHERE flow_id = :flow)
        AND response_packet_id = :id
      ORDER BY response_position
      """, parameters: ["id": .integer(id), "flow": flow])
    if let answered { return answered }
    let quoted = try reader.firstRow(
      "SELECT original_packet_id FROM icmp_messages WHERE packet_id = :id",
      parameters: ["id": .integer(id)])
    guard let original = quoted?["original_packet_id"].integer else { return nil }
    if let found = try transaction(thatAsks: original) { return found }
    let sighting = try reader.firstRow(
      "SELECT duplicate_of FROM packets WHERE packet_id = :id",
      parameters: ["id": .integer(original)])
    return try sighting?["duplicate_of"].integer.flatMap { try transaction(thatAsks: $0) }
  }

  private func transaction(thatAsks id: Int64) throws -> SQLRow? {
    let parameters: [String: SQLValue] = ["id": .integer(id)]
    return try reader.firstRow(
      "SELECT * FROM dns_transactions WHERE query_packet_id = :id ORDER BY query_position",
      parameters: parameters)
      ?? reader.firstRow(
        """
        SELECT t.* FROM dns_retries AS r
        JOIN dns_transactions AS t
          ON t.query_packet_id = r.query_packet_id AND t.query_position = r.query_position
        WHERE r.packet_id = :id
        ORDER BY r.position
        """, parameters: parameters)
  }

  /// Every packet of a question: query, retries, answer and ICMP error, and each other sighting of
  /// them, in the order of their identifiers.
  ///
  /// - Parameter row: Of `dns_transactions`.
  /// - Throws: `SQLFault`.
  func packets(of row: SQLRow) throws -> [Int64] {
    guard let query = row["query_packet_id"].integer else { return [] }
    var events = [query]
    events += [row["response_packet_id"].integer, row["icmp_packet_id"].integer].compactMap { $0 }
    events += try reader.rows(
      "SELECT packet_id FROM dns_retries WHERE query_packet_id = :id AND query_position = :position",
      parameters: ["id": .integer(query), "position": row["query_position"]]
    ).compactMap { $0.values.first?.integer }
    let list = events.map(String.init).joined(separator: ", ")
    let sightings = try reader.rows(
      """
      SELECT packet_id FROM packets
      WHERE stream_id IN (
          SELECT stream_id FROM flow_streams
          WHERE flow_id IN (SELECT flow_id FROM packets WHERE packet_id IN (\(list))))
        AND duplicate_of IN (\(list))
      """
    ).compactMap { $0.values.first?.integer }
    return Set(events + sightings).sorted()
  }
}
