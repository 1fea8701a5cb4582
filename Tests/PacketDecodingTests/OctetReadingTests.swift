import Foundation
import Testing

@testable import PacketDecoding

@Suite("Reading octets")
struct OctetReadingTests {
  private let octets = Data((0..<20).map { UInt8($0) })

  @Test("Values are read most significant octet first, at any offset")
  func order() {
    let bytes = octets.bytes
    let (two, four) = (
      bytes.bigEndian(at: 1, as: UInt16.self), bytes.bigEndian(at: 3, as: UInt32.self)
    )
    #expect(two == 0x0102 && four == 0x0304_0506)
    let one = bytes.octet(at: 19)
    #expect(one == 19)
    let (hardware, ipv4) = (bytes.eui48(at: 14), bytes.ipv4Address(at: 16))
    let ipv6 = bytes.ipv6Address(at: 4)
    #expect(hardware == 0x0e0f_1011_1213 && ipv4?.text == "16.17.18.19")
    #expect(ipv6?.text == "405:607:809:a0b:c0d:e0f:1011:1213")
  }

  @Test(
    "Nothing is read outside the octets, whatever the offset",
    arguments: [Int.min, -17, -16, -1, 20, 21, Int.max - 1, Int.max])
  func outside(offset: Int) {
    let bytes = octets.bytes
    let values: [Any?] = [
      bytes.octet(at: offset), bytes.bigEndian(at: offset, as: UInt16.self),
      bytes.bigEndian(at: offset, as: UInt64.self), bytes.eui48(at: offset),
      bytes.ipv4Address(at: offset), bytes.ipv6Address(at: offset),
    ]
    #expect(values.allSatisfy { $0 == nil })
  }

  @Test("A value that begins inside and ends outside is none")
  func across() {
    let bytes = octets.bytes
    let values: [Any?] = [
      bytes.bigEndian(at: 19, as: UInt16.self), bytes.bigEndian(at: 17, as: UInt32.self),
      bytes.bigEndian(at: 13, as: UInt64.self), bytes.eui48(at: 15), bytes.ipv4Address(at: 17),
      bytes.ipv6Address(at: 5), Data().bytes.octet(at: 0),
    ]
    #expect(values.allSatisfy { $0 == nil })
  }
}
