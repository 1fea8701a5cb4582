import CaseStore

/// A web server that answers with errors of its own (5xx): a row of `http-error-rates`.
struct HTTPErrors: ServerErrors {
  let server: NamedServer
  let errors: Int
  let answers: Int
  let clients: Int
  /// The statuses, with how many answers have each, the most frequent first.
  let statuses: [(status: Int64, count: Int)]
  let exhibits: [(caption: String, packet: Int64)]

  static let investigation = "http-error-rates"

  /// Not a server that only refuses what is asked (4xx): an answer like others.
  static func isTold(_ row: SQLRow) -> Bool {
    row["server_errors"].integer ?? 0 >= ServiceHistory.fewestFailures
  }

  init?(_ row: SQLRow, _ reader: CaseReader) throws {
    func count(_ column: String) -> Int { Int(clamping: row[column].integer ?? 0) }
    guard let address = row["server"].text, let port = row["server_port"].integer else {
      return nil
    }
    server = NamedServer(
      address: address, port: port, name: row["host"].text.map(TabularOutput.harmless))
    (errors, answers, clients) = (count("server_errors"), count("answers"), count("clients"))
    let rows = try reader.rows(
      """
      SELECT status, COUNT(*) AS answers, MIN(packet_id) AS first, MAX(packet_id) AS last
      FROM http_messages
      WHERE is_response = 1 AND src = :server AND src_port = :server_port AND clock = :clock
        AND request_host IS :host AND status BETWEEN 500 AND 599 AND duplicate_of IS NULL
      GROUP BY status
      ORDER BY COUNT(*) DESC, status
      """,
      parameters: Dictionary(
        uniqueKeysWithValues: ["server", "server_port", "clock", "host"].map { ($0, row[$0]) }))
    statuses = rows.compactMap { row in
      row["status"].integer.map { ($0, Int(clamping: row["answers"].integer ?? 0)) }
    }
    let ends = [
      rows.compactMap { $0["first"].integer }.min(), rows.compactMap { $0["last"].integer }.max(),
    ]
    exhibits = zip(["first answer with an error", "last"], ends).compactMap { caption, packet in
      packet.map { (caption, $0) }
    }
  }

  private var place: String { server.text }

  private var host: String { server.name ?? server.address }

  private var words: String {
    listed(
      statuses.map { "\($0.status) \(Self.reasons[$0.status] ?? "") (\(grouped($0.count)))" },
      limit: 3)
  }

  /// RFC 9110, 15.6.
  private static let reasons: [Int64: String] = [
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
  ]

  var title: String { "errors of the web server \(host), at \(server.address)" }

  var sentence: String {
    "The web server \(place) answered \(grouped(errors)) of \(counted(answers, "request")) with an "
      + "error of its own, for \(counted(clients, "client")): \(words)."
  }

  /// A gateway names what stands behind it (502, 504), an overloaded server itself (503); else it is the
  /// program that answers.
  func causes(_ times: ReportTimes) -> [Report.Cause] {
    func number(_ wanted: Set<Int64>) -> Int {
      statuses.reduce(0) { $0 + (wanted.contains($1.status) ? $1.count : 0) }
    }
    let (behind, load) = (number([502, 504]), number([503]))
    let own = errors - behind - load
    let explanations = [
      (
        "What \(place) passes requests on to was down or too slow.", behind,
        "status 502 or 504, which a gateway gives for those behind it"
      ),
      (
        "\(place) was overloaded, or taken out of service.", load,
        "status 503, which a server gives when it takes no more"
      ),
      (
        "The program behind \(place) failed at these requests.", own,
        "another status of 500 to 599, which tells of the server's own program"
      ),
    ]
    let sorted = explanations.enumerated().filter { $0.element.1 > 0 }.sorted {
      ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
    }.map(\.element)
    return sorted.map { statement, count, why in
      Report.Cause(
        statement: statement, weight: count * 2 >= errors ? .likely : .possible, explained: count,
        reason: "It explains \(grouped(count)) of \(counted(errors, "error")).",
        evidenceFor: [
          times.statement(
            "\(counted(count, "answer").asSentenceStart) had \(why).", exhibits.map(\.packet))
        ],
        evidenceAgainst: answers > errors
          ? [
            times.statement(
              "\(counted(answers - errors, "answer").asSentenceStart) had no such error.", [])
          ]
          : [])
    }
  }

  var conclusion: [String] {
    [
      "The captures show that the network and the server's port worked: the log of the server says why it failed."
    ]
  }

  var steps: [Report.Step] {
    [
      Report.Step(
        text:
          "On \(server.address): read the log of the web server, and of what stands behind it, for these requests.",
        command: nil),
      Report.Step(
        text: "Ask the server again, to see whether it still fails.",
        command: host.isPlainHost
          ? "curl -sv -o /dev/null -H 'Host: \(host)' http://\(server.authority)/" : nil),
    ]
  }
}
