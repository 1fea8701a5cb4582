// What stands behind the header of the messages that are kept; offsets count from the header.

extension SMBMessage {
  /// [MS-SMB2], 2.2.4 (NEGOTIATE) and 2.2.6 (SESSION_SETUP).
  mutating func readResponse(
    _ command: SMB2Command, _ octets: RawSpan, _ batch: inout RecordBatch
  ) {
    guard status == 0 else { return }
    switch command {
    case .negotiate:
      guard let mode = octets.littleEndian(at: 66, as: UInt16.self),
        let revision = octets.littleEndian(at: 68, as: UInt16.self)
      else { return }
      requiresSigning = mode & 2 != 0
      let start = batch.text.count
      batch.append(dialect: revision)
      dialect = TextRange(start: start, count: batch.text.count - start)
    case .sessionSetup:
      isGuest = octets.littleEndian(at: 66, as: UInt16.self).map { $0 & 1 != 0 }
    case .logoff, .treeConnect, .create: return
    }
  }

  /// [MS-SMB2], 2.2.3 (NEGOTIATE), 2.2.5 (SESSION_SETUP), 2.2.9 (TREE_CONNECT), 2.2.13 (CREATE).
  ///
  /// - Parameter isWhole: Whether all of it is there.
  mutating func readRequest(
    _ command: SMB2Command, _ octets: RawSpan, isWhole: Bool, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) {
    func field(_ place: Int) -> Range<Int>? {
      guard let offset = octets.littleEndian(at: place, as: UInt16.self),
        let length = octets.littleEndian(at: place + 2, as: UInt16.self)
      else { return nil }
      let end = Int(offset) + Int(length)
      if length == 0 { return 0..<0 }
      guard Int(offset) >= SMB2Header.size, end <= octets.byteCount || !isWhole else {
        context.fault(
          .malformed, .smb2, at: 0, "a field beyond the end of its message", found: end,
          expected: octets.byteCount, &batch)
        return nil
      }
      return min(Int(offset), octets.byteCount)..<min(end, octets.byteCount)
    }
    switch command {
    case .negotiate: readOffer(octets, &batch)
    case .sessionSetup:
      requiresSigning = octets.octet(at: 67).map { $0 & 2 != 0 }
      guard let range = field(76),
        let user = NTLMSSPAuthentication(octets, range, into: &batch)
      else { return }
      (domain, userName, workstation) = (user.domain, user.userName, user.workstation)
    case .treeConnect: tree = field(68).map { batch.append(utf16: octets, $0) }
    case .create: fileName = field(108).map { batch.append(utf16: octets, $0) }
    case .logoff: return
    }
  }

  private mutating func readOffer(_ octets: RawSpan, _ batch: inout RecordBatch) {
    guard let count = octets.littleEndian(at: 66, as: UInt16.self),
      let mode = octets.littleEndian(at: 68, as: UInt16.self)
    else { return }
    requiresSigning = mode & 2 != 0
    let start = batch.text.count
    // There are five.
    for index in 0..<min(Int(count), 16) {
      guard let revision = octets.littleEndian(at: 100 + 2 * index, as: UInt16.self) else { break }
      if index > 0 { batch.text.append(contentsOf: ", ".utf8) }
      batch.append(dialect: revision)
    }
    dialect = TextRange(start: start, count: batch.text.count - start)
  }
}

extension RecordBatch {
  /// Appends the name of a dialect: [MS-SMB2], 1.7 and 2.2.4.
  fileprivate mutating func append(dialect revision: UInt16) {
    switch revision {
    case 0x0202: text.append(contentsOf: "2.0.2".utf8)
    case 0x0210: text.append(contentsOf: "2.1".utf8)
    // A server's answer to SMB1's negotiation: some dialect behind 2.0.2.
    case 0x02ff: text.append(contentsOf: "2.???".utf8)
    case 0x0300: text.append(contentsOf: "3.0".utf8)
    case 0x0302: text.append(contentsOf: "3.0.2".utf8)
    case 0x0311: text.append(contentsOf: "3.1.1".utf8)
    default:
      text.append(contentsOf: "0x".utf8)
      text.append(hexadecimal: UInt64(revision))
    }
  }
}
