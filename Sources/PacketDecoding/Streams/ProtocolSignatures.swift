/// What the first octets of protocols look like that are known and not read.
///
/// Each asks for so many octets that others hit on it by chance at most once in some millions.
enum ProtocolSignatures {
  private static let known: [(name: ProtocolName, isOne: @Sendable (RawSpan) -> Bool)] = [
    (.ldap, isLDAP), (.mysql, isMySQLGreeting), (.pgsql, isPostgreSQLStartup),
    (.resp, isRedisCommand),
    (.rdp, isRDPConnectionRequest), (.bgp, isBGP), (.kerberos, isKerberosOverTCP),
    (.mqtt, isMQTTConnect), (.mbtcp, isModbusRequest),
  ]

  /// The protocol of a TCP connection that begins with `octets`, or goes on with them.
  static func identify(_ octets: RawSpan) -> ProtocolName? {
    known.first { $0.isOne(octets) }?.name
  }

  /// RFC 4511, 4.1.1 and 4.2 ff.: SEQUENCE { messageID INTEGER, protocolOp [APPLICATION n] { … } }.
  private static func isLDAP(_ octets: RawSpan) -> Bool {
    guard let message = BERElement(octets, at: 0), message.tag == 0x30,
      let identifier = BERElement(octets, at: message.content.lowerBound), identifier.tag == 0x02,
      (1...4).contains(identifier.length),
      octets.octet(at: identifier.content.lowerBound) ?? 0x80 < 0x80,
      let operation = BERElement(octets, at: identifier.end),
      operation.end == message.end || operation.end < message.end && octets.byteCount < message.end
        || octets.octet(at: operation.end) == 0xa0,  // controls
      let first = BERElement(octets, at: operation.content.lowerBound)
    else { return false }
    switch operation.tag {
    case 0x60:  // bind: version 2 or 3
      return first.tag == 0x02 && first.length == 1
        && [2, 3].contains(octets.octet(at: first.content.lowerBound))
    case 0x63, 0x64:  // search, and an entry that it found: a distinguished name
      return first.tag == 0x04 && first.end < operation.end
    case 0x61, 0x65:  // what bind and search came to: resultCode ENUMERATED
      return first.tag == 0x0a && first.length == 1
    case 0x77:  // extended: an object identifier as text
      return first.tag == 0x80 && octets.starts(with: "1.", at: first.content.lowerBound)
    default: return false
    }
  }

  /// MySQL, Client/Server Protocol, HandshakeV10: length of 3 octets and number 0, then 10, a version
  /// that ends in NUL, a thread's number (4), a challenge (8), 0.
  private static func isMySQLGreeting(_ octets: RawSpan) -> Bool {
    guard octets.octet(at: 3) == 0, octets.octet(at: 4) == 10, octets.octet(at: 2) == 0,
      (0x30...0x39).contains(octets.octet(at: 5) ?? 0),
      let end = octets.firstIndex(of: 0, in: 6..<min(octets.byteCount, 70)),
      octets.firstIndex(of: UInt8(ascii: "."), in: 6..<end) != nil
    else { return false }
    return (6..<end).allSatisfy { (0x20...0x7e).contains(octets.octet(at: $0) ?? 0) }
      && octets.octet(at: end + 13) == 0
  }

  /// PostgreSQL, Message Formats: StartupMessage, SSLRequest, GSSENCRequest, CancelRequest.
  private static func isPostgreSQLStartup(_ octets: RawSpan) -> Bool {
    guard let length = octets.bigEndian(at: 0, as: UInt32.self),
      let code = octets.bigEndian(at: 4, as: UInt32.self)
    else { return false }
    switch code {
    case 80_877_103, 80_877_104: return length == 8 && octets.byteCount == 8
    case 80_877_102: return length == 16
    case 0x0003_0000, 0x0003_0002:
      return length == octets.byteCount && length < 10_000
        && (octets.starts(with: "user\0", at: 8) || octets.starts(with: "database\0", at: 8)
          || octets.starts(with: "application_name\0", at: 8)
          || octets.starts(with: "client_encoding\0", at: 8))
    default: return false
    }
  }

  /// Redis, RESP: an array of bulk strings, `*1\r\n$4\r\nPING\r\n`.
  private static func isRedisCommand(_ octets: RawSpan) -> Bool {
    guard let array = number(octets, behind: UInt8(ascii: "*"), at: 0),
      let text = number(octets, behind: UInt8(ascii: "$"), at: array.next)
    else { return false }
    return (1...1024).contains(array.value) && text.value > 0
      && octets.octet(at: text.next).map { (0x41...0x7a).contains($0) } ?? true
  }

  /// `mark`, at most seven digits, CR and LF.
  private static func number(
    _ octets: RawSpan, behind mark: UInt8, at start: Int
  ) -> (value: Int, next: Int)? {
    guard octets.octet(at: start) == mark else { return nil }
    var (value, index) = (0, start + 1)
    while index <= start + 7, let digit = octets.octet(at: index), (0x30...0x39).contains(digit) {
      value = value * 10 + Int(digit - 0x30)
      index += 1
    }
    guard index > start + 1, octets.starts(with: "\r\n", at: index) else { return nil }
    return (value, index + 2)
  }

