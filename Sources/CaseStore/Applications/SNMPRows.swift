import PacketDecoding

extension SNMPMessage: ApplicationRow {
  static let table = "fact_snmp_message"
  static let columns = 17

  func add(to row: inout ApplicationColumns) {
    row.add(version)
    row.add(pduType)
    row.add(messageID)
    row.add(requestID)
    row.add(errorStatus)
    row.add(errorIndex)
    row.add(firstOID)
    row.add(variableCount)
    row.add(hasDefaultCommunity)
    row.add(userName)
    row.add(flags)
    row.add(isEncrypted)
    row.add(enterprise)
    row.add(agentAddress)
    row.add(genericTrap)
    row.add(specificTrap)
    row.add(trapOID)
  }
}
