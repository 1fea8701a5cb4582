import CaseStore
import Foundation
import Testing

@testable import Reporting

/// The six lines of the incident, as tcpdump printed them; some are broken over two lines.
private let printedOutage = """
  13:24:32.192571 IP 192.51.100.15.52444 > 203.0.113.2.domain: 35084+ A?
  yummyrecipesforme.com. (24)
  13:24:36.098564 IP 203.0.113.2 > 192.51.100.15: ICMP 203.0.113.2
  udp port 53 unreachable length 254

  13:26:32.192571 IP 192.51.100.15.52444 > 203.0.113.2.domain: 35084+ A?
  yummyrecipesforme.com. (24)
  13:27:15.934126 IP 203.0.113.2 > 192.51.100.15: ICMP 203.0.113.2
  udp port 53 unreachable length 320

  13:28:32.192571 IP 192.51.100.15.52444 > 203.0.113.2.domain: 35084+ A?
  yummyrecipesforme.com. (24)
  13:28:50.022967 IP 203.0.113.2 > 192.51.100.15: ICMP 203.0.113.2
  udp port 53 unreachable length 150

  """

@Suite("The report of a printed log of a DNS outage")
struct PrintedOutageReportTests {
  private let folder: TemporaryFolder
  private let report: Report

  init() throws {
    folder = try TemporaryFolder()
    let log = folder.url.appending(path: "dns-outage.log")
    try Data(printedOutage.utf8).write(to: log)
    report = try folder.report(of: [log.path])
  }

  @Test("names the service, the client, the times and the counts")
  func service() throws {
    let service = try #require(report.services.first)
    #expect(report.verdict == .outage && report.services.count == 1)
    #expect(service.service == "DNS over UDP, port 53" && service.address == "203.0.113.2")
    #expect(service.asked == 3 && service.failed == 3 && service.refused == 3)
    #expect(service.silent == 0 && service.answered == 0 && service.clients == 1)
    #expect(service.first?.text == "13:24:32.192571" && service.last?.text == "13:28:50.022967")
    let summary = report.summary.joined(separator: " ")
    #expect(summary.contains("3 of 3 questions") && summary.contains("192.51.100.15"))
  }

  // Expected: the printed clocks subtracted by hand, 36.098564 - 32.192571 and so on.
  @Test("tells each delay to the millisecond")
  func delays() {
    let text = report.analysis.map(\.text).joined(separator: "\n")
    #expect(text.contains("3.906 s, 43.742 s and 17.830 s"))
  }

  @Test("prints no date, for nobody recorded one")
  func noDate() throws {
    for text in [report.markdown(), try report.json()] {
      #expect(text.firstMatch(of: /\d{4}-\d{2}-\d{2}/) == nil)
    }
  }

  @Test("weighs several causes, and says that the log alone cannot decide")
  func causes() {
    #expect(report.causes.count >= 2)
    #expect(report.causes.allSatisfy { $0.weight != .likely })
    #expect(report.causes.filter { $0.weight == .possible }.count >= 2)
    #expect(report.causes.contains { !$0.evidenceFor.flatMap(\.packets).isEmpty })
    let conclusion = report.conclusion.joined(separator: " ")
    #expect(conclusion.contains("cannot decide"))
    #expect(conclusion.contains("no traffic to the service from before"))
  }

  @Test("cites packets by capture and number, in the form of tcpdump")
  func evidence() {
    // Expected: the lines of the log, with the port as `tcpdump -n` prints it.
    let lines = report.evidence.map(\.line)
    #expect(
      lines.first
        == "13:24:32.192571 IP 192.51.100.15.52444 > 203.0.113.2.53: 35084+ A? "
        + "yummyrecipesforme.com. (24)")
    #expect(
      lines.last?.hasPrefix(
        "13:28:50.022967 IP 203.0.113.2 > 192.51.100.15: ICMP 203.0.113.2 udp port 53 unreachable")
        == true)
    #expect(report.evidence.map(\.packet.number) == [1, 2, 5, 6])
    #expect(report.evidence.allSatisfy { $0.packet.capture == "dns-outage.log" })
  }

  @Test("names address and port in its next steps")
  func steps() {
    let commands = report.nextSteps.compactMap(\.command)
    #expect(commands.contains("ss -lunp 'sport = :53'"))
    #expect(commands.contains("dig @203.0.113.2 yummyrecipesforme.com"))
  }

  @Test("says that the log has no date, and what it does not show")
  func limits() {
    let limits = report.limits.joined(separator: " ")
    #expect(limits.contains("a clock without a date"))
    #expect(limits.contains("nothing in the case shows other ports of 203.0.113.2"))
  }
}

