@testable import PacketDecoding

/// Messages of TLS, made by hand from RFC 8446, 4 and 5.
enum TLS {
  /// An extension: its type and content.
  typealias Extension = (type: Int, content: [UInt8])

  static func two(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 0xff), UInt8(number & 0xff)] }
  static func numbers(_ numbers: [Int]) -> [UInt8] { numbers.flatMap(two) }
  /// Octets behind their length in two octets.
  static func counted(_ octets: [UInt8]) -> [UInt8] { two(octets.count) + octets }

  static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, UInt8(body.count >> 16)] + two(body.count & 0xffff) + body
  }

  static func record(_ type: UInt8, _ octets: [UInt8], version: Int = 0x0303) -> [UInt8] {
    [type] + two(version) + counted(octets)
  }

  static func extensions(_ list: [Extension]?) -> [UInt8] {
    guard let list else { return [] }
    return counted(list.flatMap { two($0.type) + counted($0.content) })
  }

  static func clientHello(
    version: Int = 0x0303, session: [UInt8] = [], suites: [Int] = [0x1301, 0xc02f],
    _ list: [Extension]? = []
  ) -> [UInt8] {
    message(
      1,
      two(version) + [UInt8](repeating: 7, count: 32) + [UInt8(session.count)] + session
        + counted(numbers(suites)) + [1, 0] + extensions(list))
  }

  static func serverHello(
    version: Int = 0x0303, random: [UInt8] = [UInt8](repeating: 9, count: 32),
    session: [UInt8] = [],
    suite: Int = 0xc02f, _ list: [Extension]? = []
  ) -> [UInt8] {
    message(
      2,
      two(version) + random + [UInt8(session.count)] + session + two(suite) + [0] + extensions(list)
    )
  }

  static func serverName(_ name: String) -> Extension {
    (0, counted([0] + counted(Array(name.utf8))))
  }

  static func protocols(_ names: [String]) -> Extension {
    (16, counted(names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }))
  }

  static func versions(_ versions: [Int]) -> Extension {
    (43, [UInt8(versions.count * 2)] + numbers(versions))
  }

  static func list(_ type: Int, _ values: [Int]) -> Extension { (type, counted(numbers(values))) }

  /// What a hello by itself is read as.
  static func read(
    _ message: [UInt8], over transport: TLSHandshake.Transport = .tcp
  ) -> (batch: RecordBatch, row: TLSHandshake?) {
    var batch = RecordBatch()
    let context = PayloadContext(PacketRecord(number: 1, timestamp: nil, offset: 0))
    _ = reading(message) { TLSHello.read($0, transport: transport, context, into: &batch) }
    return (batch, batch.tlsHandshakes.first)
  }
}
