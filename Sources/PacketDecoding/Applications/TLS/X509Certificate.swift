import SwiftASN1

/// A certificate's fields, out of its DER: RFC 5280, 4.1.
///
/// The tree of its parts is bounded by its octets, of which there are no more than a handshake message's. What
/// only BER allows is read as well: such certificates are in use.
struct X509Certificate {
  private let part: [ASN1Node]
  private let subject: ASN1Node
  private let issuer: ASN1Node
  private let serial: ArraySlice<UInt8>
  private let validity: (notBefore: Instant, notAfter: Instant)
  private let key: ASN1Node
  private let signatureAlgorithm: ArraySlice<UInt8>

  /// Reads a Certificate message and appends a row for the first certificate of it; an empty one has none.
  ///
  /// - Parameter isSure: Whether it surely is such a message, so that what does not fit is a fault.
  static func read(
    _ message: RawSpan, isServer: Bool?, isSure: Bool, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) {
    guard let chain = chain(message) else {
      if isSure {
        context.fault(
          .malformed, .tls, at: 0, "a TLS Certificate message whose lengths do not fit each other",
          &batch)
      }
      return
    }
    guard chain.count > 0 else { return }
    var octets: [UInt8] = []
    octets.append(contentsOf: message.extracting(chain.first))
    let digest = batch.append(text: TLSDigest.sha256(octets[...]))
    let fields = X509Certificate(octets)?.append(to: &batch)
    batch.tlsCertificates.append(
      TLSCertificate(
        packetNumber: context.packetNumber, isServer: isServer, chainLength: chain.count,
        sha256: digest, fields: fields))
    if fields == nil {
      context.fault(.malformed, .tls, at: 0, "a certificate that cannot be read", &batch)
    }
  }

  /// The first certificate of a message, and how many it has; `nil` where lengths do not fit.
  private static func chain(_ message: RawSpan) -> (first: Range<Int>, count: UInt32)? {
    func length(at offset: Int) -> Int? {
      guard let high = message.octet(at: offset),
        let low = message.bigEndian(at: offset + 1, as: UInt16.self)
      else { return nil }
      return Int(high) << 16 | Int(low)
    }
    var offset = TLSHello.headerLength
    guard let all = length(at: offset), offset + 3 + all == message.byteCount else { return nil }
    offset += 3
    var (first, count): (Range<Int>, UInt32) = (0..<0, 0)
    while offset < message.byteCount {
      guard let next = length(at: offset), offset + 3 + next <= message.byteCount else {
        return nil
      }
      if count == 0 { first = offset + 3..<offset + 3 + next }
      count += 1
      offset += 3 + next
    }
    return (first, count)
  }

