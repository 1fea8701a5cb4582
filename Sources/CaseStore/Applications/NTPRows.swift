import PacketDecoding

extension NTPMessage: ApplicationRow {
  static let table = "fact_ntp_message"
  static let columns = 17

  func add(to row: inout ApplicationColumns) {
    row.add(version)
    row.add(mode)
    row.add(leap)
    row.add(stratum)
    row.add(poll)
    row.add(precision)
    row.add(rootDelay)
    row.add(rootDispersion)
    row.add(referenceID)
    row.add(referenceTime)
    row.add(originTime)
    row.add(receiveTime)
    row.add(transmitTime)
    row.add(keyID)
    row.add(code)
    row.add(isResponse)
    row.add(items)
  }
}
