import Crypto
import CryptoExtras

@testable import PacketDecoding

/// Packets of QUIC made by hand, and sealed with keys that were derived elsewhere.
enum QUIC {
  static let firstID = Octets.hex("8394c8f03e515708")

  struct Keys {
    var key: [UInt8]
    var iv: [UInt8]
    var headerProtection: [UInt8]

    init(_ key: String, _ iv: String, _ headerProtection: String) {
      (self.key, self.iv) = (Octets.hex(key), Octets.hex(iv))
      self.headerProtection = Octets.hex(headerProtection)
    }

    /// RFC 9001, A.1: those of version 1 for `firstID`.
    static let client = Keys(
      "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c",
      "9f50449e04a0e810283a1e9933adedd2")
    static let server = Keys(
      "cf3a5331653c364c88f0f379b6067e37", "0ac1493ca1905853b0bba03e",
      "c206b8d9b9f0f37644430b490eeaa314")
    /// Those for the identifier that the Retry of RFC 9001, A.4, gives: from the Python package `cryptography`.
    static let retriedClient = Keys(
      "6e5bc5c72660b012024b7c9044c931e3", "a2fac7faa83f7b587df5fa2c",
      "a13be4c1b951b219f20025c387d74ead")
    static let retriedServer = Keys(
      "028518352df0b9d3673a0c843951c07e", "bb366ddbf3379a9289930bbe",
      "8b2f49e4360f53a18243a1d986368bde")
  }

  /// A variable-length integer in four octets: RFC 9000, 16.
  static func integer(_ value: Int) -> [UInt8] { Octets.four(value | 0x8000_0000) }

  static func crypto(_ data: [UInt8], at offset: Int = 0) -> [UInt8] {
    [6] + integer(offset) + integer(data.count) + data
  }

  static func close(_ error: Int, _ reason: String) -> [UInt8] {
    let frame = [0x1c] + integer(error) + [6]
    return frame + integer(reason.utf8.count) + Array(reason.utf8)
  }

  /// What follows the first octet of a long header, up to both identifiers.
  static func ids(_ destination: [UInt8], _ source: [UInt8], version: Int = 1) -> [UInt8] {
    let first = Octets.four(version) + [UInt8(destination.count)] + destination
    return first + [UInt8(source.count)] + source
  }

  /// A packet of that type whose protected part is of no key.
  static func opaque(
    _ type: UInt8, _ destination: [UInt8], _ source: [UInt8], length: Int = 30, claimed: Int? = nil
  ) -> [UInt8] {
    let header = [0xc0 | type << 4] + ids(destination, source) + integer(claimed ?? length)
    return header + [UInt8](repeating: 0xa5, count: length)
  }

  /// A sealed Initial: RFC 9001, 5.3 and 5.4.
  static func initial(
    _ keys: Keys, _ content: [UInt8], to destination: [UInt8] = firstID, from source: [UInt8] = [],
    token: [UInt8] = [], number: Int = 0, numberLength: Int = 4
  ) throws -> [UInt8] {
    // There must be a sample behind the packet number.
    let frames = content + [UInt8](repeating: 0, count: max(0, 4 - content.count))
    var header: [UInt8] = [0xc0 | UInt8(numberLength - 1)]
    header += ids(destination, source)
    header += integer(token.count) + token
    header += integer(numberLength + frames.count + 16)
    let offset = header.count
    header += Octets.four(number).suffix(numberLength)
    var nonce = keys.iv
    for (index, octet) in Octets.four(number).enumerated() { nonce[8 + index] ^= octet }
    let box = try AES.GCM.seal(
      frames, using: SymmetricKey(data: keys.key), nonce: AES.GCM.Nonce(data: nonce),
      authenticating: header)
    let sealed = [UInt8](box.ciphertext) + [UInt8](box.tag)
    var mask = Array(sealed[(4 - numberLength)..<(20 - numberLength)])
    try AES.permute(&mask, key: SymmetricKey(data: keys.headerProtection))
    header[0] ^= mask[0] & 0x0f
    for index in 0..<numberLength { header[offset + index] ^= mask[1 + index] }
    return header + sealed
  }
}

/// UDP between port 50001 of 192.0.2.10 and a port of 198.51.100.7, decoded datagram by datagram.
struct DecodedDatagrams {
  private var capture = DecodedCapture()
  private let port: Int

  init(port: Int = 4433) { self.port = port }

  /// - Parameter captured: Octets of the datagram's data that the capture holds.
  mutating func send(
    _ end: DecodedCapture.End, _ datagram: [UInt8], from client: Int = 50001, captured: Int? = nil
  ) {
    let (source, destination) = end == .client ? (client, port) : (port, client)
    capture.send(
      end, 17, Octets.udp(source, destination, datagram),
      lost: captured.map { datagram.count - $0 } ?? 0)
  }

  var batch: RecordBatch { capture.batch }

  /// The records: packet number, type, version, who sent it, whether it was decrypted.
  var quic: [String] {
    batch.quic.map { packet in
      let kind = packet.kind.map { "\($0)" } ?? "-"
      let sender = packet.isClient.map { $0 ? "client" : "server" } ?? "-"
      let state = packet.isDecrypted.map { $0 ? " decrypted" : " protected" } ?? ""
      return "\(packet.packetNumber) \(kind) \(text(packet.versionName)) \(sender)\(state)"
    }
  }

  /// The hellos: packet number, end, server name.
  var hellos: [String] {
    batch.tlsHandshakes.map {
      "\($0.packetNumber) \($0.isServer ? "server" : "client") \(text($0.serverName))"
    }
  }

  var faults: [String] { capture.faults }
  func text(_ range: TextRange?) -> String { range.map(batch.string) ?? "-" }
}
