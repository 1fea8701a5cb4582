@testable import PacketDecoding

/// What a printed capture decodes to, all of it in one batch.
struct DecodedPrint {
  var batch = RecordBatch()
  var decoder: PrintedCaptureDecoder

  init(_ lines: [String], options: PrintedCaptureDecoder.Options = .init()) {
    decoder = PrintedCaptureDecoder(options: options)
    var offset: Int64 = 0
    for (index, line) in lines.enumerated() {
      decoder.decode(line: line, number: Int64(index) + 1, offset: offset, into: &batch)
      offset += Int64(line.utf8.count) + 1
    }
    decoder.finish(into: &batch)
  }

  init(_ text: String, options: PrintedCaptureDecoder.Options = .init()) {
    self.init(
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      options: options)
  }

  func text(_ address: NetworkAddress?) -> String? {
    guard let address else { return nil }
    if address.kind == .name {
      let names = decoder.names.names
      return names.indices.contains(Int(address.low)) ? names[Int(address.low)] : nil
    }
    var octets: [UInt8] = []
    address.write(to: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  func text(_ range: TextRange?) -> String? { range.map(batch.string) }

  /// `source port > destination port` of a packet.
  func ends(_ packet: PacketRecord) -> String {
    let port = { (port: UInt16?) in port.map { " \($0)" } ?? "" }
    return (text(packet.network.source) ?? "?") + port(packet.transport.sourcePort) + " > "
      + (text(packet.network.destination) ?? "?") + port(packet.transport.destinationPort)
  }

  func messages(_ version: UInt8, _ type: UInt8, _ code: UInt8) -> Int {
    batch.icmp.count { $0.version == version && $0.type == type && $0.code == code }
  }
}
