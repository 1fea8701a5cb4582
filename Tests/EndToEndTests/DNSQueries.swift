import Foundation

/// A capture large enough to be interrupted in.
enum DNSQueries {
  /// A capture of `count` DNS queries over Ethernet, 74 octets each, one a millisecond.
  static func capture(of count: Int) -> Data {
    func little(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var data = Data(
      [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0] + little(0) + little(0) + little(65535) + little(1))
    // Ethernet, IPv4 10.0.0.1 > 10.0.0.2, UDP 40000 > 53, DNS: id, RD, one question "host.test" A.
    var frame: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
    frame += [0x45, 0, 0, 55, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
    frame += [0x9c, 0x40, 0, 53, 0, 35, 0, 0]
    frame += [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    frame += [4] + Array("host".utf8) + [4] + Array("test".utf8) + [0, 0, 1, 0, 1]
    for index in 0..<count {
      (frame[42], frame[43]) = (UInt8(index >> 8 & 0xff), UInt8(index & 0xff))
      (frame[18], frame[19]) = (frame[42], frame[43])
      let time = UInt32(index)
      data += little(1_700_000_000 + time / 1000) + little(time % 1000 * 1000)
      data += little(UInt32(frame.count)) + little(UInt32(frame.count)) + frame
    }
    return data
  }
}
