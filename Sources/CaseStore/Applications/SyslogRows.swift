import PacketDecoding

extension SyslogMessage: ApplicationRow {
  static let table = "fact_syslog_message"
  static let columns = 10

  func add(to row: inout ApplicationColumns) {
    row.add(facility)
    row.add(severity)
    row.add(version)
    row.add(timestamp)
    row.add(host)
    row.add(app)
    row.add(process)
    row.add(messageID)
    row.add(structuredData)
    row.add(message)
  }
}