@Suite("The report of an outage")
struct OutageReportTests {
  private let client: [UInt8] = [192, 0, 2, 15]
  private let server: [UInt8] = [203, 0, 113, 9]
  private let router: [UInt8] = [192, 0, 2, 1]
  private let name = ["www", "example"].map { Array($0.utf8) }

  @Test("tells an outage of NTP as one of NTP")
  func ntp() throws {
    let folder = try TemporaryFolder()
    var capture = CaptureFixture()
    for index in 0..<4 {
      // RFC 5905, 7.3: version 4, mode 3 (client), 48 octets.
      let request = udp(
        client, 40_000 + index, server, 123, [0x23] + Array(repeating: 0, count: 47))
      capture.add(Int64(index) * 2000, request)
      capture.add(Int64(index) * 2000 + 5, unreachable(server, code: 3, quoting: request))
    }
    let report = try folder.report(of: [capture.write("ntp.pcap", in: folder.url)])
    let service = try #require(report.services.first)
    #expect(report.verdict == .outage)
    #expect(service.service == "NTP over UDP, port 123" && service.address == "203.0.113.9")
    #expect(service.counted == "requests" && service.asked == 4 && service.refused == 4)
    #expect(service.first?.text == "2026-11-24T12:00:00.000000Z")
    #expect(service.last?.text == "2026-11-24T12:00:06.005000Z")
    #expect(report.summary.joined().contains("4 of 4 requests"))
    #expect(!report.markdown().contains("DNS over"))
    #expect(report.nextSteps.contains { $0.command == "ss -lunp 'sport = :123'" })
  }