  /// RFC 2126 (TPKT), X.224 connection request, and of [MS-RDPBCGR] 2.2.1.1 the cookie or the negotiation:
  /// others use the first two as well.
  private static func isRDPConnectionRequest(_ octets: RawSpan) -> Bool {
    guard octets.bigEndian(at: 0, as: UInt16.self) == 0x0300,
      let length = octets.bigEndian(at: 2, as: UInt16.self), Int(length) == octets.byteCount,
      length > 11, Int(octets.octet(at: 4) ?? 0) == Int(length) - 5, octets.octet(at: 5) == 0xe0,
      octets.bigEndian(at: 6, as: UInt16.self) == 0, octets.octet(at: 10) == 0
    else { return false }
    return octets.starts(with: "Cookie: ", at: 11)
      || octets.octet(at: 11) == 1 && octets.bigEndian(at: 13, as: UInt16.self) == 0x0800
  }

  /// RFC 4271, 4.1: a marker of 16 octets of ones, a length, a type.
  private static func isBGP(_ octets: RawSpan) -> Bool {
    octets.bigEndian(at: 0, as: UInt64.self) == .max
      && octets.bigEndian(at: 8, as: UInt64.self) == .max
      && (19...4096).contains(octets.bigEndian(at: 16, as: UInt16.self) ?? 0)
      && (1...5).contains(octets.octet(at: 18) ?? 0)
  }

  /// RFC 4120, 7.2.2: behind a length.
  private static func isKerberosOverTCP(_ octets: RawSpan) -> Bool {
    guard let length = octets.bigEndian(at: 0, as: UInt32.self), length < 1 << 24,
      octets.byteCount > 4
    else { return false }
    return isKerberos(octets.extracting(4...), length: Int(length))
  }

  /// RFC 4120, 5.4 and 5.9: [APPLICATION n] SEQUENCE { pvno 5, … }, the version as [1] of requests and
  /// [0] of what answers them.
  ///
  /// - Parameter length: Octets of the whole message.
  static func isKerberos(_ octets: RawSpan, length: Int) -> Bool {
    guard let message = BERElement(octets, at: 0), message.end == length,
      let sequence = BERElement(octets, at: message.content.lowerBound), sequence.tag == 0x30,
      sequence.end == message.end,
      let field = BERElement(octets, at: sequence.content.lowerBound), field.length == 3
    else { return false }
    let isRequest = message.tag == 0x6a || message.tag == 0x6c
    guard isRequest || [0x6b, 0x6d, 0x7e].contains(message.tag) else { return false }
    return field.tag == (isRequest ? 0xa1 : 0xa0)
      && octets.bigEndian(at: field.content.lowerBound, as: UInt16.self) == 0x0201
      && octets.octet(at: field.content.lowerBound + 2) == 5
  }

  /// MQTT 3.1.1 and 5.0, 3.1; 3.1 says `MQIsdp`.
  private static func isMQTTConnect(_ octets: RawSpan) -> Bool {
    guard octets.octet(at: 0) == 0x10 else { return false }
    var (remaining, index) = (0, 1)
    while index <= 4, let octet = octets.octet(at: index) {
      remaining |= Int(octet & 0x7f) << (7 * (index - 1))
      index += 1
      if octet < 0x80 { break }
    }
    guard remaining >= 12, octets.byteCount <= index + remaining else { return false }
    return octets.starts(with: "\u{0}\u{4}MQTT", at: index)
      && (4...5).contains(octets.octet(at: index + 6) ?? 0)
      || octets.starts(with: "\u{0}\u{6}MQIsdp", at: index) && octets.octet(at: index + 8) == 3
  }

  /// Modbus Messaging on TCP/IP, 3.1.3, and Modbus Application Protocol, 6: a request of the common functions
  /// that fills its segment.
  private static func isModbusRequest(_ octets: RawSpan) -> Bool {
    guard octets.bigEndian(at: 2, as: UInt16.self) == 0,
      let length = octets.bigEndian(at: 4, as: UInt16.self), octets.byteCount == 6 + Int(length),
      let function = octets.octet(at: 7)
    else { return false }
    switch function {
    case 1...4:  // read so many, at most 2000
      return length == 6 && (1...2000).contains(octets.bigEndian(at: 10, as: UInt16.self) ?? 0)
    case 5:  // write a coil: on or off
      return length == 6 && [0, 0xff00].contains(octets.bigEndian(at: 10, as: UInt16.self))
    case 15, 16:  // write several: their octets are counted
      return Int(length) == 7 + Int(octets.octet(at: 12) ?? 0) && length > 7
    default: return false
    }
  }
}

/// Kerberos over UDP, RFC 4120, 7.2.1: port 88. Nothing is read of it.
enum KerberosDatagram: DatagramApplication {
  static let name = ProtocolName.kerberos
  static let port: UInt16 = 88

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    ProtocolSignatures.isKerberos(payload, length: payload.byteCount)
  }
}
