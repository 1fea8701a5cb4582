import PacketDecoding

extension RTPStream: ApplicationRow {
  static let table = "fact_rtp_stream"
  static let columns = 4

  func add(to row: inout ApplicationColumns) {
    row.add(packet: firstPacketNumber)
    row.add(payloadType)
    row.add(ssrc)
    row.add(packet: announcedBy)
  }
}
