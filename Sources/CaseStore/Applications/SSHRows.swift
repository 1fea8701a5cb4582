import PacketDecoding

extension SSHBanner: ApplicationRow {
  static let table = "fact_ssh_banner"
  static let columns = 3

  func add(to row: inout ApplicationColumns) {
    row.add(protocolVersion)
    row.add(software)
    row.add(comments)
  }
}
