import PacketDecoding

extension SMBMessage: ApplicationRow {
  static let table = "fact_smb_message"
  static let columns = 21

  func add(to row: inout ApplicationColumns) {
    row.add(version)
    row.add(command)
    row.add(isResponse)
    row.add(messageID)
    row.add(sessionID)
    row.add(treeID)
    row.add(status)
    row.add(dialect)
    row.add(tree)
    row.add(fileName)
    row.add(domain)
    row.add(userName)
    row.add(workstation)
    row.add(requiresSigning)
    row.add(isGuest)
    row.add(request)
    row.add(treeConnect)
    row.add(authentication)
  }
}
