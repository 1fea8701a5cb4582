import Correlation
import GRDB
import PacketDecoding

/// Writes the batches of one capture: each record a row, through statements prepared once.
final class FactWriter {
  private let packets, streams, dns, icmp, arp, fragments, lines, links: InsertStatement
  private let faults, flows, transactions, retries, repetitions, tcpEvents: InsertStatement
  private let encapsulations: InsertStatement
  private var applications: ApplicationWriter
  private let sightings: SightingsTold
  private let captureID: Int64
  /// Octets of a row's texts, while they are bound.
  private var scratch: [UInt8] = []
  private var directions: [Stream] = []
  /// The names that a printed capture uses for hosts, by number.
  var hostNames: [String] = []

  init(_ database: Database, captureID: Int64) throws {
    self.captureID = captureID
    func insert(_ table: String, _ columns: Int) throws -> InsertStatement {
      try InsertStatement(database, into: table, columns: columns)
    }
    applications = ApplicationWriter(captureID: captureID) {
      try InsertStatement(database, into: $0, columns: $1)
    }
    sightings = try SightingsTold(database)
    packets = try insert("fact_packet", 12)
    streams = try insert("fact_stream", 19)
    dns = try insert("fact_dns_message", 22)
    icmp = try insert("fact_icmp_message", 20)
    arp = try insert("fact_arp_message", 6)
    fragments = try insert("fact_fragment", 3)
    lines = try insert("fact_printed_line", 3)
    links = try insert("fact_link", 9)
    encapsulations = try insert("fact_encapsulation", 7)
    faults = try insert("fact_fault", 7)
    repetitions = try insert("fact_repetition", 2)
    tcpEvents = try insert("fact_tcp_event", 2)
    flows = try insert("derived_flow", 8)
    transactions = try insert("derived_dns_transaction", 11)
    retries = try insert("derived_dns_retry", 4)
  }

  private func packetID(_ number: Int64) -> Int64 { captureID << 32 | number }

  func write(_ batch: FactBatch) throws {
    try write(packetsOf: batch)
    try repetitions.insert(count: batch.repetitions.count) { row, index in
      row.bind(1, packetID(batch.repetitions[index].number))
      row.bind(2, packetID(batch.repetitions[index].firstNumber))
    }
    try tcpEvents.insert(count: batch.tcpEvents.count) { row, index in
      row.bind(1, packetID(batch.tcpEvents[index].number))
      row.bind(2, Int64(batch.tcpEvents[index].event.rawValue))
    }
    for link in batch.links { try write(link) }
    try write(batch.conversations)
    try InsertStatement.Text.hold(batch.records.text) { text in
      let messages = batch.records.dns
      var positions = MessagePositions()
      try dns.insert(count: messages.count) { row, index in
        let position = positions.next(ofPacket: messages[index].packetNumber)
        bind(row, messages[index], at: position, text)
      }
      for (index, message) in batch.records.icmp.enumerated() {
        try icmp.insert { row in bind(row, message, key: batch.quotedKeys[index], text) }
      }
      try applications.write(batch.records, text)
    }
    for packet in batch.records.arp { try arp.insert { row in bind(row, packet) } }
    try lines.insert(count: batch.records.lines.count) { row, index in
      let line = batch.records.lines[index]
      row.bind(1, packetID(line.packetNumber))
      row.bind(2, line.firstLine)
      row.bind(3, line.lastLine)
    }
    for fault in batch.records.faults { try faults.insert { row in bind(row, fault) } }
    try transactions.insert(count: batch.transactions.count) { row, index in
      batch.transactions[index].bind(to: row)
    }
    for retry in batch.retries { try retries.insert(retry.bind) }
    try sightings.write(batch)
  }

  private func write(packetsOf batch: FactBatch) throws {
    let records = batch.records.packets
    try packets.insert(count: records.count) { row, index in
      let packet = records[index]
      let id = packetID(packet.number)
      row.bind(1, id)
      row.bind(2, packet.timestamp)
      row.bind(3, batch.streamIDs[index])
      row.bind(4, packet.offset)
      row.bind(5, packet.capturedLength)
      row.bind(6, packet.length == packet.capturedLength ? nil : packet.length)
      row.bind(7, Int64(packet.protocolReached.rawValue))
      row.bind(8, packet.network.timeToLive)
      row.bind(9, packet.network.identification)
      row.bind(10, packet.transport.tcp?.flags.rawValue)
      let content =
        packet.transport.tcp == nil
        ? packet.transport.payloadHash : packet.transport.tcp?.sequence
      row.bind(11, content.map(Int32.init(bitPattern:)))
      row.bind(12, packet.transport.payloadLength)
      if let fragment = packet.network.fragment {
        try fragments.insert { row in
          row.bind(1, id)
          row.bind(2, Int64(fragment.offset))
          row.bind(3, fragment.moreFragments)
        }
      }
    }
  }

