import PacketDecoding

/// A record of an application protocol that is a row of a table of its own.
///
/// Such a table's first columns are `packet_id` and `position`, the number of the record among those of its
/// packet, from 0; both are its primary key.
protocol ApplicationRow {
  static var table: String { get }
  /// Columns behind those two.
  static var columns: Int { get }
  var packetNumber: Int64 { get }
  /// Gives each of those columns its value, in their order.
  func add(to row: inout ApplicationColumns)
}

/// The columns of a row, bound one after the other.
struct ApplicationColumns {
  fileprivate let row: InsertStatement.Row
  fileprivate let text: InsertStatement.Text
  fileprivate let captureID: Int64
  fileprivate var column: Int32 = 3

  mutating func add(_ value: (some FixedWidthInteger)?) {
    row.bind(column, value)
    column += 1
  }

  mutating func add(_ value: Bool?) {
    row.bind(column, value)
    column += 1
  }

  mutating func add(_ range: TextRange?) {
    if let range {
      row.bind(column, text, start: Int(range.start), count: Int(range.count))
    } else {
      row.bind(column, nil as Int64?)
    }
    column += 1
  }

  mutating func add(_ address: NetworkAddress?) {
    row.bind(column, copying: address.map(FactWriter.addressText))
    column += 1
  }

  /// An EUI-48 address, in the low 48 bits.
  mutating func add(hardware address: UInt64?) {
    row.bind(column, copying: address.map(FactWriter.hardwareAddressText))
    column += 1
  }

  /// A message of the same capture, in two columns: its packet, and its position there.
  mutating func add(_ place: MessagePlace?) {
    add(packet: place?.packetNumber)
    add(place?.position)
  }

  /// A packet of the same capture, by its number.
  mutating func add(packet number: Int64?) {
    row.bind(column, number.map { captureID << 32 | $0 })
    column += 1
  }
}

/// Numbers messages that come packet by packet: each among those of its packet, from 0.
struct MessagePositions {
  private var packet: Int64 = 0
  private var position: Int64 = 0

  mutating func next(ofPacket number: Int64) -> Int64 {
    position = number == packet ? position + 1 : 0
    packet = number
    return position
  }
}

/// Writes the records of application protocols; a statement is prepared when there are first rows for it.
struct ApplicationWriter {
  let captureID: Int64
  private var statements: [String: InsertStatement] = [:]
  private let prepare: (_ table: String, _ columns: Int) throws -> InsertStatement

  init(
    captureID: Int64, prepare: @escaping (_ table: String, _ columns: Int) throws -> InsertStatement
  ) {
    (self.captureID, self.prepare) = (captureID, prepare)
  }

  /// Writes all such records of a batch.
  mutating func write(_ records: RecordBatch, _ text: InsertStatement.Text) throws {
    try insert(records.ssh, text)
    try insert(records.quic, text)
    try insert(records.http, text)
    try insert(records.sessionLines, text)
    try insert(records.logins, text)
    try insert(records.loginResults, text)
    try insert(records.tlsHandshakes, text)
    try insert(records.tlsCertificates, text)
    try insert(records.tlsAlerts, text)
    try insert(records.dhcp, text)
    try insert(records.dhcpv6, text)
    try insert(records.ntp, text)
    try insert(records.syslog, text)
    try insert(records.smb, text)
    try insert(records.snmp, text)
    try insert(records.sip, text)
    try insert(records.rtp, text)
    try insert(records.names, text)
  }

  private mutating func insert<Record: ApplicationRow>(
    _ records: [Record], _ text: InsertStatement.Text
  ) throws {
    if records.isEmpty { return }
    let statement = try statements[Record.table] ?? prepare(Record.table, Record.columns + 2)
    statements[Record.table] = statement
    var positions = MessagePositions()
    try statement.insert(count: records.count) { row, index in
      let record = records[index]
      row.bind(1, captureID << 32 | record.packetNumber)
      row.bind(2, positions.next(ofPacket: record.packetNumber))
      var columns = ApplicationColumns(row: row, text: text, captureID: captureID)
      record.add(to: &columns)
    }
  }
}
