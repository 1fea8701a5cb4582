import Testing

@testable import PacketDecoding

@Suite("Printed captures that are damaged")
struct PrintedMutationTests {
  static let lines = """
    13:24:32.192571 IP 192.51.100.15.52444 > 203.0.113.2.domain: 35084+ [1au] A? example.com. (24)
        1  2020-06-10 09:19:54.740079 IP (tos 0x0, ttl 64, id 22989, offset 0, flags [+], proto \
    UDP (17), length 84)
        192.168.1.11.43966 > 209.87.249.18.53: 22836*- q: A? x. 2/2/5 x. [1h] A 192.139.46.66, \
    x. MX y. 10 ns: x. NS z. ar: . OPT UDPsize=1232 (224)
    \tIP (tos 0x0, ttl 63, id 37564, offset 0, flags [none], proto UDP (17), length 94)
     00:00:00.395958 IP 192.0.2.10.33169 > 203.0.113.2.53: Flags [S.], seq 4:9, ack 5, win 64, \
    options [mss 1220,sackOK,nop,wscale 10], length 31 56422+ TXT? b. (29)
    1795466123.929504 16:47:eb:ab:aa:87 > 33:33:00:00:00:16, ethertype 802.1Q (0x8100), length \
    170: vlan 5, p 0, ethertype IPv6 (0x86dd), fe80::1.5 > ff02::16.6: frag (0x00001234:24|16) \
    UDP, length 5
    IP6 2001:db8:3::2 > 2001:db8:2::10: ICMP6, destination unreachable, unreachable port, \
    2001:db8:3::2 udp port 53, length 89
    20:35:27.798825 ifb0  In  ifindex 2 be:a3:07:75:f4:1d ethertype ARP (0x0806), length 48: \
    Request who-has 203.0.113.1 (02:02:02:02:02:02) tell 203.0.113.2, length 28
    20:35:28.480495 IP 203.0.113.2 > 192.0.2.10: ICMP host 203.0.113.2 unreachable - need to \
    frag (mtu 1400), length 102
    20:35:28.5 IP rtsg.1023 > csam.login: S 768512:768514(2) win 4096 <mss 1024>
    """.split(separator: "\n").map { Array($0.utf8) }

  static let pieces = [
    "(", ")", "[", "]", "<", "\"", "::", " > ", "18446744073709551616", "65536", "0x", "ns: ",
    "proto ", "options ", "length ", "\t", "é", "99999-99-99 99:99:99.999999 ", "A? ", "(Class ",
  ].map { Array($0.utf8) }

  @Test("No line makes the decoder trap or run on, whatever was done to it")
  func mutations() {
    var numbers = Numbers()
    var batch = RecordBatch()
    var decoder = PrintedCaptureDecoder(options: .init(firstDayStart: .max))
    var (packets, faults) = (0, 0)
    for number in 1...20_000 {
      var line = Self.lines[numbers.next(below: Self.lines.count)]
      for _ in 0..<numbers.next(below: 5) {
        let place = numbers.next(below: line.count + 1)
        switch numbers.next(below: 4) {
        case 0: line.removeSubrange(place...)
        case 1: line.insert(UInt8(numbers.next(below: 256)), at: place)
        case 2: line.removeSubrange(place..<min(line.count, place + numbers.next(below: 9)))
        default:
          line.insert(
            contentsOf: Self.pieces[numbers.next(below: Self.pieces.count)], at: place)
        }
      }
      if number % 64 == 0 {
        decoder.finish(into: &batch)
        decoder = PrintedCaptureDecoder(options: .init(secondsEastOfUTC: .min))
      }
      decoder.decode(
        line: String(decoding: line, as: UTF8.self), number: Int64(number), offset: .max,
        into: &batch)
      packets += batch.packets.count
      faults += batch.faults.count
      for message in batch.dns {
        for range in [message.questionName, message.answers, message.additional].compactMap({ $0 })
        {
          #expect(range.start >= 0 && Int(range.start) + Int(range.count) <= batch.text.count)
        }
      }
      batch.removeAll()
    }
    #expect(packets > 5000 && faults > 1000)
  }

  // A time for each line that grows with the text before it would be minutes here.
  @Test(
    "Lines behind a long number or word cost no more than others", .timeLimit(.minutes(1)),
    arguments: ["13:24:32.192571 IP 1.2.3.4.5 > 5.6.7.8.9: UDP ", "IP 1.2.3.4.5 > 5.6.7.8.9: UDP "])
  func longNumbers(beginning: String) {
    let first = beginning + String(repeating: "1", count: 65_000)
    let batch = DecodedPrint([first] + [String](repeating: "x", count: 100_000)).batch
    #expect(batch.packets.count == 1 && batch.lines.map(\.lastLine) == [100_001])
  }

  @Test("Brackets, quotes and questions without end end", arguments: ["(", "[", "<", "\"", "A? "])
  func unbalanced(piece: String) {
    let many = String(repeating: piece, count: 20_000)
    for beginning in [
      "13:24:32.192571 IP (tos 0x0, ", "13:24:32.192571 IP 1.2.3.4.5 > 5.6.7.8.53: 5 1/1/1 ",
      "13:24:32.192571 IP 1.2.3.4.5 > 5.6.7.8.6: Flags [S], options ",
      "13:24:32.192571 IP 1.2.3.4.5 > 5.6.7.8.6: S ",
      "13:24:32.192571 IP 1.2.3.4 > 5.6.7.8: ICMP ",
    ] {
      #expect(DecodedPrint(beginning + many).batch.packets.count == 1)
    }
  }
}
