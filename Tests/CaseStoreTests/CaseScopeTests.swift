import CaseFixtures
import CaseStore
import Testing

@Suite("A part of a case")
struct CaseScopeTests {
  let folder: CaseFolder

  /// Two captures: questions of one client at 0, 1 and 2 s, refused at 2.5 s; one of another at 1 s.
  init() throws {
    folder = try CaseFolder()
    let (one, other) = (Endpoint("192.0.2.10", 40_000), Endpoint("192.0.2.11", 40_000))
    let server = Endpoint("198.51.100.53", 53)
    var (first, second) = (CaptureFile(), CaptureFile())
    for number in 0..<3 as Range<UInt16> {
      first.add(Int64(number) * 1000, .query(one, server, id: number, "a.example"))
    }
    let last = Frame.query(one, server, id: 2, "a.example")
    first.add(2500, .unreachable("198.51.100.53", code: 3, quoting: last))
    second.add(1000, .query(other, server, id: 9, "b.example"))
    try folder.ingest([folder.write(first, "first.pcap"), folder.write(second, "second.pcap")])
  }

  /// Rows of captures, packets, DNS messages, transactions, ICMP messages and flows.
  private func counts(_ scope: CaseScope) throws -> [String] {
    let reader = try CaseReader(path: folder.file("a.case"), scope: scope)
    return try [
      "captures", "packets", "dns_messages", "dns_transactions", "icmp_messages", "flows",
    ].map { try reader.value("SELECT count(*) FROM \($0)") }
  }

  /// Nanoseconds of a time that long after noon.
  private func at(_ milliseconds: Int64) -> Int64 { CaptureFile.noon + milliseconds * 1_000_000 }

  @Test("Without limits everything is seen")
  func whole() throws {
    #expect(try counts(CaseScope()) == ["2", "5", "4", "4", "1", "3"])
  }

  @Test("A beginning and an end are inclusive; a flow counts that reaches into them")
  func times() throws {
    #expect(try counts(CaseScope(since: at(1000))) == ["2", "4", "3", "3", "1", "3"])
    #expect(try counts(CaseScope(since: at(1001))) == ["2", "2", "1", "1", "1", "2"])
    #expect(try counts(CaseScope(until: at(1000))) == ["2", "3", "3", "3", "0", "2"])
    #expect(
      try counts(CaseScope(since: at(1000), until: at(1000))) == ["2", "2", "2", "2", "0", "2"])
    #expect(try counts(CaseScope(since: at(9000))) == ["2", "0", "0", "0", "0", "0"])
  }

  @Test("One capture alone is seen with what it shows")
  func capture() throws {
    #expect(try counts(CaseScope(captures: [1])) == ["1", "4", "3", "3", "1", "2"])
    #expect(try counts(CaseScope(captures: [2])) == ["1", "1", "1", "1", "0", "1"])
    #expect(try counts(CaseScope(captures: [3])) == ["0", "0", "0", "0", "0", "0"])
    #expect(try counts(CaseScope(captures: [1, 2])) == ["2", "5", "4", "4", "1", "3"])
    #expect(
      try counts(CaseScope(until: at(0), captures: [1])) == ["1", "1", "1", "1", "0", "1"])
  }

  @Test(
    "One of several captures of the same packets is seen as a case of it alone shows it",
    .enabled(if: Places.shared("lab") != nil, "../shared/captures/lab is not there"))
  func captureAlone() throws {
    let names = ["client1.pcap", "client2.pcap", "server-any.pcap"]
    let paths = names.compactMap { Places.shared("lab/" + $0) }
    #expect(paths.count == names.count)
    try folder.ingest(paths, into: "all.case")
    for (index, path) in paths.enumerated() {
      try folder.ingest([path], into: names[index] + ".case")
      let alone = try folder.read(names[index] + ".case")
      let part = try CaseReader(
        path: folder.file("all.case"), scope: CaseScope(captures: [Int64(index + 1)]))
      for query in [
        "SELECT time, client, server, qname, attempts, rtt_ns, outcome FROM dns_transactions",
        "SELECT client, server, server_port, first_ts, packets_to_server, bytes_to_client, state "
          + "FROM flows",
        "SELECT number, duplicate_of IS NULL, info FROM packets",
        "SELECT ts, name, quoted_dst_port, quoted_qname, original_packet_id IS NULL "
          + "FROM icmp_messages",
      ] {
        let rows = try part.lines(query).sorted()
        #expect(try rows == alone.lines(query).sorted() && !rows.isEmpty, "\(names[index])")
      }
    }
  }
}
