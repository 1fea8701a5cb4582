/// What a ClientHello or ServerHello says: RFC 8446, 4.1.2 and 4.1.3; the same layout since SSL 3.0.
struct TLSHello {
  /// Types of handshake messages: RFC 8446, 4.
  static let client: UInt8 = 1
  static let server: UInt8 = 2
  /// Octets of a handshake message before its body: its type, and its length in three.
  static let headerLength = 4

  let isServer: Bool
  private(set) var legacyVersion: UInt16 = 0
  private(set) var sessionID = 0..<0
  /// Those that a client offers, or the one that the server chose.
  private(set) var cipherSuites: [UInt16] = []
  /// The types of its extensions, in their order; likewise what stands in some of them.
  private(set) var extensions: [UInt16] = []
  private(set) var versions: [UInt16] = []
  private(set) var groups: [UInt16] = []
  private(set) var pointFormats: [UInt16] = []
  private(set) var signatureAlgorithms: [UInt16] = []
  private(set) var serverName: Range<Int>?
  private(set) var applicationProtocols: [Range<Int>] = []
  private(set) var hasTicket = false
  private(set) var hasPreSharedKey = false
  private(set) var isRetryRequest = false

  /// Reads a hello and appends its row to `batch`.
  ///
  /// - Parameter message: A handshake message from its type on, all of it; what follows it is left alone.
  /// - Returns: Whether it is a hello. One that cannot be read is a fault and no row.
  @discardableResult
  static func read(
    _ message: RawSpan, transport: TLSHandshake.Transport, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> Bool {
    guard let type = message.octet(at: 0), type == client || type == server else { return false }
    guard let hello = TLSHello(message) else {
      context.fault(
        .malformed, .tls, at: 0, "a TLS hello whose lengths do not fit each other", &batch)
      return false
    }
    hello.append(message, transport, context, &batch)
    return true
  }

  /// - Returns: `nil` for what is no hello, or one whose lengths do not fit.
  init?(_ message: RawSpan) {
    guard let head = message.bigEndian(at: 0, as: UInt32.self) else { return nil }
    let type = UInt8(truncatingIfNeeded: head >> 24)
    let end = Self.headerLength + Int(head & 0xff_ffff)
    guard type == Self.client || type == Self.server, end <= message.byteCount else { return nil }
    isServer = type == Self.server
    let body = message.extracting(..<end)
    guard let version = body.bigEndian(at: 4, as: UInt16.self),
      let idLength = body.octet(at: 38), idLength <= 32
    else { return nil }
    legacyVersion = version
    sessionID = 39..<39 + Int(idLength)
    guard var offset = readChoices(body, sessionID.upperBound) else { return nil }
    isRetryRequest = isServer && Self.isRetryRequest(body)
    // Extensions came with RFC 3546: a message may end before them.
    if offset == end { return }
    guard let length = body.bigEndian(at: offset, as: UInt16.self), offset + 2 + Int(length) == end
    else { return nil }
    offset += 2
    while offset < end {
      guard let type = body.bigEndian(at: offset, as: UInt16.self),
        let length = body.bigEndian(at: offset + 2, as: UInt16.self),
        offset + 4 + Int(length) <= end
      else { return nil }
      extensions.append(type)
      readExtension(type, body, offset + 4..<offset + 4 + Int(length))
      offset += 4 + Int(length)
    }
  }

  /// Reads cipher suites and compression methods: lists of a client, one each of a server.
  ///
  /// - Returns: Where they end.
  private mutating func readChoices(_ body: RawSpan, _ start: Int) -> Int? {
    guard let first = body.bigEndian(at: start, as: UInt16.self) else { return nil }
    if isServer {
      cipherSuites = [first]
      return body.octet(at: start + 2) == nil ? nil : start + 3
    }
    let compression = start + 2 + Int(first)
    guard first % 2 == 0, let methods = body.octet(at: compression),
      compression + 1 + Int(methods) <= body.byteCount
    else { return nil }
    cipherSuites = Self.numbers(body, start + 2..<compression)
    return compression + 1 + Int(methods)
  }

  /// Reads what is kept of an extension. One whose content makes no sense is there all the same.
  private mutating func readExtension(_ type: UInt16, _ body: RawSpan, _ content: Range<Int>) {
    let start = content.lowerBound
    switch type {
    case 0 where content.count > 5 && body.octet(at: start + 2) == 0:
      // RFC 6066, 3: a list of names, of which only host names were ever defined.
      let length = Int(body.bigEndian(at: start + 3, as: UInt16.self) ?? 0)
      if start + 5 + length <= content.upperBound, length > 0 {
        serverName = start + 5..<start + 5 + length
      }
    case 10: groups += Self.numbers(body, Self.list(body, content, width: 2))
    case 11:
      for offset in Self.list(body, content, width: 1) {
        pointFormats.append(UInt16(body.octet(at: offset) ?? 0))
      }
    case 13: signatureAlgorithms += Self.numbers(body, Self.list(body, content, width: 2))
    case 16: readProtocols(body, Self.list(body, content, width: 2))
    case 35: hasTicket = content.count > 0
    case 41: hasPreSharedKey = true
    case 43:
      versions += Self.numbers(body, isServer ? content : Self.list(body, content, width: 1))
    default: break
    }
  }

  private mutating func readProtocols(_ body: RawSpan, _ list: Range<Int>) {
    var offset = list.lowerBound
    while offset < list.upperBound, let length = body.octet(at: offset),
      offset + 1 + Int(length) <= list.upperBound
    {
      applicationProtocols.append(offset + 1..<offset + 1 + Int(length))
      offset += 1 + Int(length)
    }
  }

  /// The octets of the list that an extension holds behind its length, which is of `width` octets.
  private static func list(_ body: RawSpan, _ content: Range<Int>, width: Int) -> Range<Int> {
    let start = content.lowerBound
    let length =
      width == 1
      ? body.octet(at: start).map(Int.init)
      : body.bigEndian(at: start, as: UInt16.self).map(Int.init)
    guard content.count >= width, let length, length <= content.count - width else { return 0..<0 }
    return start + width..<start + width + length
  }

  private static func numbers(_ body: RawSpan, _ range: Range<Int>) -> [UInt16] {
    var numbers: [UInt16] = []
    var offset = range.lowerBound
    while offset + 2 <= range.upperBound, let number = body.bigEndian(at: offset, as: UInt16.self) {
      numbers.append(number)
      offset += 2
    }
    return numbers
  }

  /// Whether the server's random is that of every HelloRetryRequest: RFC 8446, 4.1.3.
  private static func isRetryRequest(_ body: RawSpan) -> Bool {
    body.bigEndian(at: 6, as: UInt64.self) == 0xcf21_ad74_e59a_6111
      && body.bigEndian(at: 14, as: UInt64.self) == 0xbe1d_8c02_1e65_b891
      && body.bigEndian(at: 22, as: UInt64.self) == 0xc2a2_1116_7abb_8c5e
      && body.bigEndian(at: 30, as: UInt64.self) == 0x079e_09e2_c8a8_339c
  }

  /// Whether a number is one of those that stand for nothing, so that nobody relies on a list's being
  /// complete: RFC 8701.
  static func isGREASE(_ number: UInt16) -> Bool {
    number & 0x0f0f == 0x0a0a && number >> 8 == number & 0xff
  }

  /// The highest version offered, or the chosen one. Drafts of TLS 1.3, 0x7f00 and what follows, come before it.
  var version: UInt16 {
    func rank(_ version: UInt16) -> (UInt16, UInt16) {
      version >> 8 == 0x7f ? (0x0303, version) : (version, 0)
    }
    return versions.filter { !Self.isGREASE($0) }.max { rank($0) < rank($1) } ?? legacyVersion
  }
}

extension TLSHello {
  private func append(
    _ message: RawSpan, _ transport: TLSHandshake.Transport, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) {
    var row = TLSHandshake(
      context, isServer: isServer, transport: transport, version: version,
      legacyVersion: legacyVersion)
    row.isRetryRequest = isRetryRequest
    row.serverName = serverName.map { batch.append(lowerCasing: message, $0) }
    row.alpn = appendProtocols(message, &batch)
    if isServer {
      row.cipherSuite = cipherSuites.first
      if version >= 0x0304, !isRetryRequest { row.isResumed = hasPreSharedKey }
    }
    (row.ja3Text, row.ja3) = appendJA3(to: &batch)
    if !isServer { row.ja4 = batch.append(text: ja4(message, transport)) }
    batch.tlsHandshakes.append(row)
  }

  /// - Returns: `nil` where none is named.
  private func appendProtocols(_ message: RawSpan, _ batch: inout RecordBatch) -> TextRange? {
    if applicationProtocols.isEmpty { return nil }
    let start = batch.text.count
    for (index, name) in applicationProtocols.enumerated() {
      if index > 0 { batch.text.append(UInt8(ascii: ",")) }
      guard batch.text.count - start <= RecordBatch.longestText else {
        batch.text.append(contentsOf: "…".utf8)
        break
      }
      _ = batch.append(message, name)
    }
    return TextRange(start: start, count: batch.text.count - start)
  }
}

extension RecordBatch {
  /// Appends octets as text, with A to Z as a to z: names of hosts are the same in either.
  mutating func append(lowerCasing octets: RawSpan, _ range: Range<Int>) -> TextRange {
    let start = text.count
    let appended = append(octets, range)
    for index in start..<text.count
    where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(text[index]) {
      text[index] |= 0x20
    }
    return appended
  }
}
