import Correlation
import GRDB
import PacketDecoding

/// Writes the batches of one capture: each record a row, through statements prepared once.
final class FactWriter {
  private let packets, streams, dns, icmp, arp, fragments, lines, links: InsertStatement
  private let faults, flows, transactions, retries: InsertStatement
  private let captureID: Int64
  /// Octets of a row's texts, while they are bound.
  private var scratch: [UInt8] = []
  /// The names that a printed capture uses for hosts, by number.
  var hostNames: [String] = []

  init(_ database: Database, captureID: Int64) throws {
    self.captureID = captureID
    func insert(_ table: String, _ columns: Int) throws -> InsertStatement {
      try InsertStatement(database, into: table, columns: columns)
    }
    packets = try insert("fact_packet", 12)
    streams = try insert("fact_stream", 18)
    dns = try insert("fact_dns_message", 21)
    icmp = try insert("fact_icmp_message", 20)
    arp = try insert("fact_arp_message", 6)
    fragments = try insert("fact_fragment", 3)
    lines = try insert("fact_printed_line", 3)
    links = try insert("fact_link", 8)
    faults = try insert("fact_fault", 7)
    flows = try insert("derived_flow", 8)
    transactions = try insert("derived_dns_transaction", 9)
    retries = try insert("derived_dns_retry", 2)
  }

  private func packetID(_ number: Int64) -> Int64 { captureID << 32 | number }

  func write(_ batch: FactBatch) throws {
    try write(packets: batch)
    for link in batch.links { try write(link) }
    for conversation in batch.conversations { try write(conversation) }
    try InsertStatement.Text.hold(batch.records.text) { text in
      for message in batch.records.dns { try write(message, text) }
      for (index, message) in batch.records.icmp.enumerated() {
        try write(message, key: batch.quotedKeys[index], text)
      }
    }
    for packet in batch.records.arp { try write(packet) }
    for line in batch.records.lines {
      lines.bind(1, packetID(line.packetNumber))
      lines.bind(2, line.firstLine)
      lines.bind(3, line.lastLine)
      try lines.insert()
    }
    for fault in batch.records.faults { try write(fault) }
    for transaction in batch.transactions { try transaction.write(to: transactions) }
    for retry in batch.retries { try retry.write(to: retries) }
  }

  private func write(packets batch: FactBatch) throws {
    for (index, packet) in batch.records.packets.enumerated() {
      let row = packets
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
      try row.insert()
      if let fragment = packet.network.fragment {
        fragments.bind(1, id)
        fragments.bind(2, Int64(fragment.offset))
        fragments.bind(3, fragment.moreFragments)
        try fragments.insert()
      }
    }
  }

  private func write(_ link: LinkFact) throws {
    links.bind(1, link.id)
    links.bind(2, captureID)
    links.bind(3, Int64(link.interface))
    links.bind(4, copying: link.header.source.map(hardwareAddressText))
    links.bind(5, copying: link.header.destination.map(hardwareAddressText))
    links.bind(6, link.header.etherType)
    let vlans = link.header.vlanIdentifiers
    links.bind(
      7, copying: vlans.isEmpty ? nil : vlans.map(String.init).joined(separator: ","))
    links.bind(8, link.header.interfaceIndex)
    try links.insert()
  }

  /// The two directions' rows, as far as both were seen, and the flow's.
  private func write(_ fact: ConversationFact) throws {
    scratch.removeAll(keepingCapacity: true)
    let endA = append(fact.addressA)
    let endB = append(fact.addressB)
    let conversation = fact.conversation
    try InsertStatement.Text.hold(scratch) { text in
      func write(
        _ id: Int64, _ direction: Conversation.Direction, _ source: Range<Int>?,
        _ sourcePort: UInt16?,
        _ destination: Range<Int>?, _ destinationPort: UInt16?, _ link: Int64?,
        _ handshake: ConversationFact.Handshake
      ) throws {
        let row = streams
        row.bind(1, id)
        row.bind(2, captureID)
        row.bind(3, link)
        row.bind(4, conversation.protocolNumber)
        bind(row, 5, text, source)
        row.bind(6, sourcePort)
        bind(row, 7, text, destination)
        row.bind(8, destinationPort)
        row.bind(9, id % 2 == 0 ? conversation.key : nil)
        row.bind(10, direction.packets)
        row.bind(11, direction.bytes)
        row.bind(12, direction.payloadBytes)
        row.bind(13, direction.firstPacket)
        row.bind(
          14, direction.firstTime.flatMap { first in direction.lastTime.map { $0 &- first } })
        row.bind(
          15, handshake.flags.map { Int64($0) | Int64(direction.control.rawValue & 0x300) })
        row.bind(16, direction.initialSequence)
        row.bind(17, handshake.maximumSegmentSize)
        row.bind(18, handshake.windowScale)
        try row.insert()
      }
      if conversation.a.packets > 0 {
        try write(
          conversation.id * 2, conversation.a, endA, conversation.portA, endB, conversation.portB,
          fact.linkA, fact.handshakeA)
      }
      if conversation.b.packets > 0 {
        try write(
          conversation.id * 2 + 1, conversation.b, endB, conversation.portB, endA,
          conversation.portA, fact.linkB, fact.handshakeB)
      }
    }
    try fact.flow.write(to: flows)
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
    _ row: InsertStatement, _ index: Int32, _ text: InsertStatement.Text,
    _ range: Range<Int>?
  ) {
    guard let range else { return row.bind(index, nil as Int64?) }
    row.bind(index, text, start: range.lowerBound, count: range.count)
  }