  private func write(_ link: LinkFact) throws {
    try links.insert { row in
      row.bind(1, link.id)
      row.bind(2, captureID)
      row.bind(3, Int64(link.interface))
      row.bind(4, copying: link.header.source.map(Self.hardwareAddressText))
      row.bind(5, copying: link.header.destination.map(Self.hardwareAddressText))
      row.bind(6, link.header.etherType)
      let vlans = link.header.vlanIdentifiers
      row.bind(
        7, copying: vlans.isEmpty ? nil : vlans.map(String.init).joined(separator: ","))
      row.bind(8, link.header.interfaceIndex)
      row.bind(9, link.header.tunnel == 0 ? nil : Int64(bitPattern: link.header.tunnel))
    }
    try encapsulations.insert(count: link.encapsulations.count) { row, index in
      let encapsulation = link.encapsulations[index]
      row.bind(1, link.id)
      row.bind(2, Int64(encapsulation.depth))
      row.bind(3, captureID)
      row.bind(4, Int64(encapsulation.kind.rawValue))
      row.bind(5, copying: encapsulation.source.map(addressText))
      row.bind(6, copying: encapsulation.destination.map(addressText))
      row.bind(7, encapsulation.identifier.map(Int64.init))
    }
  }

  /// A row of `fact_stream`: the conversation it is of, and its ends in the scratch text.
  private struct Stream {
    var conversation: Int
    var isB: Bool
    var source: Range<Int>?
    var destination: Range<Int>?
  }

  /// The rows of both directions of each, as far as they were seen, and the flows'.
  private func write(_ conversations: [ConversationFact]) throws {
    scratch.removeAll(keepingCapacity: true)
    directions.removeAll(keepingCapacity: true)
    for (index, fact) in conversations.enumerated() {
      let (endA, endB) = (append(fact.addressA), append(fact.addressB))
      let conversation = fact.conversation
      if conversation.a.packets > 0 {
        directions.append(Stream(conversation: index, isB: false, source: endA, destination: endB))
      }
      if conversation.b.packets > 0 {
        directions.append(Stream(conversation: index, isB: true, source: endB, destination: endA))
      }
    }
    let directions = directions
    try InsertStatement.Text.hold(scratch) { text in
      try streams.insert(count: directions.count) { row, index in
        bind(row, directions[index], of: conversations[directions[index].conversation], text)
      }
    }
    let own = conversations.indices.filter { conversations[$0].shownBy == nil }
    try flows.insert(count: own.count) { row, index in
      conversations[own[index]].flow.bind(to: row)
    }
    if own.count < conversations.count { try sightings.write(echoesOf: conversations) }
  }

  private func bind(
    _ row: InsertStatement.Row, _ stream: Stream, of fact: ConversationFact,
    _ text: InsertStatement.Text
  ) {
    let (conversation, isB) = (fact.conversation, stream.isB)
    let direction = isB ? conversation.b : conversation.a
    let handshake = isB ? fact.handshakeB : fact.handshakeA
    row.bind(1, conversation.id * 2 + (isB ? 1 : 0))
    row.bind(2, captureID)
    row.bind(3, isB ? fact.linkB : fact.linkA)
    row.bind(4, conversation.protocolNumber)
    bind(row, 5, text, stream.source)
    row.bind(6, isB ? conversation.portB : conversation.portA)
    bind(row, 7, text, stream.destination)
    row.bind(8, isB ? conversation.portA : conversation.portB)
    row.bind(9, isB ? nil : conversation.key)
    row.bind(10, direction.packets)
    row.bind(11, direction.bytes)
    row.bind(12, direction.payloadBytes)
    row.bind(13, direction.firstPacket)
    row.bind(14, direction.firstTime.flatMap { first in direction.lastTime.map { $0 &- first } })
    row.bind(15, handshake.flags.map { Int64($0) | Int64(direction.control.rawValue & 0x300) })
    row.bind(16, direction.initialSequence)
    row.bind(17, handshake.maximumSegmentSize)
    row.bind(18, handshake.windowScale)
    row.bind(19, isB ? nil : fact.application?.rawValue)
  }

  /// Appends an address to the scratch text; where it stands there, or `nil` for none.
  private func append(_ address: NetworkAddress?) -> Range<Int>? {
    guard let address else { return nil }
    let start = scratch.count
    if address.kind == .name, hostNames.indices.contains(Int(clamping: address.low)) {
      scratch.append(contentsOf: hostNames[Int(clamping: address.low)].utf8)
    } else {
      address.write(to: &scratch)
    }
    return start..<scratch.count
  }

  private func bind(
    _ row: InsertStatement.Row, _ index: Int32, _ text: InsertStatement.Text,
    _ range: Range<Int>?
  ) {
    guard let range else { return row.bind(index, nil as Int64?) }
    row.bind(index, text, start: range.lowerBound, count: range.count)
  }

