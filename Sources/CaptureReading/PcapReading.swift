/// The records of a pcap file: a header, then the packet's octets, and so on to the end.
///
/// Source: draft-ietf-opsawg-pcap, section 5.
extension CaptureReader {
  func nextPcapPacket(
    _ file: PcapFileHeader, _ body: (RawPacket, RawSpan) throws -> Void
  ) throws -> Bool {
    let headerLength = file.recordHeaderLength
    while !isFinished {
      let offset = source.position
      let number = packetNumber + 1
      guard source.require(headerLength),
        let record = source.withOctets(headerLength, { PcapRecordHeader($0, file) })
      else {
        if source.available == 0 {
          finishAtEnd()
        } else {
          stopCut(
            at: offset, packet: number,
            "packet \(number): its record header holds \(source.available) of "
              + "\(headerLength) octets")
        }
        return false
      }
      guard record.capturedLength <= Self.longestPacket else {
        stop(
          .malformed, at: offset, packet: number,
          "packet \(number) claims \(record.capturedLength) captured octets, more than the "
            + "\(Self.longestPacket) that are believed")
        return false
      }
      let total = headerLength + Int(record.capturedLength)
      guard source.require(total) else {
        stopCut(
          at: offset, packet: number,
          "packet \(number) holds \(source.available - headerLength) of "
            + "\(record.capturedLength) captured octets")
        return false
      }
      // At most 2^32 seconds and 2^32 thousands of nanoseconds: less than 2^63.
      let packet = RawPacket(
        number: number,
        timestamp: Int64(record.seconds) * 1_000_000_000
          + Int64(record.fraction) * (file.hasNanoseconds ? 1 : 1_000),
        offset: offset, capturedLength: Int(record.capturedLength), length: Int64(record.length),
        interface: 0, linkType: file.linkType)
      packetNumber = number
      defer { source.consume(total) }
      let isTaken = try source.withOctets(total) { octets in
        try handOut(packet, octets, headerLength..<total, body)
      }
      guard isTaken else { continue }
      let second: UInt32 = file.hasNanoseconds ? 1_000_000_000 : 1_000_000
      if record.fraction >= second {
        note(
          .malformed, at: offset, packet: number,
          "packet \(number): the fraction of its second, \(record.fraction), is not below "
            + "\(second); it is added to the seconds.")
      }
      return true
    }
    return false
  }
}

extension CaptureInterface {
  /// The interface that the header of a pcap file implies.
  init(_ header: PcapFileHeader) {
    self.init(index: 0, section: 0, linkType: header.linkType, snapLength: header.snapLength)
    timestampUnitsPerSecond = header.hasNanoseconds ? 1_000_000_000 : 1_000_000
  }
}
