/// An IP datagram as tcpdump prints it: `(header with -v) source > destination: extensions content`.
struct PrintedDatagram: Sendable {
  /// 4 or 6.
  var version: UInt8
  var network = NetworkHeader()
  var sourcePort: UInt16?
  var destinationPort: UInt16?
  /// Octets of the datagram, by its own header.
  var totalLength: Int32?
  /// Octets behind the IP header; `nil` when options or extension headers make it uncertain.
  var payloadLength: Int32?
  /// Whether it is a piece of a datagram.
  var isFragment = false
}

extension PrintedPacketDecoder {
  /// Decodes the packet's own datagram, and what it carries.
  mutating func decodeNetwork(
    _ text: inout PrintedText, version: UInt8, _ batch: inout RecordBatch
  ) {
    let layer = version == 4 ? ProtocolName.ip : .ipv6
    let refusals = names.refusals
    guard let datagram = readDatagram(&text, version: version, &batch) else {
      // Hosts that got no number are counted for all packets together.
      if names.refusals > refusals {
        record.protocolReached = layer
        return
      }
      if text.take("[|") {
        fault(.cut, layer, at: text.position, "the IP header is cut, on line", &batch)
      } else if ["bad-", "version error", "["].contains(where: { text.starts(with: $0) }) {
        fault(.malformed, layer, at: text.position, "the IP header is malformed, on line", &batch)
      } else {
        fault(
          .notUnderstood, layer, at: text.position,
          "the source and destination are not understood, on line", &batch)
      }
      return
    }
    record.network = datagram.network
    record.transport.sourcePort = datagram.sourcePort
    record.transport.destinationPort = datagram.destinationPort
    decodeContent(&text, of: datagram, &batch)
  }

  /// Reads a datagram up to its content; `nil` when it has no two ends, and then `text` stands
  /// where they should be.
  mutating func readDatagram(
    _ text: inout PrintedText, version: UInt8, _ batch: inout RecordBatch
  ) -> PrintedDatagram? {
    var datagram = PrintedDatagram(version: version)
    let layer = version == 4 ? ProtocolName.ip : .ipv6
    text.skipBlanks()
    if text.take("truncated-ip6 - ") || text.take("truncated-ip - ") {
      let missing = text.takeNumber(as: Int64.self)
      fault(
        .cut, layer, at: text.position, "octets missing of the IP datagram", found: missing, &batch)
      if let mark = text.firstIndex(of: "!", before: text.position + 24) { text.move(to: mark + 1) }
      text.skipBlanks()
    }
    let start = text.position
    if text.starts(with: "["), !text.starts(with: "[|") {
      _ = text.takeBracketed(UInt8(ascii: "["), UInt8(ascii: "]"))
      text.skipBlanks()
      if text.take("(invalid)") { text.skipBlanks() }
    }
    if text.starts(with: "("), let header = text.takeParenthesized() {
      readHeader(text.part(header), into: &datagram)
      text.skipBlanks()
    }
    let source = text.takeWord()
    text.skipBlanks()
    guard !source.isEmpty, text.take("> ") else {
      text.move(to: start)
      return nil
    }
    text.skipBlanks()
    var destination = text.takeWord()
    if destination.count > 1, text.octet(at: destination.upperBound - 1) == UInt8(ascii: ":") {
      destination = destination.lowerBound..<destination.upperBound - 1
    }
    text.skipBlanks()
    let hasExtensions = takeExtensionHeaders(&text, into: &datagram)
    let content = PrintedContent(text)
    // Behind extension headers tcpdump prints the ports apart from the hosts.
    let havePorts = !hasExtensions && namesHavePorts(content, datagram)
    guard let from = endpoint(text, source, namesHavePorts: havePorts),
      let to = endpoint(text, destination, namesHavePorts: havePorts)
    else {
      text.move(to: start)
      return nil
    }
    if record.protocolReached.depth < layer.depth { record.protocolReached = layer }
    (datagram.network.source, datagram.network.destination) = (from.host, to.host)
    datagram.sourcePort = port(text, from.port, &batch)
    datagram.destinationPort = port(text, to.port, &batch)
    if hasExtensions { takePorts(&text, into: &datagram, &batch) }
    if datagram.network.protocolNumber == nil {
      let hasPorts = from.port != nil || to.port != nil || datagram.sourcePort != nil
      datagram.network.protocolNumber =
        PrintedContent(text).protocolNumber ?? (hasPorts ? IPProtocol.udp : nil)
    }
    // Ports are kept of TCP and UDP alone, as they are of binary captures.
    if ![IPProtocol.tcp, IPProtocol.udp].contains(datagram.network.protocolNumber) {
      (datagram.sourcePort, datagram.destinationPort) = (nil, nil)
    }
    return datagram
  }

  /// Whether the last label of a host's name is a port: the header's protocol says so, or the
  /// content.
  private func namesHavePorts(_ content: PrintedContent, _ datagram: PrintedDatagram) -> Bool {
    if let fragment = datagram.network.fragment, fragment.offset > 0 { return false }
    if let number = datagram.network.protocolNumber {
      return PrintedContent.protocolsWithPorts.contains(number)
    }
    return content.hasPorts
  }

