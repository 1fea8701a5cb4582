import PacketDecoding

extension SIPMessage: ApplicationRow {
  static let table = "fact_sip_message"
  static let columns = 14

  func add(to row: inout ApplicationColumns) {
    row.add(isResponse)
    row.add(method)
    row.add(requestURI)
    row.add(status)
    row.add(reason)
    row.add(from)
    row.add(to)
    row.add(callID)
    row.add(sequence)
    row.add(userAgent)
    row.add(contact)
    row.add(media?.type)
    row.add(media?.address)
    row.add(media?.port)
  }
}