  private func bind(
    _ row: InsertStatement, _ index: Int32, _ text: InsertStatement.Text,
    _ range: TextRange?
  ) {
    guard let range else { return row.bind(index, nil as Int64?) }
    row.bind(index, text, start: Int(range.start), count: Int(range.count))
  }

  private func write(_ message: DNSRecord, _ text: InsertStatement.Text) throws {
    let row = dns
    row.bind(1, packetID(message.packetNumber))
    row.bind(2, message.overTCP)
    row.bind(3, message.identifier)
    row.bind(4, message.isResponse)
    row.bind(5, message.opcode)
    row.bind(6, message.responseCode)
    row.bind(7, message.authoritative)
    row.bind(8, message.truncated)
    row.bind(9, message.recursionDesired)
    row.bind(10, message.recursionAvailable)
    bind(row, 11, text, message.questionName)
    row.bind(12, message.questionType)
    row.bind(13, message.questionClass)
    row.bind(14, message.questionCount)
    row.bind(15, message.answerCount)
    row.bind(16, message.authorityCount)
    row.bind(17, message.additionalCount)
    row.bind(18, message.ednsPayloadSize)
    bind(row, 19, text, message.answers)
    bind(row, 20, text, message.authority)
    bind(row, 21, text, message.additional)
    try row.insert()
  }

  private func write(
    _ message: ICMPRecord, key: Int64?, _ text: InsertStatement.Text
  ) throws {
    let row = icmp
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
    try row.insert()
  }

  private func write(_ packet: ARPRecord) throws {
    arp.bind(1, packetID(packet.packetNumber))
    arp.bind(2, packet.operation)
    arp.bind(3, copying: packet.senderHardware.map(hardwareAddressText))
    arp.bind(4, copying: packet.senderAddress.map(addressText))
    arp.bind(5, copying: packet.targetHardware.map(hardwareAddressText))
    arp.bind(6, copying: packet.targetAddress.map(addressText))
    try arp.insert()
  }

  private func write(_ fault: DecodingFault) throws {
    faults.bind(1, nil as Int64?)
    faults.bind(2, captureID)
    faults.bind(3, fault.packetNumber > 0 ? packetID(fault.packetNumber) : nil)
    faults.bind(4, Int64(fault.offset))
    faults.bind(5, copying: fault.kind.name)
    faults.bind(6, copying: fault.layer.name)
    faults.bind(7, copying: fault.message)
    try faults.insert()
  }

  private func addressText(_ address: NetworkAddress) -> String {
    if address.kind == .name, hostNames.indices.contains(Int(clamping: address.low)) {
      return hostNames[Int(clamping: address.low)]
    }
    var text: [UInt8] = []
    address.write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// An EUI-48 address as `16:47:eb:ab:aa:87`.
  private func hardwareAddressText(_ address: UInt64) -> String {
    (0..<6).map { index in
      let octet = String(address >> UInt64(40 - 8 * index) & 0xff, radix: 16)
      return octet.count == 1 ? "0" + octet : octet
    }.joined(separator: ":")
  }
}

extension Flow {
  /// Inserts the row through a statement for `derived_flow`.
  func write(to row: InsertStatement) throws {
    row.bind(1, id)
    row.bind(2, clientIsA)
    row.bind(3, firstTime.flatMap { first in lastTime.map { $0 &- first } })
    row.bind(4, toServer.packets)
    row.bind(5, toClient.packets)
    row.bind(6, toServer.bytes)
    row.bind(7, toClient.bytes)
    row.bind(8, state?.rawValue)
    try row.insert()
  }
}

extension DecodingFault.Kind {
  var name: String {
    switch self {
    case .cut: "cut"
    case .malformed: "malformed"
    case .notUnderstood: "not understood"
    }
  }
}