  /// What `-v` prints of the IP header: `tos 0x0, ttl 64, id 22989, offset 0, flags [none],
  /// proto UDP (17), length 84` or `hlim 255, next-header ICMPv6 (58) payload length: 32`.
  private func readHeader(_ header: PrintedText, into datagram: inout PrintedDatagram) {
    var text = header
    var (fragmentOffset, moreFragments) = (Int32(0), false)
    var hasOptions = false
    while !text.isAtEnd {
      if text.take("ttl ") || text.take("hlim ") {
        datagram.network.timeToLive = text.takeNumber(as: UInt8.self)
      } else if text.take("id ") {
        datagram.network.identification = text.takeNumber(as: UInt16.self).map(UInt32.init)
      } else if text.take("offset ") {
        fragmentOffset = text.takeNumber(as: Int32.self) ?? 0
      } else if text.take("flags [") {
        moreFragments = text.starts(with: "+")
      } else if text.take("proto ") || text.take("next-header ") {
        if let number = text.firstIndex(of: "(", before: text.position + 64) {
          text.move(to: number + 1)
          datagram.network.protocolNumber = text.takeNumber(as: UInt8.self)
        }
      } else if text.take("payload length: ") {
        datagram.payloadLength = text.takeNumber(as: Int32.self)
        datagram.totalLength = datagram.payloadLength.map {
          $0.addingReportingOverflow(Int32(IPv6Header.length)).partialValue
        }
      } else if text.take("length ") {
        datagram.totalLength = text.takeNumber(as: Int32.self)
      } else if text.take("options (") {
        hasOptions = true
      }
      // What is not known is passed over word by word.
      _ = text.takeWord()
      text.skipBlanks()
    }
    if datagram.version == 4 {
      datagram.isFragment = fragmentOffset > 0 || moreFragments
      if datagram.isFragment {
        datagram.network.fragment = .init(offset: fragmentOffset, moreFragments: moreFragments)
      }
      if !hasOptions, let total = datagram.totalLength, total >= IPv4Header.shortest {
        datagram.payloadLength = total - Int32(IPv4Header.shortest)
      }
    } else if let number = datagram.network.protocolNumber, Self.isExtension(number) {
      // The upper layer's is behind the extension headers.
      (datagram.network.protocolNumber, datagram.payloadLength) = (nil, nil)
    }
  }

  /// IPv6's extension headers: RFC 8200, section 4; RFC 4302; RFC 6275.
  private static func isExtension(_ number: UInt8) -> Bool {
    [0, 43, 44, 51, 60, 135, 139, 140].contains(number)
  }

  /// Takes IPv6's extension headers and tcpdump's remarks on checksums away.
  ///
  /// A fragment header is printed without its flag, so only a piece that is not the first is
  /// known to be one, and whether more follow is not.
  private func takeExtensionHeaders(
    _ text: inout PrintedText, into datagram: inout PrintedDatagram
  ) -> Bool {
    var found = false
    while true {
      if text.take("frag ") {
        found = true
        if let inside = text.takeParenthesized() {
          readFragmentHeader(text.part(inside), into: &datagram)
        }
      } else if datagram.version == 6, takeExtensionName(&text) {
        found = true
        text.skipBlanks()
        while text.takeParenthesized() != nil { text.skipBlanks() }
        text.take(":")
      } else if text.starts(with: "["), !text.starts(with: "[|") {
        guard text.takeBracketed(UInt8(ascii: "["), UInt8(ascii: "]")) != nil
        else { return found }
      } else {
        return found
      }
      text.skipBlanks()
    }
  }

  private func takeExtensionName(_ text: inout PrintedText) -> Bool {
    ["HBH", "DSTOPT", "RT6", "srcrt", "AH"].contains { name in
      let isHere =
        text.starts(with: name)
        && [UInt8(ascii: " "), UInt8(ascii: "(")].contains(
          text.octet(at: text.position + name.utf8.count))
      return isHere && text.take(name)
    }
  }

  /// `0x00001234:24|16`: identification, with `-v`, offset and length in octets.
  private func readFragmentHeader(_ inside: PrintedText, into datagram: inout PrintedDatagram) {
    var text = inside
    if let identification = text.takeHexadecimal() {
      datagram.network.identification = identification
      text.take(":")
    }
    if let offset = text.takeNumber(as: Int32.self), offset > 0 { datagram.isFragment = true }
  }

  /// `1000 > 53: ` behind extension headers.
  private mutating func takePorts(
    _ text: inout PrintedText, into datagram: inout PrintedDatagram, _ batch: inout RecordBatch
  ) {
    let start = text.position
    let source = text.takeWord()
    guard text.take(" > ") else { return text.move(to: start) }
    var destination = text.takeWord()
    if text.octet(at: destination.upperBound - 1) == UInt8(ascii: ":") {
      destination = destination.lowerBound..<destination.upperBound - 1
    }
    datagram.sourcePort = port(text, source, &batch)
    datagram.destinationPort = port(text, destination, &batch)
    text.skipBlanks()
    while text.starts(with: "["), !text.starts(with: "[|"),
      text.takeBracketed(UInt8(ascii: "["), UInt8(ascii: "]")) != nil
    { text.skipBlanks() }
  }
}
