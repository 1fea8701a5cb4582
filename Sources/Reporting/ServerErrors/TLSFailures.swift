import CaseStore

/// A server with which TLS handshakes failed for one reason: a row of `tls-failures`.
struct TLSFailures: ServerErrors {
  let server: NamedServer
  /// The alert's name; or reset, closed, no answer.
  let reason: String
  /// Who said so: server or client.
  let teller: String?
  let failures: Int
  let clients: Int
  let succeeded: Int
  let exhibits: [(caption: String, packet: Int64)]

  static let investigation = "tls-failures"

  /// Not what is too few to tell of.
  static func isTold(_ row: SQLRow) -> Bool {
    row["failures"].integer ?? 0 >= ServiceHistory.fewestFailures
  }

  init?(_ row: SQLRow, _ reader: CaseReader) throws {
    guard let address = row["server"].text, let port = row["port"].integer,
      let reason = row["reason"].text, let failures = row["failures"].integer
    else { return nil }
    func count(_ column: String) -> Int { Int(clamping: row[column].integer ?? 0) }
    server = NamedServer(
      address: address, port: port, name: row["server_name"].text.map(TabularOutput.harmless))
    self.reason = reason
    teller = row["told_by"].text
    (self.failures, clients) = (Int(clamping: failures), count("clients"))
    succeeded = count("succeeded")
    exhibits = try Self.exhibits(row, reader)
  }

  private static func exhibits(
    _ row: SQLRow, _ reader: CaseReader
  ) throws -> [(caption: String, packet: Int64)] {
    let parameters = Dictionary(
      uniqueKeysWithValues: [
        "server", "port", "server_name", "reason", "clock", "first_ts", "last_ts",
      ].map {
        ($0, row[$0])
      })
    let hellos = """
      FROM tls_handshakes AS h
      WHERE h.is_server = 0 AND h.dst = :server AND h.dst_port = :port
        AND h.server_name IS :server_name AND h.ts BETWEEN :first_ts AND :last_ts
        AND h.clock = :clock AND h.duplicate_of IS NULL AND h.transport = 'tcp'
      """
    let alerts = """
      SELECT flow_id FROM tls_alerts
      WHERE level = 'fatal' AND description = :reason AND clock = :clock
      """
    let answered = "SELECT flow_id FROM tls_handshakes WHERE is_server = 1 AND clock = :clock"
    let first = try reader.firstRow(
      """
      SELECT MIN(h.packet_id) AS packet_id \(hellos)
        AND CASE WHEN :reason IN ('reset', 'closed', 'no answer')
          THEN h.flow_id NOT IN (\(answered)) ELSE h.flow_id IN (\(alerts)) END
      """, parameters: parameters)
    let alert = try reader.firstRow(
      """
      SELECT MIN(a.packet_id) AS packet_id
      FROM tls_alerts AS a
      WHERE a.level = 'fatal' AND a.description = :reason AND a.clock = :clock
        AND a.duplicate_of IS NULL AND a.flow_id IN (SELECT h.flow_id \(hellos))
      """, parameters: parameters)
    return [("first hello of a client", first), ("first alert", alert)].compactMap { caption, row in
      row?["packet_id"].integer.map { (caption, $0) }
    }
  }

  private var place: String { server.text }

  private var total: Int { failures + succeeded }

  var title: String {
    "failing TLS handshakes with \(server.name ?? server.address), at \(server.address)"
  }

  var sentence: String {
    let way =
      switch reason {
      case "reset": "were reset" + (teller.map { " by the \($0)" } ?? "")
      case "closed": "were closed without an answer to the client's hello"
      case "no answer": "got no answer to the client's hello"
      default: "ended with the alert \(reason)" + (teller.map { ", which the \($0) sent" } ?? "")
      }
    return "Of \(counted(total, "TLS handshake")) with \(place), \(grouped(failures)) \(way), for "
      + "\(counted(clients, "client"))."
  }

  /// What an alert says of the two ends: RFC 8446, section 6.2.
  private enum Matter { case certificate, agreement, name, fault, silence }

  private var matter: Matter {
    switch reason {
    case "bad_certificate", "unsupported_certificate", "certificate_revoked", "certificate_expired",
      "certificate_unknown", "unknown_ca", "bad_certificate_status_response":
      .certificate
    case "handshake_failure", "protocol_version", "insufficient_security", "inappropriate_fallback",
      "missing_extension", "unsupported_extension", "no_application_protocol",
      "certificate_required", "illegal_parameter":
      .agreement
    case "unrecognized_name": .name
    case "reset", "closed", "no answer": .silence
    default: .fault
    }
  }

  /// Two explanations, weighed by whether it met many clients, and others did not meet it.
  func causes(_ times: ReportTimes) -> [Report.Cause] {
    let (own, foreign) =
      switch matter {
      case .certificate:
        (
          "The certificate of \(place) is not one that its clients accept: \(reason).",
          "These clients do not trust what others do: their clocks, or the issuers that they know, are wrong."
        )
      case .agreement:
        (
          "\(place) is set up for versions, ciphers or extensions that its clients do not offer.",
          "These clients are too old, or too strict, for \(place)."
        )
      case .name:
        (
          "\(place) does not serve the name that it is asked for.",
          "The name leads these clients to the wrong server."
        )
      case .fault:
        (
          "The program behind \(place) failed within the handshake: \(reason).",
          "These clients send what \(place) cannot read, or something on the way changes it."
        )
      case .silence:
        (
          "\(place) gives up when it reads the hello: its program fails, or is set not to serve it.",
          "Something on the way ends the connections when it reads the hello, such as a filter by name."
        )
      }
    let isBroad = clients > 1 || succeeded == 0
    let evidence = times.statement(sentence, exhibits.map(\.packet))
    var others: [Report.Statement] = []
    if succeeded > 0 {
      others.append(
        times.statement("\(counted(succeeded, "handshake").asSentenceStart) with it succeeded.", [])
      )
    }
    func cause(_ statement: String, fits: Bool, _ against: [Report.Statement]) -> Report.Cause {
      Report.Cause(
        statement: statement, weight: fits ? .likely : .possible, explained: failures,
        reason: "\(counted(clients, "client").asSentenceStart) met it"
          + (succeeded > 0
            ? ", and \(counted(succeeded, "handshake")) succeeded."
            : ", and no handshake succeeded."),
        evidenceFor: [evidence], evidenceAgainst: against)
    }
    let causes = [
      cause(own, fits: isBroad, others), cause(foreign, fits: !isBroad, []),
    ]
    return isBroad ? causes : causes.reversed()
  }

  var conclusion: [String] {
    [
      "The captures alone cannot decide between causes 1 and 2: the same handshake from another client, "
        + "and from the server's own network, would."
    ]
  }

  var steps: [Report.Step] {
    let host = server.name ?? server.address
    return [
      Report.Step(
        text: "Make the same handshake from the server's own network and from another client.",
        command: host.isPlainHost && server.address.isPlainHost
          ? "openssl s_client -connect \(server.authority) "
            + "-servername \(host) -showcerts </dev/null" : nil),
      Report.Step(
        text: matter == .certificate
          ? "On \(server.address): compare the certificate's names, dates and chain with what clients ask for."
          : "On \(server.address): read the log of the program at port \(server.port) for these connections.",
        command: nil),
    ]
  }
}
