import PacketDecoding

extension DHCPv6Message: ApplicationRow {
  static let table = "fact_dhcpv6_message"
  static let columns = 17

  func add(to row: inout ApplicationColumns) {
    row.add(messageType)
    row.add(transactionID)
    row.add(relays)
    row.add(linkAddress)
    row.add(peerAddress)
    row.add(interfaceID)
    row.add(clientDUID)
    row.add(serverDUID)
    row.add(addresses)
    row.add(prefixes)
    row.add(validSeconds)
    row.add(statusCode)
    row.add(statusMessage)
    row.add(dnsServers)
    row.add(domains)
    row.add(fqdn)
    row.add(parameters)
  }
}