  /// - Returns: `nil` for what is no certificate.
  init?(_ der: [UInt8]) {
    guard let root = try? BER.parse(der) else { return nil }
    let outer = root.children(identifier: .sequence, atMost: 3)
    guard outer.count == 3 else { return nil }
    var part = outer[0].children(identifier: .sequence, atMost: 10)
    // The version stands before, but of the first version.
    if part.first?.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) {
      part.removeFirst()
    }
    guard part.count >= 6, part[0].identifier == .integer, let serial = part[0].octets,
      let algorithm = outer[1].children(identifier: .sequence, atMost: 1).first,
      algorithm.identifier == .objectIdentifier, let name = algorithm.octets,
      part[2].identifier == .sequence, part[4].identifier == .sequence,
      part[5].identifier == .sequence
    else { return nil }
    let times = part[3].children(identifier: .sequence, atMost: 2)
    guard times.count == 2, let first = Instant(times[0]), let last = Instant(times[1])
    else { return nil }
    (self.part, self.serial, signatureAlgorithm) = (part, serial, name)
    (issuer, subject, key, validity) = (part[2], part[4], part[5], (first, last))
  }

  private func append(to batch: inout RecordBatch) -> TLSCertificate.Fields {
    let names = X509Name()
    let (subjectText, issuerText) = (names.text(subject), names.text(issuer))
    let (type, bits) = X509Key.describe(key)
    var digits: [UInt8] = []
    for octet in serial.first == 0 && serial.count > 1 ? serial.dropFirst() : serial {
      digits.append(hexadecimalOctet: octet)
    }
    let alternatives = alternativeNames()
    return TLSCertificate.Fields(
      subject: batch.append(subjectText), issuer: batch.append(issuerText),
      alternativeNames: alternatives.isEmpty ? nil : batch.append(alternatives),
      validity: TLSCertificate.Validity(
        notBefore: validity.notBefore.nanoseconds, notAfter: validity.notAfter.nanoseconds,
        notBeforeText: batch.append(validity.notBefore.text),
        notAfterText: batch.append(validity.notAfter.text)),
      serial: batch.append(digits),
      isSelfIssued: subject.encodedBytes.elementsEqual(issuer.encodedBytes),
      keyType: batch.append(type), keyBits: bits,
      signatureAlgorithm: batch.append(X509Key.name(signatureAlgorithm)))
  }

  /// Host names and addresses that the certificate is for, parted by commas.
  private func alternativeNames() -> [UInt8] {
    let tag = ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific)
    guard let wrapped = part.dropFirst(6).first(where: { $0.identifier == tag }),
      let list = wrapped.children(identifier: tag, atMost: 1).first
    else { return [] }
    let subjectAltName: [UInt8] = [0x55, 0x1d, 0x11]
    for entry in list.children(identifier: .sequence, atMost: 256) {
      let parts = entry.children(identifier: .sequence, atMost: 3)
      guard let name = parts.first?.octets, name.elementsEqual(subjectAltName),
        let content = parts.last?.octets, let names = try? BER.parse(content)
      else { continue }
      return Self.generalNames(names)
    }
    return []
  }

  private static func generalNames(_ names: ASN1Node) -> [UInt8] {
    var text: [UInt8] = []
    let dns = ASN1Identifier(tagWithNumber: 2, tagClass: .contextSpecific)
    let address = ASN1Identifier(tagWithNumber: 7, tagClass: .contextSpecific)
    for name in names.children(identifier: .sequence, atMost: 4096) {
      guard let octets = name.octets, name.identifier == dns || name.identifier == address,
        text.count <= RecordBatch.longestText
      else { continue }
      if name.identifier == dns {
        if !text.isEmpty { text.append(UInt8(ascii: ",")) }
        text += octets.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
      } else if let address = reading(Array(octets), Self.address) {
        if !text.isEmpty { text.append(UInt8(ascii: ",")) }
        address.write(to: &text)
      }
    }
    return text
  }

  private static func address(_ octets: RawSpan) -> NetworkAddress? {
    switch octets.byteCount {
    case 4: octets.ipv4Address(at: 0)
    case 16: octets.ipv6Address(at: 0)
    default: nil
    }
  }
}

extension ASN1Node {
  /// The parts of a constructed node, as far as `atMost`; none where it is another kind of node.
  func children(identifier: ASN1Identifier, atMost: Int) -> [ASN1Node] {
    guard self.identifier == identifier, case .constructed(let nodes) = content else { return [] }
    return Array(nodes.prefix(atMost))
  }

  /// The octets of a primitive node.
  var octets: ArraySlice<UInt8>? {
    guard case .primitive(let octets) = content else { return nil }
    return octets
  }
}

extension RecordBatch {
  /// Appends octets as text: see `append(_:_:)`.
  fileprivate mutating func append(_ octets: [UInt8]) -> TextRange {
    reading(octets) { append($0, 0..<octets.count) }
  }
}

/// A UTCTime or GeneralizedTime: RFC 5280, 4.1.2.5.
private struct Instant {
  private let year: Int
  /// Month, day, hour, minute, second.
  private let rest: [Int]

  init?(_ node: ASN1Node) {
    if node.identifier == .utcTime, let time = try? UTCTime(berEncoded: node) {
      year = time.year
      rest = [time.month, time.day, time.hours, time.minutes, time.seconds]
    } else if let time = try? GeneralizedTime(berEncoded: node) {
      year = time.year
      rest = [time.month, time.day, time.hours, time.minutes, time.seconds]
    } else {
      return nil
    }
  }

  /// Since 1970, or the end of what 64 bits hold.
  var nanoseconds: Int64 {
    let days = daysSinceEpoch(year: year, month: rest[0], day: rest[1])
    let seconds = days * 86_400 + Int64(rest[2] * 3_600 + rest[3] * 60 + rest[4])
    let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return isTooLarge ? (seconds < 0 ? .min : .max) : product
  }

  /// RFC 3339.
  var text: [UInt8] {
    var text: [UInt8] = []
    for digit in [year / 1000, year / 100, year / 10, year] {
      text.append(UInt8(ascii: "0") + UInt8(digit % 10))
    }
    for (mark, number) in zip("--T::".utf8, rest) {
      text.append(mark)
      text.append(UInt8(ascii: "0") + UInt8(number / 10 % 10))
      text.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
    text.append(UInt8(ascii: "Z"))
    return text
  }
}
