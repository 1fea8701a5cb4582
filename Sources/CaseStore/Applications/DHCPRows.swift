import PacketDecoding

extension DHCPMessage: ApplicationRow {
  static let table = "fact_dhcp_message"
  static let columns = 29

  func add(to row: inout ApplicationColumns) {
    row.add(operation)
    row.add(messageType)
    row.add(transactionID)
    row.add(seconds)
    row.add(isBroadcast)
    row.add(clientHardware)
    row.add(clientAddress)
    row.add(yourAddress)
    row.add(serverAddress)
    row.add(relayAddress)
    row.add(serverIdentifier)
    row.add(requestedAddress)
    row.add(leaseSeconds)
    row.add(subnetMask)
    row.add(routers)
    row.add(dnsServers)
    row.add(domain)
    row.add(hostName)
    row.add(fqdn)
    row.add(vendorClass)
    row.add(clientIdentifier)
    row.add(message)
    row.add(parameters)
    row.add(routes)
    row.add(proxyURL)
    row.add(serverName)
    row.add(bootFile)
    row.add(circuitID)
    row.add(remoteID)
  }
}