  @Test("tells phases: healthy, refused by the server, prohibited by a router, recovered")
  func phases() throws {
    let folder = try TemporaryFolder()
    var capture = CaptureFixture()
    func query(_ index: Int) -> [UInt8] {
      udp(client, 50_000 + index, server, 53, dnsQuery(index, name))
    }
    func answer(_ index: Int) -> [UInt8] {
      udp(server, 53, client, 50_000 + index, dnsAnswer(index, name))
    }
    for index in 0..<14 {
      let start = Int64(index) * 1000
      capture.add(start, query(index))
      switch index {
      case 3..<7: capture.add(start + 2, unreachable(server, code: 3, quoting: query(index)))
      case 7..<11: capture.add(start + 2, unreachable(router, code: 13, quoting: query(index)))
      default: capture.add(start + 2, answer(index))
      }
    }
    // While DNS is refused, TCP port 80 of the server takes a connection: SYN, then SYN with ACK.
    capture.add(13_500, tcp(client, 60_000, server, 80, flags: 2))
    let report = try folder.report(of: [capture.write("phases.pcap", in: folder.url)])
    let phases = try #require(report.timeline?.phases)
    #expect(phases.map(\.questions) == [3, 4, 4, 3])
    #expect(phases[1].text.hasPrefix("refused by the server: ICMP port unreachable"))
    #expect(phases[2].text.hasPrefix("refused by 192.0.2.1: ICMP communication administratively"))
    #expect(
      report.causes.contains { $0.statement.contains("at 192.0.2.1") && $0.weight == .likely })
    #expect(report.nextSteps.contains { $0.text.hasPrefix("At 192.0.2.1") })
    #expect(report.summary.joined().contains("answered again from 2026-11-24T12:00:11.000Z"))
    #expect(report.services.count == 1)
  }

  @Test("counts ports that were asked once each as a scan, not as failed services")
  func scan() throws {
    let folder = try TemporaryFolder()
    var capture = CaptureFixture()
    for port in 1...40 {
      let probe = udp(client, 45_000, server, port, [1, 2, 3])
      capture.add(Int64(port) * 10, probe)
      capture.add(Int64(port) * 10 + 1, unreachable(server, code: 3, quoting: probe))
    }
    let report = try folder.report(of: [capture.write("scan.pcap", in: folder.url)])
    #expect(report.services.isEmpty && report.verdict == .noOutage)
  }

  @Test("keeps a hostile name from the terminal, the table and the shell")
  func hostileName() throws {
    let folder = try TemporaryFolder()
    // A pipe, a tag, a backtick, an escape sequence, a line end, a right-to-left override.
    let label = Array("a|<b>`\u{1b}[31m\n\u{202e};rm".utf8)
    var capture = CaptureFixture()
    for index in 0..<3 {
      let query = udp(client, 50_000 + index, server, 53, dnsQuery(index, [label]))
      capture.add(Int64(index) * 1000, query)
      capture.add(Int64(index) * 1000 + 2, unreachable(server, code: 3, quoting: query))
    }
    let report = try folder.report(of: [capture.write("a|`<x>.pcap", in: folder.url)]) {
      $0.complaint = "# it <b>fails</b>\n| since today"
    }
    for text in [report.markdown(), try report.json()] {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    }
    let markdown = report.markdown()
    // What stands in a code block, behind four blanks, is read as it is.
    let prose = markdown.split(separator: "\n").filter { !$0.hasPrefix("    ") }
    #expect(!prose.contains { $0.contains("<b>") || $0.contains("`\\u") })
    #expect(prose.contains { $0.contains("a&#124;&lt;b>") })
    #expect(!markdown.contains("<x>"))
    #expect(report.nextSteps.compactMap(\.command).contains("dig @203.0.113.9 example.com"))
    let captures = try #require(
      markdown.split(separator: "\n").last { $0.contains("pcap | pcap |") })
    // Eight cells have nine bars; the name's own is a reference.
    #expect(captures.filter { $0 == "|" }.count == 9)
  }

  @Test(
    "gives no command for a host that a shell would not take as one",
    arguments: [
      "x;reboot", "x$(reboot)", "x`id`", "x|id", "x&id", "x>y", "x'y", "x\"y", "-oproxy`id`",
      "x\\y",
      "x*", "~root",
    ])
  func hostileAddress(address: String) throws {
    let folder = try TemporaryFolder()
    let log = folder.url.appending(path: "hosts.log")
    let lines = (0..<3).map { second in
      """
      2026-11-24 10:00:0\(second).000000 IP c1.500\(second) > \(address).53: \(second)+ A? www.example. (29)
      2026-11-24 10:00:0\(second).100000 IP \(address) > c1: ICMP \(address) udp port 53 unreachable, \
      length 65

      """
    }
    try Data(lines.joined().utf8).write(to: log)
    let report = try folder.report(of: [log.path])
    #expect(report.services.first?.address == address)
    #expect(report.nextSteps.contains { $0.text.contains(address) })
    #expect(report.nextSteps.compactMap(\.command).contains("ss -lunp 'sport = :53'"))
    let object = try JSONSerialization.jsonObject(with: Data(try report.json().utf8))
    let steps = try #require((object as? [String: Any])?["next_steps"] as? [[String: Any]])
    let commands = steps.compactMap { $0["command"] as? String }
    #expect(!commands.isEmpty && !commands.contains { $0.contains(address) })
    let blocks = report.markdown().components(separatedBy: "```")
    for index in stride(from: 1, to: blocks.count, by: 2) {
      #expect(!blocks[index].contains(address))
    }
  }

  @Test("is the same, octet by octet, for the same case; the JSON holds the same facts")
  func stable() throws {
    let folder = try TemporaryFolder()
    let sources = ["client-a.pcap", "server.pcapng", "client-b.log"].map(sample)
    let (one, other) = (try folder.report(of: sources), try folder.report(of: sources))
    #expect(one == other && one.markdown() == other.markdown())
    #expect(try one.json() == other.json())
    let object = try JSONSerialization.jsonObject(with: Data(try one.json().utf8))
    let json = try #require(object as? [String: Any])
    #expect(json["summary"] as? [String] == one.summary)
    #expect((json["causes"] as? [Any])?.count == one.causes.count)
    #expect((json["evidence"] as? [Any])?.count == one.evidence.count)
    let services = try #require(json["services"] as? [[String: Any]])
    #expect(services.first?["failed"] as? Int == one.services.first?.failed)
  }

  // Expected: Tests/Samples/README.md, which counts with tshark; 29 ICMP errors at the server.
  @Test("of the samples blames the resolver, which came back, and not the host, which answered")
  func samples() throws {
    let folder = try TemporaryFolder()
    let report = try folder.report(of: ["client-a.pcap", "server.pcapng"].map(sample))
    let service = try #require(report.services.first)
    #expect(service.service == "DNS over UDP, port 53" && service.address == "198.51.100.53")
    #expect(service.clients == 2 && service.answered == 0 && service.failed == service.asked)
    let cause = try #require(report.causes.first)
    #expect(cause.weight == .likely && cause.statement.contains("was not running"))
    #expect(cause.evidenceFor.contains { $0.text.contains("TCP 80") })
    #expect(
      report.causes.contains { $0.statement.hasPrefix("The clients ask") && $0.weight == .unlikely }
    )
  }
}

