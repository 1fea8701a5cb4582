import Foundation

/// One end of a conversation: an IPv4 address and a port.
public struct Endpoint: Sendable {
  /// Four octets, most significant first.
  public var address: [UInt8]
  public var port: UInt16

  /// - Parameter address: Dotted decimal.
  public init(_ address: String, _ port: UInt16) {
    self.address = address.split(separator: ".").compactMap { UInt8($0) }
    self.port = port
  }
}

/// An Ethernet frame that carries IPv4 or ARP, made octet by octet: RFC 894, RFC 791, RFC 826.
///
/// A host's EUI-48 address is `02:00`, then its IPv4 address. Checksums are zero.
public struct Frame: Sendable {
  /// The IPv4 datagram, or the ARP packet.
  public var datagram: [UInt8]
  private var source: [UInt8]
  private var destination: [UInt8]
  /// What the frame holds: IPv4, or ARP.
  private var etherType: UInt16 = 0x0800

  public var octets: [UInt8] {
    [0x02, 0x00] + destination + [0x02, 0x00] + source + etherType.octets + datagram
  }

  /// - Parameter identification: IPv4's, by which an ICMP error's very packet is told.
  public init(
    from source: [UInt8], to destination: [UInt8], protocolNumber: UInt8, identification: UInt16,
    payload: [UInt8]
  ) {
    (self.source, self.destination) = (source, destination)
    datagram =
      [0x45, 0] + UInt16(20 + payload.count).octets + identification.octets
      + [0x40, 0, 64, protocolNumber, 0, 0] + source + destination + payload
  }

  /// An ARP packet: RFC 826.
  ///
  /// - Parameters:
  ///   - operation: 1 request, 2 reply.
  ///   - host: The host that sends it, whose EUI-48 address it names.
  ///   - sender: The IPv4 address that it claims; `nil` for its own.
  ///   - target: Dotted decimal; of a request, the address that is looked for.
  public static func arp(
    _ operation: UInt16, from host: String, claiming sender: String? = nil, to target: String
  ) -> Frame {
    let (source, destination) = (Endpoint(host, 0).address, Endpoint(target, 0).address)
    var frame = Frame(
      from: source, to: destination, protocolNumber: 0, identification: 0, payload: [])
    frame.etherType = 0x0806
    frame.datagram =
      [0, 1, 8, 0, 6, 4] + operation.octets
      + [0x02, 0x00] + source + Endpoint(sender ?? host, 0).address
      + (operation == 1 ? [0, 0, 0, 0, 0, 0] : [0x02, 0x00] + destination) + destination
    return frame
  }

  /// A UDP datagram: RFC 768.
  public static func udp(
    _ source: Endpoint, _ destination: Endpoint, identification: UInt16 = 1, _ payload: [UInt8]
  ) -> Frame {
    let header =
      source.port.octets + destination.port.octets + UInt16(8 + payload.count).octets + [0, 0]
    return Frame(
      from: source.address, to: destination.address, protocolNumber: 17,
      identification: identification, payload: header + payload)
  }

  /// A TCP segment: RFC 9293.
  ///
  /// - Parameter flags: FIN 1, SYN 2, RST 4, PSH 8, ACK 16.
  public static func tcp(
    _ source: Endpoint, _ destination: Endpoint, flags: UInt8, sequence: UInt32 = 1,
    acknowledgment: UInt32 = 0, window: UInt16 = 8192, identification: UInt16 = 1,
    _ payload: [UInt8] = []
  ) -> Frame {
    let header =
      source.port.octets + destination.port.octets + sequence.octets + acknowledgment.octets
      + [0x50, flags] + window.octets + [0, 0, 0, 0]
    return Frame(
      from: source.address, to: destination.address, protocolNumber: 6,
      identification: identification, payload: header + payload)
  }

  /// Destination Unreachable, RFC 792, to the sender of the datagram that it quotes.
  ///
  /// - Parameters:
  ///   - sender: Dotted decimal; who sends the error.
  ///   - code: 3 for port unreachable, 13 for administratively prohibited (RFC 1812).
  ///   - octets: Octets of the datagram that are quoted; `nil` for all.
  public static func unreachable(
    _ sender: String, code: UInt8, quoting frame: Frame, octets: Int? = nil
  ) -> Frame {
    icmp(sender, type: 3, code: code, quoting: frame, octets: octets)
  }

  /// An ICMP message that quotes a datagram, RFC 792, to that datagram's sender.
  ///
  /// - Parameter mtu: The next hop's, where fragmentation is needed: type 3, code 4 (RFC 1191).
  public static func icmp(
    _ sender: String, type: UInt8, code: UInt8, mtu: UInt16 = 0, quoting frame: Frame,
    octets: Int? = nil
  ) -> Frame {
    Frame(
      from: Endpoint(sender, 0).address, to: frame.source, protocolNumber: 1, identification: 1,
      payload: [type, code, 0, 0, 0, 0] + mtu.octets
        + frame.datagram.prefix(octets ?? frame.datagram.count))
  }

