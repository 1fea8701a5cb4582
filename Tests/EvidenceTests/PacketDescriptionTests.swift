import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Evidence

@Suite("What a case says of a packet")
struct PacketDescriptionTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  private func lines(_ number: Int64, _ capture: CaptureFile) throws -> [String] {
    try PacketDescription(PacketName(id: 1 << 32 | number), in: folder.read(capture)).lines
  }

  // Expected: tshark 4.0.17, -V, of the same packets, for every value.
  @Test("A DNS answer is told layer by layer, in Wireshark's terms")
  func answer() throws {
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 0xbeef, "a.example"))
    capture.add(5, .answer(server, client, id: 0xbeef, "a.example"))
    let text = try lines(2, capture)
    #expect(
      text == [
        "Frame 2 of a.pcap (1:2)",
        "    Time: 2026-11-24T12:00:00.005000Z",
        "    Length: 85 octets on the wire, 85 captured",
        "    Interface: 0, link type EN10MB",
        "    Record: at octet 109 of the capture",
        "    Protocol: dns",
        "    Info: Standard query response 0xbeef A a.example",
        "Ethernet II, Src: 02:00:c6:33:64:35, Dst: 02:00:c0:00:02:0a",
        "    Type: 0x0800 (IPv4)",
        "Internet Protocol Version 4, Src: 198.51.100.53, Dst: 192.0.2.10",
        "    Protocol: UDP (17)",
        "    Time to Live: 64",
        "    Identification: 0x0002 (2)",
        "User Datagram Protocol, Src Port: 53, Dst Port: 40000",
        "    Payload: 43 octets",
        "Domain Name System (response)",
        "    Transaction ID: 0xbeef",
        "    Flags: standard query, recursion desired, recursion available",
        "    Reply code: NOERROR (0)",
        "    Questions: 1, Answer RRs: 1, Authority RRs: 0, Additional RRs: 0",
        "    Queries",
        "        a.example: type A, class IN",
        "    Answers",
        "        60 A 192.0.2.80",
        "In the case",
        "    Flow 1: 192.0.2.10:40000 to 198.51.100.53:53 (dns), state SF; packets to server: 1, "
          + "to client: 1",
        "    DNS question A a.example: answered after 5.0 ms, query 1:1, answer 1:2",
      ])
  }

  @Test("An ICMP error is told with what it quotes, and with the packet that is quoted")
  func error() throws {
    let query = Frame.query(client, server, id: 0xbeef, "a.example", identification: 9)
    var capture = CaptureFile()
    capture.add(0, query)
    capture.add(5, .unreachable("198.51.100.53", code: 3, quoting: query))
    let text = try lines(2, capture)
    for line in [
      "Internet Control Message Protocol",
      "    Type: 3, code: 3, destination unreachable (port unreachable)",
      "    Quotes: 192.0.2.10:40000 > 198.51.100.53:53, protocol 17, 55 octets, identification 9",
      "    Quoted DNS question: 0xbeef A a.example", "    Quotes packet: 1:1",
      "    DNS question A a.example: refused, query 1:1, ICMP error 1:2",
    ] {
      #expect(text.contains(line), "\(line)")
    }
  }

  @Test("A TCP segment has its flags and its sequence number")
  func segment() throws {
    var capture = CaptureFile()
    capture.add(0, .tcp(client, Endpoint("198.51.100.80", 80), flags: 0x12, sequence: 7))
    let text = try lines(1, capture)
    #expect(text.contains("Transmission Control Protocol, Src Port: 40000, Dst Port: 80"))
    #expect(text.contains("    Sequence Number (raw): 7"))
    #expect(text.contains("    Flags: 0x012 (SYN, ACK)"))
  }

  @Test("A message of an application protocol is told, and what it does not say is left out")
  func application() throws {
    let sshd = Endpoint("198.51.100.7", 22)
    var capture = CaptureFile()
    capture.add(
      0,
      .tcp(sshd, client, flags: 0x18, sequence: 1, Array("SSH-2.0-OpenSSH_9.6\r\n".utf8)))
    let text = try lines(1, capture)
    let start = try #require(text.firstIndex(of: "SSH Protocol"))
    #expect(
      text[start..<start + 4] == [
        "SSH Protocol", "    Protocol version: 2.0", "    Software: OpenSSH_9.6", "In the case",
      ])
  }

  @Test("Findings that cite a packet, its other sightings and its faults are told")
  func inTheCase() throws {
    var (atClient, atServer) = (CaptureFile(), CaptureFile())
    let cut = Frame.query(client, server, id: 7, "a.example")
    atClient.add(0, cut)
    atServer.add(1, cut)
    try folder.ingest([
      folder.write(atClient.octets, "c.pcap"), folder.write(atServer.octets, "s.pcap"),
      folder.write(
        atClient.pcap(isBigEndian: false, hasNanoseconds: false, cut: 50), "cut.pcap"),
    ])
    let finding = try folder.saveFinding([PacketName(id: 1 << 32 | 1)])
    let reader = try folder.read()
    func text(_ id: Int64) throws -> [String] {
      try PacketDescription(PacketName(id: id), in: reader).lines
    }
    let first = try text(1 << 32 | 1)
    #expect(
      first.contains(
        "    Finding \(finding) (dns-unanswered, high): server 198.51.100.53"))
    #expect(first.contains { $0.hasPrefix("    Also seen as: 2:1") })
    #expect(try text(2 << 32 | 1).contains("    Seen before, as: 1:1"))
    let damaged = try text(3 << 32 | 1)
    #expect(damaged.contains("    Length: 69 octets on the wire, 50 captured (cut by 19)"))
    #expect(damaged.contains("Faults"))
    #expect(throws: EvidenceError.noPacket("1:9")) { try text(1 << 32 | 9) }
  }

  @Test("What analysts wrote about a packet or its flow is told, and what the capture's author did")
  func notes() throws {
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "eth0")
    file.packet(
      interface: 0, time: 1, Frame.query(client, server, id: 7, "a.example").octets,
      comment: "here it began")
    try folder.ingest([folder.write(file.octets, "a.pcapng")])
    let id = 1 << 32 | 1 as Int64
    let flow = try #require(Int64(try folder.read().value("SELECT flow_id FROM packets")))
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    _ = try writer.addNote("no answer to this", about: .packet(id))
    _ = try writer.addNote("nor to the others", about: .flow(flow))
    _ = try writer.addNote("of the whole case", about: .wholeCase)
    try writer.finish()
    let reader = try folder.read()
    let times = try reader.lines("SELECT time FROM notes ORDER BY note_id")
    let lines = try PacketDescription(PacketName(id: id), in: reader).lines
    let who = NSUserName()
    #expect(
      lines.suffix(5) == [
        "Notes", "    Note 1 by \(who), \(times[0]): no answer to this",
        "    Note 2 on its flow by \(who), \(times[1]): nor to the others", "Comments",
        "    here it began",
      ])
  }

  @Test("A name with control characters does not reach the terminal as it is")
  func hostile() throws {
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "e\u{1b}]0;x\u{7}th")
    file.packet(
      interface: 0, time: 1, Frame.query(client, server, id: 7, "\u{1b}[2J.example").octets)
    try folder.ingest([folder.write(file.octets, "a.pcapng")])
    let text = try PacketDescription(PacketName(id: 1 << 32 | 1), in: folder.read()).lines
      .joined(separator: "\n")
    #expect(text.contains("0, e\\u{1b}]0;x\\u{7}th, link type"))
    #expect(
      !text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
  }

  @Test("Of a log, the lines that the packet was printed in are told and read again")
  func printed() throws {
    let log = """
      13:24:31.000000 IP 192.0.2.1.40000 > 192.0.2.2.53: 1+ A? a.example. (27)
      13:24:32.192571 IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 55)
          192.0.2.1.40000 > 192.0.2.2.53: 2+ A? b.example. (27)

      """
    try folder.ingest([folder.write(Array(log.utf8), "a.log")])
    let packet = try PacketDescription(PacketName(id: 1 << 32 | 2), in: folder.read())
    #expect(packet.printedLines == 2...3)
    #expect(packet.lines.contains("    Printed in: lines 2 to 3"))
    let reader = try folder.read()
    let source = try CaptureSource.all(reader)[0]
    #expect(
      PrintedPacket.lines(2...3, of: source, in: reader)
        == .lines(log.split(separator: "\n").dropFirst().map(String.init)))
    _ = try folder.write(Array(log.utf8.dropLast()), "a.log")
    #expect(
      PrintedPacket.lines(2...3, of: source, in: reader)
        == .nothing(
          "\(folder.file("a.log")): has \(log.utf8.count - 1) octets, where \(log.utf8.count) were "
            + "read"))
  }

  // Expected: printf '…' | xxd -g 1, and tshark -x for the form.
  @Test("A dump has sixteen octets a line, and a dot for what is no printable ASCII")
  func dump() {
    #expect(
      HexDump.lines(Array("GET / HTTP/1.1\r\n".utf8) + [0x7f, 0x80, 0x1b, 0x7e, 0x20]) == [
        "0000  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a   GET / HTTP/1.1..",
        "0010  7f 80 1b 7e 20                                    ...~ ",
      ])
    #expect(HexDump.lines([]).isEmpty)
    let long = HexDump.lines(Array(repeating: 0, count: 0x1_0001))
    #expect(long.last?.hasPrefix("00010000  00") == true)
  }
}
