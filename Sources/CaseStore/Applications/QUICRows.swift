import PacketDecoding

extension QUICPacket: ApplicationRow {
  static let table = "fact_quic_packet"
  static let columns = 12

  func add(to row: inout ApplicationColumns) {
    row.add(kind?.rawValue)
    row.add(version)
    row.add(versionName)
    row.add(destinationID)
    row.add(sourceID)
    row.add(tokenLength)
    row.add(supportedVersions)
    row.add(isClient)
    row.add(isDecrypted)
    row.add(serverName)
    row.add(closeError)
    row.add(closeReason)
  }
}