  /// An echo request, RFC 792, or the reply to one.
  ///
  /// - Parameters:
  ///   - source: Dotted decimal; who sends it.
  ///   - octets: Octets of data, all zero.
  public static func echo(
    _ source: String, _ destination: String, isReply: Bool = false, identifier: UInt16 = 1,
    sequence: UInt16, octets: Int = 56, identification: UInt16 = 1
  ) -> Frame {
    Frame(
      from: Endpoint(source, 0).address, to: Endpoint(destination, 0).address, protocolNumber: 1,
      identification: identification,
      payload: [isReply ? 0 : 8, 0, 0, 0] + identifier.octets + sequence.octets
        + [UInt8](repeating: 0, count: octets))
  }

  /// A redirect for the host, RFC 792, to the sender of the datagram that it quotes.
  ///
  /// - Parameters:
  ///   - sender: Dotted decimal; who sends it.
  ///   - gateway: Dotted decimal; where such datagrams are to be sent.
  public static func redirect(_ sender: String, to gateway: String, quoting frame: Frame) -> Frame {
    var redirect = icmp(sender, type: 5, code: 1, quoting: frame)
    redirect.datagram.replaceSubrange(24..<28, with: Endpoint(gateway, 0).address)
    return redirect
  }

  /// The same with another time to live, as it is behind a router.
  public func living(_ timeToLive: UInt8) -> Frame {
    var frame = self
    frame.datagram[8] = timeToLive
    return frame
  }

  /// The datagram in fragments, each a frame of its own: RFC 791, 3.2.
  ///
  /// - Parameter ranges: Of the datagram's payload, each from a multiple of 8 octets on.
  public func fragments(_ ranges: [Range<Int>]) -> [Frame] {
    let payload = datagram.dropFirst(20)
    return ranges.map { range in
      var frame = self
      let isLast = range.upperBound >= payload.count
      frame.datagram = Array(
        datagram.prefix(20) + payload.dropFirst(range.lowerBound).prefix(range.count))
      frame.datagram.replaceSubrange(2..<4, with: UInt16(20 + range.count).octets)
      frame.datagram.replaceSubrange(
        6..<8, with: (UInt16(range.lowerBound / 8) | (isLast ? 0 : 0x2000)).octets)
      return frame
    }
  }

  /// A DNS query: RFC 1035, 4.1.
  ///
  /// - Parameter type: The type asked for; 1 for A, 16 for TXT.
  public static func query(
    _ client: Endpoint, _ server: Endpoint, id: UInt16, _ name: String, identification: UInt16 = 1,
    type: UInt16 = 1
  ) -> Frame {
    udp(
      client, server, identification: identification,
      id.octets + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question(name, type))
  }

  /// The answer to a query for A: QR, RD and RA set; one A record, unless it is an error.
  ///
  /// - Parameters:
  ///   - address: What the record says, dotted decimal.
  ///   - truncated: Sets TC.
  public static func answer(
    _ server: Endpoint, _ client: Endpoint, id: UInt16, _ name: String, rcode: UInt8 = 0,
    identification: UInt16 = 2, address: String = "192.0.2.80", truncated: Bool = false
  ) -> Frame {
    let record: [UInt8] =
      rcode == 0
      ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4] + Endpoint(address, 0).address : []
    return udp(
      server, client, identification: identification,
      id.octets + [truncated ? 0x83 : 0x81, 0x80 | rcode, 0, 1, 0, rcode == 0 ? 1 : 0, 0, 0, 0, 0]
        + question(name, 1) + record)
  }

  /// The data of UDP datagrams, DNS messages, in one TCP segment, each behind its length: RFC 1035, 4.2.2.
  /// It goes where the first of them goes.
  ///
  /// - Parameter acknowledgment: The number that its sender waits for; 0 for no ACK bit.
  public static func overTCP(
    _ messages: [Frame], sequence: UInt32, acknowledgment: UInt32 = 0, identification: UInt16 = 1
  ) -> Frame {
    let octets = messages.map { Array($0.datagram.dropFirst(28)) }
    let ports = messages.first.map { $0.datagram[20..<24].map { UInt16($0) } } ?? [0, 0, 0, 0]
    var (from, to) = (Endpoint("0.0.0.0", ports[0] << 8 | ports[1]), Endpoint("0.0.0.0", 0))
    (from.address, to.address) = (messages.first?.source ?? [], messages.first?.destination ?? [])
    to.port = ports[2] << 8 | ports[3]
    return tcp(
      from, to, flags: acknowledgment == 0 ? 8 : 24, sequence: sequence,
      acknowledgment: acknowledgment, identification: identification,
      octets.flatMap { UInt16($0.count).octets + $0 })
  }

  /// A question for `name`, class IN.
  private static func question(_ name: String, _ type: UInt16) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) }
      + [0] + type.octets + [0, 1]
  }
}

extension UInt16 {
  /// Most significant first.
  var octets: [UInt8] { [UInt8(self >> 8), UInt8(self & 0xff)] }
}

extension UInt32 {
  /// Most significant first.
  fileprivate var octets: [UInt8] {
    UInt16(self >> 16).octets + UInt16(truncatingIfNeeded: self).octets
  }
}