  private func bind(
    _ row: InsertStatement.Row, _ index: Int32, _ text: InsertStatement.Text,
    _ range: TextRange?
  ) {
    guard let range else { return row.bind(index, nil as Int64?) }
    row.bind(index, text, start: Int(range.start), count: Int(range.count))
  }

  private func bind(
    _ row: InsertStatement.Row, _ message: DNSRecord, at position: Int64,
    _ text: InsertStatement.Text
  ) {
    row.bind(1, packetID(message.packetNumber))
    row.bind(2, position)
    row.bind(3, message.overTCP)
    row.bind(4, message.identifier)
    row.bind(5, message.isResponse)
    row.bind(6, message.opcode)
    row.bind(7, message.responseCode)
    row.bind(8, message.authoritative)
    row.bind(9, message.truncated)
    row.bind(10, message.recursionDesired)
    row.bind(11, message.recursionAvailable)
    bind(row, 12, text, message.questionName)
    row.bind(13, message.questionType)
    row.bind(14, message.questionClass)
    row.bind(15, message.questionCount)
    row.bind(16, message.answerCount)
    row.bind(17, message.authorityCount)
    row.bind(18, message.additionalCount)
    row.bind(19, message.ednsPayloadSize)
    bind(row, 20, text, message.answers)
    bind(row, 21, text, message.authority)
    bind(row, 22, text, message.additional)
  }

  private func bind(
    _ row: InsertStatement.Row, _ message: ICMPRecord, key: Int64?, _ text: InsertStatement.Text
  ) {
    let quoted = message.quoted
    row.bind(1, packetID(message.packetNumber))
    row.bind(2, message.version)
    row.bind(3, message.type)
    row.bind(4, message.code)
    row.bind(5, message.identifier)
    row.bind(6, message.sequence)
    row.bind(7, message.nextHopMTU)
    row.bind(8, copying: message.gateway.map(addressText))
    row.bind(9, copying: quoted?.source.map(addressText))
    row.bind(10, quoted?.sourcePort)
    row.bind(11, copying: quoted?.destination.map(addressText))
    row.bind(12, quoted?.destinationPort)
    row.bind(13, quoted?.protocolNumber)
    row.bind(14, quoted?.identification)
    row.bind(15, quoted?.length)
    row.bind(16, quoted?.tcpSequence)
    row.bind(17, quoted?.dnsIdentifier)
    bind(row, 18, text, quoted?.dnsQuestionName)
    row.bind(19, quoted?.dnsQuestionType)
    row.bind(20, key)
  }

  private func bind(_ row: InsertStatement.Row, _ packet: ARPRecord) {
    row.bind(1, packetID(packet.packetNumber))
    row.bind(2, packet.operation)
    row.bind(3, copying: packet.senderHardware.map(Self.hardwareAddressText))
    row.bind(4, copying: packet.senderAddress.map(addressText))
    row.bind(5, copying: packet.targetHardware.map(Self.hardwareAddressText))
    row.bind(6, copying: packet.targetAddress.map(addressText))
  }

  private func bind(_ row: InsertStatement.Row, _ fault: DecodingFault) {
    row.bind(1, nil as Int64?)
    row.bind(2, captureID)
    row.bind(3, fault.packetNumber > 0 ? packetID(fault.packetNumber) : nil)
    row.bind(4, Int64(fault.offset))
    row.bind(5, copying: fault.kind.name)
    row.bind(6, copying: fault.layer.name)
    row.bind(7, copying: fault.message)
  }

  private func addressText(_ address: NetworkAddress) -> String {
    if address.kind == .name, hostNames.indices.contains(Int(clamping: address.low)) {
      return hostNames[Int(clamping: address.low)]
    }
    return Self.addressText(address)
  }

  /// Dotted decimal for IPv4, RFC 5952 for IPv6.
  static func addressText(_ address: NetworkAddress) -> String {
    var text: [UInt8] = []
    address.write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// An EUI-48 address as `16:47:eb:ab:aa:87`.
  static func hardwareAddressText(_ address: UInt64) -> String {
    (0..<6).map { index in
      let octet = String(address >> UInt64(40 - 8 * index) & 0xff, radix: 16)
      return octet.count == 1 ? "0" + octet : octet
    }.joined(separator: ":")
  }
}

extension Flow {
  /// Binds the columns of `derived_flow`.
  func bind(to row: InsertStatement.Row) {
    row.bind(1, id)
    row.bind(2, clientIsA)
    row.bind(3, firstTime.flatMap { first in lastTime.map { $0 &- first } })
    row.bind(4, toServer.packets)
    row.bind(5, toClient.packets)
    row.bind(6, toServer.bytes)
    row.bind(7, toClient.bytes)
    row.bind(8, state?.rawValue)
  }
}

extension DecodingFault.Kind {
  var name: String {
    switch self {
    case .cut: "cut"
    case .malformed: "malformed"
    case .notUnderstood: "not understood"
    case .incomplete: "incomplete"
    }
  }
}
