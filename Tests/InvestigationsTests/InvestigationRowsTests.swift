import CaseFixtures
import CaseStore
import Testing

@testable import Investigations

/// What each investigation finds in the incident, what it must not find, and where there is
/// nothing to look at. Rows are worked out by hand from the table of `Incident`.
@Suite("Rows of the shipped investigations")
struct InvestigationRowsTests {
  let folder: CaseFolder
  let a = Incident.a
  let b = Incident.b
  let server = Incident.server

  init() throws { folder = try CaseFolder() }

  private func incident() throws -> CaseReader { try folder.read(Incident().capture) }

  @Test(
    "Where no packet is of their kind, investigations have nothing to look at",
    arguments: [
      "dns-error-rates", "dns-refused-by-icmp", "dns-resolver-down", "dns-unanswered",
      "icmp-port-unreachable-burst",
    ])
  func nothingToLookAt(name: String) throws {
    let told = try Told(name, folder.read(Incident.quiet))
    #expect(told.outcome == .nothingToLookAt && told.rows.isEmpty)
  }

  // MARK: - dns-unanswered

  @Test("dns-unanswered: questions refused, met by silence or answered late, by client and server")
  func unanswered() throws {
    let told = try Told("dns-unanswered", incident())
    #expect(told.outcome == .found)
    #expect(
      told.rows == [
        "192.0.2.10|198.51.100.53|udp|4|2|1|1|4|4|b.example|0|0|1000|11000",
        "192.0.2.11|198.51.100.53|udp|1|1|0|0|1|1|b.example|0|0|2000|2000",
      ])
    // The late answer itself is no evidence of a question without one; its query is.
    #expect(told.evidence == [[3, 4, 7, 8, 9, 12], [5, 6]])
  }

  @Test("dns-unanswered: another time-out judges by the wait")
  func anotherTimeout() throws {
    let patient = try Told("dns-unanswered", incident(), given: ["timeout_ms": .integer(7000)])
    #expect(
      patient.rows.first == "192.0.2.10|198.51.100.53|udp|3|2|1|0|3|3|b.example|0|0|1000|4000")
    #expect(patient.evidence.first == [3, 4, 7, 8, 9])
    let hasty = try Told("dns-unanswered", incident(), given: ["timeout_ms": .text("10")])
    #expect(hasty.rows.first == "192.0.2.10|198.51.100.53|udp|6|2|1|3|6|5|a.example|0|0|0|11000")
    #expect(hasty.evidence.first == [1, 3, 4, 7, 8, 9, 10, 12])
  }

  @Test("dns-unanswered: fewer questions than asked for are left out")
  func fewQuestions() throws {
    let told = try Told("dns-unanswered", incident(), given: ["min_questions": .integer(2)])
    #expect(told.rows.count == 1)
  }

  @Test("dns-unanswered: questions answered in time, and such whose fate is not seen, are none")
  func answered() throws {
    var capture = CaptureFile()
    capture.add(0, .query(a, server, id: 1, "a.example"))
    capture.add(5000, .answer(server, a, id: 1, "a.example"))
    capture.add(5001, .query(a, server, id: 2, "b.example"))
    let told = try Told("dns-unanswered", folder.read(capture))
    #expect(told.outcome == .nothingFound && told.rows.isEmpty)
  }

  // MARK: - dns-resolver-down

  @Test("dns-resolver-down: the failures between two answers, with onset and recovery")
  func resolverDown() throws {
    let told = try Told("dns-resolver-down", incident())
    #expect(
      told.rows == ["198.51.100.53|53|udp|4|2|192.0.2.10|3|0|0|1|0|0|1000|4000|10000"])
    #expect(told.evidence == [[3, 4, 5, 6, 7, 8, 9, 11]])
  }

  @Test("dns-resolver-down: an answer between failures makes them two runs, each too short")
  func interrupted() throws {
    var capture = CaptureFile()
    for (index, time) in [0, 1000, 2000, 3000, 4000].enumerated() {
      let id = UInt16(index + 1)
      let query = Frame.query(a, server, id: id, "a.example", identification: id)
      capture.add(Int64(time), query)
      capture.add(
        Int64(time + 1),
        id == 3
          ? .answer(server, a, id: id, "a.example")
          : .unreachable("198.51.100.53", code: 3, quoting: query))
    }
    let told = try Told("dns-resolver-down", folder.read(capture))
    #expect(told.outcome == .nothingFound && told.rows.isEmpty)
    let shorter = try Told("dns-resolver-down", folder.read(), given: ["min_failures": .integer(2)])
    #expect(
      shorter.rows == [
        "198.51.100.53|53|udp|2|1|192.0.2.10|2|0|0|0|0||0|1000|2000",
        "198.51.100.53|53|udp|2|1|192.0.2.10|2|0|0|0|0|2000|3000|4000|",
      ])
  }

  // MARK: - dns-refused-by-icmp

  @Test("dns-refused-by-icmp: each question with who refused it, how, and how soon")
  func refused() throws {
    let told = try Told("dns-refused-by-icmp", incident())
    let error = "198.51.100.53|1|3|3|destination unreachable (port unreachable)|1.0"
    let first: Int64 = 1 << 32
    #expect(
      told.rows == [
        "192.0.2.10|198.51.100.53|b.example|A|2|\(error)|\(first + 3)|1000|1001",
        "192.0.2.11|198.51.100.53|b.example|A|3|\(error)|\(first + 5)|2000|2001",
        "192.0.2.10|198.51.100.53|c.example|A|4|\(error)|\(first + 7)|3000|3001",
      ])
    #expect(told.evidence == [[3, 4], [5, 6], [7, 8]])
    let slow = try Told("dns-refused-by-icmp", incident(), given: ["min_delay_ms": .integer(2)])
    #expect(slow.outcome == .nothingFound)
  }

  @Test("dns-refused-by-icmp: an error about the answer refuses no question")
  func answerRefused() throws {
    let answer = Frame.answer(server, a, id: 1, "a.example", identification: 9)
    let refused = Frame.query(b, server, id: 2, "b.example", identification: 10)
    var capture = CaptureFile()
    capture.add(0, .query(a, server, id: 1, "a.example"))
    capture.add(20, answer)
    capture.add(21, .unreachable("192.0.2.10", code: 3, quoting: answer))
    // A question that is refused, by a router: there is something to look at.
    capture.add(30, refused)
    capture.add(31, .unreachable("203.0.113.1", code: 13, quoting: refused))
    let told = try Told("dns-refused-by-icmp", folder.read(capture))
    #expect(
      told.rows == [
        "192.0.2.11|198.51.100.53|b.example|A|2|203.0.113.1|0|3|13"
          + "|destination unreachable (communication administratively prohibited)|1.0"
          + "|4294967300|30|31"
      ])
  }

  // MARK: - dns-error-rates

  /// `errors` questions that are answered NXDOMAIN, then `answers` that are answered.
  private func answers(errors: UInt16, answers: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for id in 1...errors + answers {
      let rcode: UInt8 = id <= errors ? 3 : 0
      let name = rcode == 0 ? "a.example" : "no\(id).example"
      capture.add(Int64(id) * 100, .query(a, server, id: id, name))
      capture.add(Int64(id) * 100 + 10, .answer(server, a, id: id, name, rcode: rcode))
    }
    return capture
  }

  @Test("dns-error-rates: a server's errors by code, with their share of its answers")
  func errorRates() throws {
    let told = try Told("dns-error-rates", folder.read(answers(errors: 5, answers: 15)))
    #expect(told.rows == ["198.51.100.53|3|5|20|0.25|1|5|no1.example|0|100|500"])
    #expect(told.evidence == [[2, 4, 6, 8, 10]])
  }

  @Test("dns-error-rates: too few errors, or too small a share, are nothing")
  func fewErrors() throws {
    let few = try Told("dns-error-rates", folder.read(answers(errors: 4, answers: 1)))
    #expect(few.outcome == .nothingFound)
    let more = try Told("dns-error-rates", folder.read(), given: ["min_errors": .integer(4)])
    #expect(more.rows.count == 1)
    let rare = try Told(
      "dns-error-rates", folder.read(),
      given: ["min_errors": .integer(4), "min_share": .real(0.81)])
    #expect(rare.outcome == .nothingFound)
  }

  // MARK: - icmp-port-unreachable-burst

  @Test("icmp-port-unreachable-burst: errors about one port, with their rate and who was told")
  func burst() throws {
    let told = try Told("icmp-port-unreachable-burst", incident())
    // Three errors in two seconds: 90 a minute.
    #expect(
      told.rows == [
        "198.51.100.53|17|53|3|90.0|2|1|198.51.100.53|2|b.example|0|1001|3001"
      ])
    #expect(told.evidence == [[4, 6, 8]])
  }

  @Test("icmp-port-unreachable-burst: errors too far apart, or of another kind, are no burst")
  func noBurst() throws {
    let apart = try Told(
      "icmp-port-unreachable-burst", incident(), given: ["gap_s": .integer(0)])
    #expect(apart.outcome == .nothingFound)
    var capture = CaptureFile()
    for id in 1...5 as ClosedRange<UInt16> {
      let query = Frame.query(a, server, id: id, "a.example", identification: id)
      capture.add(Int64(id) * 10, query)
      // Host unreachable, and a port unreachable about another port each time.
      capture.add(Int64(id) * 10 + 1, .unreachable("203.0.113.1", code: 1, quoting: query))
      let probe = Frame.udp(a, Endpoint("198.51.100.53", 33_434 + id), identification: id, [0])
      capture.add(Int64(id) * 10 + 2, probe)
      capture.add(Int64(id) * 10 + 3, .unreachable("198.51.100.53", code: 3, quoting: probe))
    }
    let told = try Told("icmp-port-unreachable-burst", CaseFolder().read(capture))
    #expect(told.outcome == .nothingFound && told.rows.isEmpty)
  }

  @Test("icmp-port-unreachable-burst: a pause longer than the gap parts two bursts")
  func twoBursts() throws {
    var capture = CaptureFile()
    for (index, second) in [0, 1, 2, 303, 304, 305].enumerated() {
      let id = UInt16(index + 1)
      let query = Frame.query(a, server, id: id, "a.example", identification: id)
      capture.add(Int64(second) * 1000, query)
      capture.add(Int64(second) * 1000 + 1, .unreachable("198.51.100.53", code: 3, quoting: query))
    }
    let told = try Told("icmp-port-unreachable-burst", folder.read(capture))
    #expect(told.rows.map { $0.hasSuffix("|1|2001") } == [true, false])
    #expect(told.evidence == [[2, 4, 6], [8, 10, 12]])
  }

  // MARK: - capture-quality

  @Test("capture-quality: a gap, a filter, a limit and a capture cut short are named")
  func shortcomings() throws {
    var capture = CaptureFile()
    for id in 0...3 as ClosedRange<UInt16> {
      capture.add(Int64(id) * 11_000, .query(a, server, id: id, "a.example"))
      capture.add(Int64(id) * 11_000 + 1, .answer(server, a, id: id, "a.example"))
    }
    let reader = try folder.read(capture) { options in
      options.filter = "udp"
      options.packetLimit = 4
    }
    let told = try Told("capture-quality", reader)
    #expect(
      told.rows == [
        "a.pcap|1|filter|4.0|||", "a.pcap|1|gap|10.999|4294967298|1|11000", "a.pcap|1|limit|4.0|||",
      ])
    #expect(told.evidence == [[], [2], []])
    _ = try folder.ingest(
      [folder.write(Array(capture.octets.dropLast(1)), "cut.pcap")], into: "b.case")
    let cut = try Told("capture-quality", folder.read("b.case"), given: ["max_gap_s": .integer(11)])
    #expect(
      cut.rows == ["cut.pcap|1|cut short|7.0|||33000", "cut.pcap|1|faults|1.0|||"])
  }

  @Test("capture-quality: TCP seen in one direction alone is named, above half of the flows")
  func oneSided() throws {
    let web = Endpoint("198.51.100.80", 443)
    var capture = CaptureFile()
    for port in [1, 2, 3] as [UInt16] {
      let client = Endpoint("192.0.2.10", 40_000 + port)
      capture.add(Int64(port), .tcp(client, web, flags: 16))
      if port == 1 { capture.add(Int64(port), .tcp(web, client, flags: 16)) }
    }
    let told = try Told("capture-quality", folder.read(capture))
    #expect(told.rows.map { String($0.prefix(18)) } == ["||one-sided|0.6666"])
    let lenient = try Told("capture-quality", folder.read(), given: ["max_one_sided": .real(0.67)])
    #expect(lenient.outcome == .nothingFound)
  }

  @Test("capture-quality: a capture without a shortcoming has none")
  func goodCapture() throws {
    let told = try Told("capture-quality", incident())
    #expect(told.outcome == .nothingFound && told.rows.isEmpty)
  }
}