@Suite("The report of a healthy capture")
struct HealthyReportTests {
  @Test("says that there was no outage, with the counts that it rests on")
  func healthy() throws {
    let folder = try TemporaryFolder()
    let name = [Array("www".utf8), Array("example".utf8)]
    var capture = CaptureFixture()
    for index in 0..<5 {
      let (client, server): ([UInt8], [UInt8]) = ([192, 0, 2, 15], [203, 0, 113, 9])
      capture.add(
        Int64(index) * 1000, udp(client, 50_000 + index, server, 53, dnsQuery(index, name)))
      capture.add(
        Int64(index) * 1000 + 2, udp(server, 53, client, 50_000 + index, dnsAnswer(index, name)))
    }
    let report = try folder.report(of: [capture.write("healthy.pcap", in: folder.url)])
    #expect(report.verdict == .noOutage && report.services.isEmpty && report.causes.isEmpty)
    #expect(report.summary.joined(separator: " ").contains("5 of 5 DNS questions were answered"))
    #expect(report.title == "Report: no outage found")
    #expect(report.timeline == nil && report.nextSteps.isEmpty)
  }

  @Test(
    "finds no outage in real captures without one", .needsShared("captures/public"),
    arguments: ["tcpdump-dns_udp.pcap", "zeek-http-basic-auth-with-extra-space.pcap"])
  func shared(name: String) throws {
    let path = try #require(sharedCapture("captures/public/\(name)"))
    let report = try TemporaryFolder().report(of: [path])
    #expect(report.services.isEmpty && report.summary.joined().contains("no outage"))
  }
}

