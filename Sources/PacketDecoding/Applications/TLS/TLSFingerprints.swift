import Crypto

// What tells programs apart by their hellos: JA3 and JA3S as Salesforce published them, JA4 as FoxIO
// describes it. All three leave out the numbers of RFC 8701.

extension TLSHello {
  /// Appends the text of JA3, or of a server JA3S, and its MD5: the version, the cipher suites, the
  /// extensions, and of a client the groups and the formats of points, all decimal.
  func appendJA3(to batch: inout RecordBatch) -> (text: TextRange, digest: TextRange) {
    let start = batch.text.count
    batch.text.append(contentsOf: "\(legacyVersion)".utf8)
    let lists =
      [cipherSuites, extensions] + (isServer ? [] : [groups, pointFormats])
    for list in lists {
      batch.text.append(UInt8(ascii: ","))
      var isFirst = true
      for number in list where !Self.isGREASE(number) {
        if !isFirst { batch.text.append(UInt8(ascii: "-")) }
        batch.text.append(contentsOf: "\(number)".utf8)
        isFirst = false
      }
    }
    let digest = TLSDigest.md5(batch.text[start...])
    if batch.text.count - start > RecordBatch.longestText {
      batch.text.removeSubrange((start + RecordBatch.longestText)...)
      batch.text.append(contentsOf: "…".utf8)
    }
    let text = TextRange(start: start, count: batch.text.count - start)
    return (text, batch.append(text: digest))
  }

  /// JA4, such as `t13d1516h2_8daaf6152771_e5627efa2ab1`.
  func ja4(_ message: RawSpan, _ transport: TLSHandshake.Transport) -> String {
    let ciphers = cipherSuites.filter { !Self.isGREASE($0) }.sorted()
    let types = extensions.filter { !Self.isGREASE($0) }
    var text = transport == .quic ? "q" : "t"
    text += Self.ja4Version(version)
    text += types.contains(0) ? "d" : "i"
    text += Self.ja4Count(ciphers.count) + Self.ja4Count(types.count)
    text += applicationProtocols.first.map { Self.ja4Ends(message, $0) } ?? "00"
    text += "_" + Self.ja4Digest(Self.hexadecimal(ciphers))
    // Name and protocols are told already, and depend on who is asked.
    var rest = Self.hexadecimal(types.filter { $0 != 0 && $0 != 16 }.sorted())
    let algorithms = signatureAlgorithms.filter { !Self.isGREASE($0) }
    if !rest.isEmpty, !algorithms.isEmpty {
      rest.append(UInt8(ascii: "_"))
      rest += Self.hexadecimal(algorithms)
    }
    return text + "_" + Self.ja4Digest(rest)
  }

  private static func ja4Version(_ version: UInt16) -> String {
    switch version {
    case 0x0304: "13"
    case 0x0303: "12"
    case 0x0302: "11"
    case 0x0301: "10"
    case 0x0300: "s3"
    case 0x0002: "s2"
    default: "00"
    }
  }

  private static func ja4Count(_ count: Int) -> String {
    count < 10 ? "0\(count)" : "\(min(count, 99))"
  }

  /// The first and the last character of a protocol's name; of one that begins or ends in something else
  /// than a letter or digit, the first and the last hexadecimal digit of it.
  private static func ja4Ends(_ message: RawSpan, _ name: Range<Int>) -> String {
    guard let first = message.octet(at: name.lowerBound),
      let last = message.octet(at: name.upperBound - 1), !name.isEmpty
    else { return "00" }
    func isPlain(_ octet: UInt8) -> Bool {
      switch octet {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
      default: false
      }
    }
    if isPlain(first), isPlain(last) { return String(decoding: [first, last], as: UTF8.self) }
    var digits: [UInt8] = []
    digits.append(hexadecimalOctet: first)
    digits.append(hexadecimalOctet: last)
    return String(decoding: [digits[0], digits[3]], as: UTF8.self)
  }

  private static func ja4Digest(_ text: [UInt8]) -> String {
    text.isEmpty ? "000000000000" : String(TLSDigest.sha256(text[...]).prefix(12))
  }

  /// Numbers in four digits each, parted by commas.
  private static func hexadecimal(_ numbers: [UInt16]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(numbers.count * 5)
    for number in numbers {
      if !text.isEmpty { text.append(UInt8(ascii: ",")) }
      text.append(hexadecimalOctet: UInt8(number >> 8))
      text.append(hexadecimalOctet: UInt8(truncatingIfNeeded: number))
    }
    return text
  }
}

/// Digests as lower-case hexadecimal text.
enum TLSDigest {
  static func md5(_ octets: ArraySlice<UInt8>) -> String {
    hexadecimal(Insecure.MD5.hash(data: octets))
  }

  static func sha256(_ octets: ArraySlice<UInt8>) -> String {
    hexadecimal(SHA256.hash(data: octets))
  }

  private static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for octet in octets { text.append(hexadecimalOctet: octet) }
    return String(decoding: text, as: UTF8.self)
  }
}
