import CaseStore

/// Packets of a case that were asked for.
public enum PacketSelection: Sendable, Equatable {
  /// Those that a finding cites.
  case finding(Int64)
  /// Those of a flow, wherever they were seen.
  case flow(Int64)
  /// A DNS question with its retries, its answer or ICMP error, wherever they were seen; named by a
  /// packet of it.
  case transaction(PacketName)
  /// Those that fulfil a condition in SQL over the view `packets`.
  case condition(String)
}

/// Packets that were asked for, found in a case.
public struct SelectedPackets: Sendable {
  /// As it was asked, such as `--finding 3`.
  public var option: String
  /// What each packet's comment begins with, such as `finding 3 (dns-unanswered)`.
  public var label: String?
  /// An SQL expression over the view `packets`.
  var condition: String
  /// What the user wrote of it, for pointing at errors.
  private var written: String?

  /// The statement that yields the packets.
  public var sql: String { "SELECT packet_id FROM packets WHERE (\(condition)) ORDER BY packet_id" }

  /// Packet numbers that are looked at in one statement: rows that SQLite has to sort, which it
  /// does in memory, are never more.
  static let numbersAtATime: Int64 = 1 << 20

  /// - Throws: `EvidenceError` for what the case does not hold and for a condition that is none.
  public init(_ selection: PacketSelection, in reader: CaseReader) throws {
    switch selection {
    case .finding(let id):
      guard
        let row = try reader.firstRow(
          "SELECT investigation FROM findings WHERE finding_id = :id",
          parameters: ["id": .integer(id)])
      else { throw EvidenceError.noFinding(id) }
      option = "--finding \(id)"
      label = "finding \(id) (\(row["investigation"].text ?? ""))"
      condition =
        "packet_id IN (SELECT packet_id FROM finding_evidence WHERE finding_id = \(id))"
    case .flow(let id):
      guard
        try reader.firstRow(
          "SELECT 1 FROM flows WHERE flow_id = :id", parameters: ["id": .integer(id)]) != nil
      else { throw EvidenceError.noFlow(id) }
      option = "--flow \(id)"
      condition = "stream_id IN (SELECT stream_id FROM flow_streams WHERE flow_id = \(id))"
    case .transaction(let name):
      let search = TransactionSearch(reader: reader)
      guard let row = try search.transaction(of: name) else {
        throw try PacketRow(name, in: reader) == nil
          ? EvidenceError.noPacket(name.description)
          : EvidenceError.noTransaction(name.description)
      }
      option = "--transaction \(name)"
      let packets = try search.packets(of: row).map(String.init)
      condition = "packet_id IN (\(packets.joined(separator: ", ")))"
    case .condition(let text):
      condition = try PacketCondition(text).text
      (option, written) = ("--where \(text)", text)
      try checked { _ = try reader.prepare($0 + ")") }
    }
  }

  /// Runs `body` with a statement up to the end of the condition, and makes what is wrong with it
  /// point into what the user wrote.
  private func checked(
    _ head: String = "SELECT packet_id FROM packets WHERE (", _ body: (String) throws -> Void
  ) throws {
    do {
      // A comment at the end of the condition ends with its line.
      try body(head + condition + "\n")
    } catch let fault as SQLFault {
      guard let written else { throw fault }
      guard let place = fault.offset.map({ $0 - head.utf8.count }), place >= 0 else {
        throw EvidenceError.condition(written, reason: fault.reason, place: nil)
      }
      throw place < written.utf8.count
        ? EvidenceError.condition(written, reason: fault.reason, place: place)
        : EvidenceError.condition(
          written, reason: "it ends too early; something is missing", place: written.utf8.count)
    }
  }

  /// Hands over the packets in the order of their identifiers.
  ///
  /// - Parameter body: Must not read from the case; `false` ends the rows.
  /// - Throws: `EvidenceError`, `SQLFault`, and what `body` throws.
  func forEach(in reader: CaseReader, _ body: (PacketRow) throws -> Void) throws {
    let captures = try reader.rows("SELECT capture_id FROM captures ORDER BY capture_id")
      .compactMap { $0.values.first?.integer }
    for capture in captures {
      let row = try reader.firstRow(
        """
        SELECT packet_id FROM packets WHERE packet_id BETWEEN :first AND :last
        ORDER BY packet_id DESC LIMIT 1
        """,
        parameters: [
          "first": .integer(capture << 32), "last": .integer(capture << 32 | 0xffff_ffff),
        ])
      guard let end = row?["packet_id"].integer else { continue }
      var next = capture << 32
      while next <= end {
        let first = next
        // Both are of one capture: nothing here leaves 64 bits.
        let last = first + min(end - first, Self.numbersAtATime - 1)
        let head = """
          SELECT \(PacketRow.columns) FROM packets
          WHERE packet_id BETWEEN \(first) AND \(last) AND (
          """
        try checked(head) { statement in
          try reader.run(
            statement + ") ORDER BY packet_id",
            body: { values in
              if let packet = PacketRow(values) { try body(packet) }
              return true
            })
        }
        if last == end { break }
        next = last + 1
      }
    }
  }
}