@Suite("An outage seen from four places", .needsShared("captures/lab"))
struct SharedOutageReportTests {
  // Expected: the script that recorded it: 18 queries refused by the server, 4 by the router,
  // 3 names asked three times in silence, other services asked once each.
  @Test("is one outage, in the order in which it was made")
  func lab() throws {
    let names = ["client1.pcap", "client2.pcap", "server-any.pcap", "router.pcapng"]
    let report = try TemporaryFolder().report(
      of: names.map { try #require(sharedCapture("captures/lab/\($0)")) })
    let service = try #require(report.services.first)
    #expect(service.address == "203.0.113.2" && service.port == 53 && service.clients == 2)
    #expect(service.refused == 22)
    let phases = try #require(report.timeline?.phases).map(\.text)
    #expect(phases.count == 5)
    #expect(phases.first?.hasPrefix("healthy") == true && phases.last?.hasPrefix("healthy") == true)
    #expect(phases[1].hasPrefix("refused by the server"))
    #expect(phases[2].hasPrefix("refused by 192.0.2.1"))
    #expect(phases[3].hasPrefix("silence"))
    #expect(!report.services.contains { $0.service.hasPrefix("TFTP") })
    // The script's router forwards from its interface 1 to 0, and drops in its third phase.
    let place = "between interface 1 of router.pcapng and interface 0 of router.pcapng"
    #expect(report.summary.contains { $0.contains(place) })
    #expect(report.causes.contains { $0.weight == .likely && $0.statement.contains(place) })
    #expect(report.nextSteps.contains { $0.text.contains(place) })
    // Its last three questions stay open at the end of the captures, and did not pass the router.
    #expect(
      report.limits.contains {
        $0.hasSuffix("Of them, 3 were seen to get lost between two places.")
      })
  }

  // client1-n.txt prints 12 port unreachable and 4 prohibited errors: grep -c 'unreachable'.
  @Test("In print, that questions failed follows from the order of the lines, and is said so")
  func printedErrors() throws {
    let path = try #require(sharedCapture("captures/lab/client1-n.txt"))
    let report = try TemporaryFolder().report(of: [path])
    #expect(report.summary.contains { $0.contains("16 of them, from the order of the lines") })
    #expect(report.limits.contains { $0.hasPrefix("client1-n.txt: 17 ICMP errors print") })
  }

  @Test("Behind a filter that may have left errors out, nothing is certain")
  func filtered() throws {
    let path = try #require(sharedCapture("captures/lab/client1.pcap"))
    let report = try TemporaryFolder().report(of: [path], filter: "udp port 53")
    #expect(report.summary.contains { $0.contains("read through a filter") })
    #expect(!report.summary.contains { $0.contains("is certain") })
  }

  // Expected: the same capture printed by `tcpdump -n`, a line a packet.
  @Test("is cited in the lines that tcpdump prints")
  func lines() throws {
    let path = try #require(sharedCapture("captures/lab/client1.pcap"))
    let printed = try #require(sharedCapture("captures/lab/client1-n.txt"))
    let lines = try String(contentsOfFile: printed, encoding: .utf8).split(separator: "\n")
    let report = try TemporaryFolder().report(of: [path])
    #expect(report.evidence.count >= 8)
    for exhibit in report.evidence {
      // The date, which tcpdump left out, and the length of ICMP, which the case does not hold.
      let own = try #require(exhibit.line.split(separator: "T", maxSplits: 1).last)
      let content = own.replacing("Z IP", with: " IP", maxReplacements: 1)
      #expect(lines[Int(exhibit.packet.number) - 1].hasPrefix(content))
    }
  }
}

@Suite("The report of a server that answers with errors")
struct ErrorRateReportTests {
  @Test("tells no outage, but the errors, and weighs where they come from")
  func serverFailure() throws {
    let folder = try TemporaryFolder()
    let (client, server): ([UInt8], [UInt8]) = ([192, 0, 2, 15], [203, 0, 113, 9])
    var capture = CaptureFixture()
    for index in 0..<10 {
      let name = ["n\(index % 5)", "example"].map { Array($0.utf8) }
      capture.add(
        Int64(index) * 1000, udp(client, 50_000 + index, server, 53, dnsQuery(index, name)))
      var answer = dnsAnswer(index, name)
      answer[3] = 0x82  // RA, and RCODE 2: SERVFAIL
      capture.add(Int64(index) * 1000 + 2, udp(server, 53, client, 50_000 + index, answer))
    }
    let report = try folder.report(of: [capture.write("errors.pcap", in: folder.url)])
    #expect(report.verdict == .failures && report.services.isEmpty)
    #expect(report.summary.first?.contains("10 of 10 questions with SERVFAIL") == true)
    #expect(report.causes.count == 2 && report.evidence.map(\.packet.number) == [2, 20])
  }
}

@Suite("The report of errors whose requests were not captured")
struct QuotedOnlyReportTests {
  @Test("says so, and takes the router's word that the host cannot be reached")
  func quoted() throws {
    let folder = try TemporaryFolder()
    let (client, server): ([UInt8], [UInt8]) = ([192, 0, 2, 15], [203, 0, 113, 9])
    var capture = CaptureFixture()
    for index in 0..<4 {
      let request = udp(client, 40_000 + index, server, 161, [0x30])
      capture.add(
        Int64(index) * 2000, unreachable([192, 0, 2, 1], code: 1, quoting: request))
    }
    let report = try folder.report(of: [capture.write("blind.pcap", in: folder.url)])
    #expect(report.services.first?.service == "SNMP over UDP, port 161")
    #expect(report.summary.first?.contains("4 errors, not the requests") == true)
    #expect(
      report.causes.first?.statement == "The host 203.0.113.9 was down or cut off from the network."
    )
  }
}
