/// The header of a UDP datagram: RFC 768; for a length of zero, RFC 2675.
struct UDPHeader {
  var sourcePort: UInt16
  var destinationPort: UInt16
  /// Octets of header and data, as the sender wrote it; 0 in a jumbogram.
  var length: Int

  static let size = 8

  /// - Returns: `nil` when fewer than 8 octets are there.
  init?(_ bytes: RawSpan, at start: Int) {
    guard let source = bytes.bigEndian(at: start, as: UInt16.self),
      let destination = bytes.bigEndian(at: start + 2, as: UInt16.self),
      let length = bytes.bigEndian(at: start + 4, as: UInt16.self),
      bytes.octet(at: start + 7) != nil
    else { return nil }
    (sourcePort, destinationPort, self.length) = (source, destination, Int(length))
  }
}

extension PacketDecoder {
  /// - Parameter datagramLength: Octets of header and data by IP's count.
  mutating func decodeUDP(
    _ bytes: RawSpan, _ start: Int, _ end: Int, datagramLength: Int, isWhole: Bool,
    _ batch: inout RecordBatch
  ) {
    let mayBeJumbogram = record.protocolReached == .ipv6
    guard end - start >= UDPHeader.size, let header = UDPHeader(bytes, at: start) else {
      keepPorts(bytes, start, end)
      return missing(
        .udp, at: start, "octets of the UDP header", found: end - start,
        expected: UDPHeader.size, &batch)
    }
    record.protocolReached = .udp
    record.transport.sourcePort = header.sourcePort
    record.transport.destinationPort = header.destinationPort
    let data = start + UDPHeader.size
    guard header.length >= UDPHeader.size || header.length == 0 && mayBeJumbogram else {
      return fault(
        .malformed, .udp, at: start + 4, "UDP length below the header length",
        found: header.length, expected: UDPHeader.size, &batch)
    }
    let claimed = header.length == 0 ? datagramLength : header.length
    record.transport.payloadLength = Int32(clamping: claimed - UDPHeader.size)
    if claimed > datagramLength && isWhole {
      fault(
        .malformed, .udp, at: start + 4, "UDP length beyond the end of the datagram",
        found: datagramLength, expected: claimed, &batch)
    }
    let dataEnd = start + min(claimed, end - start)
    if claimed <= end - start { isCut = false }
    if isWhole && data < dataEnd
      && (header.sourcePort == DNSMessage.port || header.destinationPort == DNSMessage.port)
    {
      decodeDNSOverUDP(bytes, data, dataEnd, &batch)
    } else if isWhole && data < dataEnd {
      if depth == .applications, !isRepetition,
        decodeDatagramApplication(bytes, data, dataEnd, &batch)
      {
        return
      }
      decodeUDPTunnel(header, bytes, data, dataEnd, &batch)
    }
  }
}
