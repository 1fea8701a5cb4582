import CaseStore

/// A DNS server that answers, but with errors of its own: a row of `dns-error-rates`.
struct DNSErrorRate: ServerErrors {
  let server: String
  let code: Int64
  let errors: Int
  let answers: Int
  let clients: Int
  let names: Int
  /// The first and the last answer with the error.
  var packets: [Int64] = []

  static let investigation = "dns-error-rates"

  /// Not a name that does not exist (NXDOMAIN): an answer like others.
  static func isTold(_ row: SQLRow) -> Bool { row["rcode"].integer != 3 }

  init?(_ row: SQLRow, _ reader: CaseReader) throws {
    guard let server = row["server"].text, let code = row["rcode"].integer else { return nil }
    func count(_ column: String) -> Int { Int(clamping: row[column].integer ?? 0) }
    (self.server, self.code) = (server, code)
    (errors, answers) = (count("errors"), count("answers"))
    (clients, names) = (count("clients"), count("names"))
    let ends = try reader.firstRow(
      """
      SELECT MIN(response_packet_id) AS first, MAX(response_packet_id) AS last
      FROM dns_transactions
      WHERE server = :server AND rcode = :rcode
      """, parameters: ["server": .text(server), "rcode": .integer(code)])
    for packet in [ends?["first"].integer, ends?["last"].integer].compactMap({ $0 })
    where !packets.contains(packet) {
      packets.append(packet)
    }
  }

  private var codeName: String {
    switch code {
    case 1: "FORMERR"
    case 2: "SERVFAIL"
    case 4: "NOTIMP"
    case 5: "REFUSED"
    default: "response code \(code)"
    }
  }

  var title: String { "errors of the DNS server \(server)" }

  var exhibits: [(caption: String, packet: Int64)] {
    zip(["first answer with the error", "last"], packets).map { ($0, $1) }
  }

  var sentence: String {
    "The DNS server \(server) answered \(grouped(errors)) of \(counted(answers, "question")) with "
      + "\(codeName), for \(counted(names, "name")) and \(counted(clients, "client"))."
  }

  /// Two explanations, weighed by how many names met the error.
  func causes(_ times: ReportTimes) -> [Report.Cause] {
    let counts = times.statement(
      "\(grouped(errors)) of \(counted(answers, "answer")) said \(codeName), for "
        + "\(counted(names, "name")).", packets)
    let isBroad = names >= 3
    let (own, foreign) =
      code == 5
      ? (
        "\(server) is set not to serve these clients, or not to look up names for them.",
        "\(server) refuses these names alone."
      )
      : (
        "\(server) cannot reach or validate what it needs to answer.",
        "The zones of these names are broken at their own servers."
      )
    func cause(_ statement: String, fits: Bool) -> Report.Cause {
      Report.Cause(
        statement: statement, weight: fits ? .likely : .possible,
        explained: errors,
        reason: "\(counted(names, "name").asSentenceStart) met the error; "
          + "\(isBroad ? "many at once point to the server" : "so few point to the names") "
          + "rather than to \(isBroad ? "the names" : "the server").",
        evidenceFor: fits ? [counts] : [], evidenceAgainst: fits ? [] : [counts])
    }
    let causes = [cause(own, fits: isBroad), cause(foreign, fits: !isBroad)]
    return isBroad ? causes : causes.reversed()
  }

  var conclusion: [String] {
    [
      "The captures alone cannot decide between causes 1 and 2: what another server says "
        + "of the same names would."
    ]
  }

  var steps: [Report.Step] {
    [
      Report.Step(
        text: "On \(server): read the resolver's log for the names that met \(codeName).",
        command: nil),
      Report.Step(
        text: "Ask another server for the same names. The same error points to the zones.",
        command: nil),
    ]
  }
}
