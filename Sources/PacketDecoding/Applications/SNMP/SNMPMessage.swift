/// A message of SNMP: RFC 1157 (version 1), RFC 3416 (2c), RFC 3412 and 3414 (3). Communities and the values
/// of variables are not kept.
public struct SNMPMessage: Equatable, Sendable {
  /// The packet that holds it.
  public var packetNumber: Int64
  /// As on the wire: 0 for version 1, 1 for 2c, 3 for 3.
  public var version: UInt8
  /// Its tag's number, from 0 for a get-request to 8 for a report; `nil` where it is encrypted.
  public var pduType: UInt8?
  /// Of version 3: what a response repeats, also where the PDU is encrypted.
  public var messageID: Int64?
  /// What a response repeats; `nil` where the PDU is encrypted, and in a trap of version 1.
  public var requestID: Int64?
  /// In a get-bulk-request, the variables that are asked for once.
  public var errorStatus: Int64?
  /// In a get-bulk-request, how often the others are asked for.
  public var errorIndex: Int64?
  /// The first variable, such as `1.3.6.1.2.1.1.5.0`; `nil` for none.
  public var firstOID: TextRange?
  /// Variables of the PDU; `nil` where it is encrypted, or they cannot be read to their end.
  public var variableCount: Int64?
  /// Whether the community is one that devices come with: `public` or `private`.
  public var hasDefaultCommunity: Bool?
  /// Of version 3, as the next two.
  public var userName: TextRange?
  /// msgFlags: 1 authenticated, 2 encrypted, 4 reportable.
  public var flags: UInt8?
  /// Whether the PDU is encrypted: RFC 3412, 6.
  public var isEncrypted = false
  /// Of a trap of version 1, as the next three.
  public var enterprise: TextRange?
  /// `agent-addr`: whom it is about, as the sender says.
  public var agentAddress: NetworkAddress?
  /// 0 coldStart to 5 egpNeighborLoss, 6 enterpriseSpecific: RFC 1157, 4.1.6.
  public var genericTrap: Int64?
  /// Which, where `genericTrap` is 6.
  public var specificTrap: Int64?
  /// What a trap or inform of version 2 is about: the value of snmpTrapOID.0.
  public var trapOID: TextRange?

  init(packetNumber: Int64, version: UInt8) {
    (self.packetNumber, self.version) = (packetNumber, version)
  }
}

extension SNMPMessage: DatagramApplication {
  static let name = ProtocolName.snmp
  /// Of agents, and of those whom they tell of events.
  static let ports: ClosedRange<UInt16> = 161...162

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    var whole = BERElements(0..<payload.byteCount)
    guard var parts = whole.enter(payload, BERElement.sequence),
      let version = parts.integer(payload), [0, 1, 3].contains(version),
      let next = BERElement(payload, parts.rest),
      next.tag == (version == 3 ? BERElement.sequence : BERElement.octetString)
    else { return false }
    var message = SNMPMessage(
      packetNumber: context.packetNumber, version: UInt8(truncatingIfNeeded: version))
    let isRead =
      version == 3
      ? message.readThird(payload, &parts, &batch)
      : message.readCommunity(payload, &parts) && message.readPDU(payload, &parts, &batch)
    if !isRead {
      context.fault(
        context.isCut ? .cut : .malformed, .snmp, at: 0,
        "an SNMP message that cannot be read to its end", &batch)
    }
    batch.snmp.append(message)
    return true
  }
}

extension SNMPMessage {
  private mutating func readCommunity(_ octets: RawSpan, _ parts: inout BERElements) -> Bool {
    guard let community = parts.next(octets, BERElement.octetString) else { return false }
    let length = community.content.count
    let start = community.content.lowerBound
    hasDefaultCommunity =
      length == 6 && octets.starts(with: "public", at: start)
      || length == 7 && octets.starts(with: "private", at: start)
    return true
  }

  /// RFC 3412, 6, and RFC 3414, 2.4.
  private mutating func readThird(
    _ octets: RawSpan, _ parts: inout BERElements, _ batch: inout RecordBatch
  ) -> Bool {
    guard var header = parts.enter(octets, BERElement.sequence),
      let identifier = header.integer(octets), header.integer(octets) != nil,
      let flags = header.next(octets, BERElement.octetString),
      let model = header.integer(octets),
      let security = parts.next(octets, BERElement.octetString)
    else { return false }
    messageID = identifier
    self.flags = octets.octet(at: flags.content.lowerBound).map { $0 & 7 }
    // The user-based security model.
    if model == 3 {
      var outer = BERElements(security.content)
      guard var parameters = outer.enter(octets, BERElement.sequence),
        parameters.next(octets, BERElement.octetString) != nil,
        parameters.integer(octets) != nil, parameters.integer(octets) != nil,
        let user = parameters.next(octets, BERElement.octetString)
      else { return false }
      userName = batch.append(octets, user.content)
    }
    if let data = BERElement(octets, parts.rest), data.tag == BERElement.octetString {
      isEncrypted = true
      return data.missing == 0
    }
    guard var scoped = parts.enter(octets, BERElement.sequence),
      scoped.next(octets, BERElement.octetString) != nil,
      scoped.next(octets, BERElement.octetString) != nil
    else { return false }
    return readPDU(octets, &scoped, &batch)
  }

  /// RFC 3416, 3, and for the trap of version 1, RFC 1157, 4.1.6.
  private mutating func readPDU(
    _ octets: RawSpan, _ parts: inout BERElements, _ batch: inout RecordBatch
  ) -> Bool {
    guard let first = BERElement(octets, parts.rest), 0xa0...0xa8 ~= first.tag,
      var pdu = parts.enter(octets, first.tag)
    else { return false }
    pduType = first.tag & 0x1f
    if first.tag == 0xa4 {
      guard let enterprise = pdu.next(octets, BERElement.objectIdentifier),
        let agent = pdu.next(octets, 0x40), let generic = pdu.integer(octets),
        let specific = pdu.integer(octets), pdu.next(octets, 0x43) != nil
      else { return false }
      self.enterprise = batch.append(oid: octets, enterprise.content)
      if agent.content.count == 4 {
        agentAddress = octets.ipv4Address(at: agent.content.lowerBound)
      }
      (genericTrap, specificTrap) = (generic, specific)
    } else {
      requestID = pdu.integer(octets)
      errorStatus = pdu.integer(octets)
      errorIndex = pdu.integer(octets)
      guard requestID != nil, errorStatus != nil, errorIndex != nil else { return false }
    }
    return readVariables(octets, &pdu, &batch)
  }

  /// The object identifier of snmpTrapOID.0 as it is encoded: RFC 3418.
  private static let trapOID: StaticString = "\u{2b}\u{6}\u{1}\u{6}\u{3}\u{1}\u{1}\u{4}\u{1}\u{0}"

  private mutating func readVariables(
    _ octets: RawSpan, _ pdu: inout BERElements, _ batch: inout RecordBatch
  ) -> Bool {
    guard var list = pdu.enter(octets, BERElement.sequence) else { return false }
    var count: Int64 = 0
    while !list.rest.isEmpty {
      guard var variable = list.enter(octets, BERElement.sequence),
        let name = variable.next(octets, BERElement.objectIdentifier),
        let value = variable.next(octets)
      else { return false }
      if count == 0 { firstOID = batch.append(oid: octets, name.content) }
      if trapOID == nil, value.tag == BERElement.objectIdentifier, name.content.count == 10,
        octets.starts(with: Self.trapOID, at: name.content.lowerBound)
      {
        trapOID = batch.append(oid: octets, value.content)
      }
      count += 1
    }
    variableCount = count
    return true
  }
}
