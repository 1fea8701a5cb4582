import Foundation

@testable import PacketDecoding

/// One packet's octets and all that they decode to.
struct DecodedFrame {
  var octets: [UInt8]
  var batch = RecordBatch()

  /// - Parameter length: Octets on the wire; as many as are given when `nil`.
  init(_ octets: [UInt8], link: LinkType = .ethernet, length: Int? = nil) {
    self.init(octets, linkType: link.rawValue, length: length)
  }

  init(_ octets: [UInt8], linkType: Int32, length: Int? = nil) {
    self.octets = octets
    var decoder = PacketDecoder()
    decoder.decode(
      Data(octets).bytes,
      of: Frame(
        number: 1, timestamp: 0, offset: 0, length: Int64(length ?? octets.count), interface: 0,
        linkType: linkType), into: &batch)
  }

  /// The octets of a frame in hexadecimal digits.
  init(hex: String, link: LinkType = .ethernet, length: Int? = nil) {
    self.init(Octets.hex(hex), link: link, length: length)
  }

  /// The packet's record; one without a number, which no test expects, when there is none.
  var packet: PacketRecord {
    batch.packets.first ?? PacketRecord(number: -1, timestamp: nil, offset: 0)
  }
  var reached: ProtocolName { packet.protocolReached }
  var tcp: TCPFields? { packet.transport.tcp }
  var dns: DNSRecord? { batch.dns.first }
  var icmp: ICMPRecord? { batch.icmp.first }
  var arp: ARPRecord? { batch.arp.first }

  /// The faults, as `kind layer@offset: message`.
  var faults: [String] {
    batch.faults.map { "\($0.kind) \($0.layer)@\($0.offset): \($0.message)" }
  }

  func text(_ range: TextRange?) -> String? { range.map(batch.string) }

  func text(_ address: NetworkAddress?) -> String? { address?.text }

  /// `source port > destination port`, without ports where there are none.
  var ends: String {
    let port = { (port: UInt16?) in port.map { " \($0)" } ?? "" }
    return (text(packet.network.source) ?? "?") + port(packet.transport.sourcePort) + " > "
      + (text(packet.network.destination) ?? "?") + port(packet.transport.destinationPort)
  }
}

extension NetworkAddress {
  var text: String {
    var octets: [UInt8] = []
    write(to: &octets)
    return String(decoding: octets, as: UTF8.self)
  }
}

/// Octets of headers, put together by hand; every length can be made to lie.
enum Octets {
  static func hex(_ digits: String) -> [UInt8] {
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map {
      UInt8(values[$0] << 4 | values[$0 + 1])
    }
  }

  /// The low 16 bits, most significant octet first.
  static func two(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
  static func four(_ value: Int) -> [UInt8] { two(value >> 16) + two(value) }

  static let ethernetAddresses = hex("0200000000bb 0200000000aa")

  /// - Parameter tags: TPID and tag of each, outermost first.
  static func ethernet(
    type: Int = 0x0800, tags: [(Int, Int)] = [], _ payload: [UInt8]
  ) -> [UInt8] {
    ethernetAddresses + tags.flatMap { two($0.0) + two($0.1) } + two(type) + payload
  }

  /// 192.0.2.10 to 198.51.100.7; the checksum is left at 0.
  static func ipv4(
    _ number: UInt8, _ payload: [UInt8], options: [UInt8] = [], words: Int? = nil,
    total: Int? = nil, fragment: Int = 0
  ) -> [UInt8] {
    [UInt8(0x40 | (words ?? 5 + options.count / 4)), 0]
      + two(total ?? 20 + options.count + payload.count) + two(0x1234) + two(fragment)
      + [64, number, 0, 0] + hex("c000020a c6336407") + options + payload
  }

  /// 2001:db8:1::10 to 2001:db8:2::53.
  static func ipv6(_ next: UInt8, _ payload: [UInt8], length: Int? = nil) -> [UInt8] {
    hex("60000000") + two(length ?? payload.count) + [next, 63]
      + hex("20010db8000100000000000000000010 20010db8000200000000000000000053") + payload
  }

  /// From port 50001 to that of DNS.
  static func udp(_ data: [UInt8], length: Int? = nil) -> [UInt8] {
    udp(50001, 53, data, length: length)
  }

  static func udp(
    _ source: Int, _ destination: Int, _ data: [UInt8], length: Int? = nil
  ) -> [UInt8] {
    two(source) + two(destination) + two(length ?? 8 + data.count) + two(0) + data
  }

  /// From port 50001 to that of DNS.
  static func tcp(
    flags: UInt8 = 0x18, options: [UInt8] = [], _ data: [UInt8] = []
  ) -> [UInt8] {
    tcp(50001, 53, flags: flags, options: options, data)
  }

  static func tcp(
    _ source: Int, _ destination: Int, flags: UInt8 = 0x18, options: [UInt8] = [],
    words: Int? = nil, _ data: [UInt8] = []
  ) -> [UInt8] {
    two(source) + two(destination) + four(77) + four(88)
      + [UInt8((words ?? 5 + options.count / 4) << 4), flags] + two(500) + four(0) + options + data
  }

  static func icmp(_ type: UInt8, _ code: UInt8, rest: [UInt8] = [0, 0, 0, 0], _ data: [UInt8])
    -> [UInt8]
  {
    [type, code, 0, 0] + rest + data
  }

  /// A name's labels, each behind its length, and the root.
  static func name(_ labels: String...) -> [UInt8] {
    labels.flatMap { [UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) } + [0]
  }

  static func dns(
    flags: Int = 0x0100, counts: [Int] = [1, 0, 0, 0], _ sections: [UInt8]
  ) -> [UInt8] {
    two(0xbeef) + two(flags) + counts.flatMap(two) + sections
  }

  static func question(_ name: [UInt8], type: Int = 1, class: Int = 1) -> [UInt8] {
    name + two(type) + two(`class`)
  }

  static func resource(
    _ owner: [UInt8], type: Int, class: Int = 1, ttl: Int = 300, length: Int? = nil, _ data: [UInt8]
  ) -> [UInt8] {
    owner + two(type) + two(`class`) + four(ttl) + two(length ?? data.count) + data
  }

  /// A query for `example.com`, type A.
  static let query = dns(question(name("example", "com")))
}
