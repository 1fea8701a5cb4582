import Testing

@testable import PacketDecoding

@Suite("Datagrams that are too short for what they begin")
struct ShortDatagramTests {
  @Test(
    "None of any length or beginning makes a reader trap",
    arguments: [53, 67, 88, 123, 137, 161, 162, 443, 514, 546, 547, 4000, 5060, 5353, 5355])
  func short(port: Int) {
    for first in 0...255 as ClosedRange<UInt8> {
      for count in 0...48 {
        let rest = [UInt8](repeating: count % 2 == 0 ? 0 : 0xff, count: count)
        _ = DecodedFrame(udp: 1000, port, [first] + rest)
      }
    }
  }
}
