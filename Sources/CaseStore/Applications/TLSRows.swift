import PacketDecoding

extension TLSHandshake: ApplicationRow {
  static let table = "fact_tls_handshake"
  static let columns = 12

  func add(to row: inout ApplicationColumns) {
    row.add(isServer)
    row.add(isRetryRequest)
    row.add(transport.rawValue)
    row.add(version)
    row.add(legacyVersion)
    row.add(serverName)
    row.add(alpn)
    row.add(cipherSuite)
    row.add(isResumed)
    row.add(ja3Text)
    row.add(ja3)
    row.add(ja4)
  }
}

extension TLSCertificate: ApplicationRow {
  static let table = "fact_tls_certificate"
  static let columns = 15

  func add(to row: inout ApplicationColumns) {
    row.add(isServer)
    row.add(chainLength)
    row.add(sha256)
    row.add(fields?.subject)
    row.add(fields?.issuer)
    row.add(fields?.alternativeNames)
    row.add(fields?.validity.notBefore)
    row.add(fields?.validity.notAfter)
    row.add(fields?.validity.notBeforeText)
    row.add(fields?.validity.notAfterText)
    row.add(fields?.serial)
    row.add(fields?.isSelfIssued)
    row.add(fields?.keyType)
    row.add(fields?.keyBits)
    row.add(fields?.signatureAlgorithm)
  }
}

extension TLSAlert: ApplicationRow {
  static let table = "fact_tls_alert"
  static let columns = 4

  func add(to row: inout ApplicationColumns) {
    row.add(isEncrypted)
    row.add(isServer)
    row.add(level)
    row.add(description)
  }
}
