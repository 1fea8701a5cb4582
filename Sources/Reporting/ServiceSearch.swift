import CaseStore

/// Finds the services of a case that failed: from DNS questions, from ICMP errors about any port,
/// and from TCP connections that were reset at once.
struct ServiceSearch {
  let reader: CaseReader
  let times: ReportTimes
  /// Every service that DNS questions were sent to.
  private(set) var dns: [ServiceHistory] = []
  /// The others that refused at least three times.
  private(set) var others: [ServiceHistory] = []
  /// What was left out because there is too much of it.
  private(set) var omissions: [String] = []
  /// ICMP errors about packets that answered: the client had closed its port.
  private(set) var errorsAboutAnswers = 0
  /// ICMP errors that say that a packet could not be delivered.
  private(set) var unreachableErrors = 0

  /// Errors by what they are about, each event once.
  private var errors: [ServiceKey: [ErrorMessage]] = [:]
  /// The same by their packets.
  private var byPacket: [Int64: ErrorMessage] = [:]
  private var titles: [Port: String] = [:]

  private struct Port: Hashable {
    var ipProtocol: Int64
    var port: Int64
  }

  /// Errors read at most, packets of one service, and services other than DNS.
  private static let limits = (errors: 200_000, packets: 200_000, services: 20)

  /// - Throws: `SQLFault`.
  init(_ reader: CaseReader, _ times: ReportTimes) throws {
    (self.reader, self.times) = (reader, times)
    try readTitles()
    try readErrors()
    try readDNS()
    try readOthers()
  }

  /// Every service with a failure, the worst first: outages before scattered failures, then those
  /// with more failures, then the earlier.
  func failed() -> [ServiceHistory] {
    let all = (dns + others).filter { history in
      !history.outages.isEmpty
        || history.questions.lazy.filter(\.hasFailed).count >= ServiceHistory.fewestFailures
    }
    let ranked = all.map { history in
      (
        history: history, outage: history.worstOutage.map(history.failures) ?? 0,
        failures: history.questions.lazy.filter(\.hasFailed).count
      )
    }
    return ranked.sorted { left, right in
      if (left.outage > 0) != (right.outage > 0) { return left.outage > 0 }
      if left.outage != right.outage { return left.outage > right.outage }
      if left.failures != right.failures { return left.failures > right.failures }
      let (one, other) = (left.history.key, right.history.key)
      return (one.clock, one.address, one.ipProtocol, one.port)
        < (other.clock, other.address, other.ipProtocol, other.port)
    }.map(\.history)
  }

  /// Errors about other ports of a host, from the host itself.
  func otherPorts(of key: ServiceKey) -> [ServiceKey: [ErrorMessage]] {
    errors.filter { other, _ in
      other.clock == key.clock && other.address == key.address
        && (other.ipProtocol, other.port) != (key.ipProtocol, key.port)
    }
  }

  /// Questions that the server of an incident over UDP answered over TCP from its first failure to its last.
  func answeredOverTCP(_ incident: Incident) -> [Question] {
    let key = incident.history.key
    guard incident.history.isDNS, key.ipProtocol == 17, let first = incident.first,
      let last = incident.last,
      let history = dns.first(where: {
        $0.key.clock == key.clock && $0.key.address == key.address && $0.key.port == key.port
          && $0.key.ipProtocol == 6
      })
    else { return [] }
    return history.questions.filter { question in
      question.fate == .answered && question.time.map { $0 >= first && $0 <= last } ?? false
    }
  }

  private mutating func readTitles() throws {
    for row in try reader.rows("SELECT ip_proto, port, title FROM lookup_service") {
      guard let number = row["ip_proto"].integer, let port = row["port"].integer else { continue }
      titles[Port(ipProtocol: number, port: port)] = row["title"].text
    }
  }

  /// The name of a port, such as `NTP`; `nil` for an unknown one.
  func title(ipProtocol: Int64, port: Int64) -> String? {
    titles[Port(ipProtocol: ipProtocol, port: port)]
  }

  /// Errors that say that a packet could not be delivered, each event once.
  private mutating func readErrors() throws {
    let sql = """
      SELECT i.packet_id, i.capture_id, i.ts, i.src, i.version, i.type, i.code, i.name, i.ttl,
             i.quoted_src, i.quoted_src_port, i.quoted_dst, i.quoted_ip_proto, i.quoted_dst_port,
             i.original_packet_id
      FROM icmp_messages AS i
      WHERE ((i.version = 4 AND i.type = 3 AND i.code <> 4) OR (i.version = 6 AND i.type = 1))
        AND i.quoted_dst IS NOT NULL
        AND i.duplicate_of IS NULL
      ORDER BY i.packet_id
      LIMIT \(Self.limits.errors)
      """
    var rows = 0
    try reader.run(sql) { row in
      rows += 1
      guard row.count == 15, let packet = row[0].integer, let capture = row[1].integer,
        let server = row[11].text
      else { return true }
      guard let number = row[12].integer, let port = row[13].integer else {
        // It tells of a host, not of a service.
        unreachableErrors += 1
        return true
      }
      let refusal = Refusal(
        sender: row[3].text ?? "an unknown host", version: row[4].integer ?? 0,
        type: row[5].integer ?? 0, code: row[6].integer ?? 0, name: row[7].text ?? "error")
      let error = ErrorMessage(
        packet: packet, time: row[2].integer, refusal: refusal, ttl: row[8].integer,
        client: row[9].text, original: row[14].integer)
      byPacket[packet] = error
      unreachableErrors += 1
      if let from = row[10].integer, title(ipProtocol: number, port: port) == nil,
        title(ipProtocol: number, port: from) != nil
      {
        errorsAboutAnswers += 1
        return true
      }
      let key = ServiceKey(
        clock: times.clock(ofCapture: capture), address: server, ipProtocol: number, port: port)
      errors[key, default: []].append(error)
      return true
    }
    if rows == Self.limits.errors {
      omissions.append(
        "Only the first \(grouped(rows)) ICMP errors were looked at, in the order of "
          + "captures and packets.")
    }
  }

  private mutating func readDNS() throws {
    let sql = """
      SELECT t.query_packet_id, t.ts, t.client, t.server, t.server_port,
             CASE t.transport WHEN 'tcp' THEN 6 ELSE 17 END AS ip_proto, t.outcome,
             t.response_packet_id, t.icmp_packet_id, t.ts + t.rtt_ns AS answer_ts,
             CASE WHEN t.outcome IN ('refused', 'timed-out', 'late') THEN t.qname END AS qname,
             t.attempts, t.qtype, t.txid, t.client_port
      FROM dns_transactions AS t
      ORDER BY t.query_packet_id
      """
    var questions: [ServiceKey: [Question]] = [:]
    try reader.run(sql) { row in
      guard row.count == 15, let packet = row[0].integer, let server = row[3].text,
        let port = row[4].integer, let number = row[5].integer
      else { return true }
      let key = ServiceKey(
        clock: times.clock(ofCapture: packet >> 32), address: server, ipProtocol: number,
        port: port)
      var question = Question(
        time: row[1].integer, packet: packet, client: row[2].text ?? "an unknown client",
        fate: .undecided, reply: row[7].integer, replyTime: row[9].integer,
        isRetried: (row[11].integer ?? 1) > 1)
      switch row[6].text {
      case "answered": question.fate = .answered
      case "late": question.fate = .late
      case "timed-out": question.fate = .silent
      case "refused":
        // Without its error, which then lies outside the time that is looked at, it is undecided.
        guard let error = row[8].integer.flatMap({ byPacket[$0] }) else { break }
        (question.reply, question.replyTime) = (error.packet, error.time)
        question.fate = .refused(error.refusal)
      default: break
      }
      if question.hasFailed {
        question.asked = Question.Asked(
          name: row[10].text.map(TabularOutput.harmless),
          type: row[12].text.map(TabularOutput.harmless), identifier: row[13].integer,
          clientPort: row[14].integer)
      }
      questions[key, default: []].append(question)
      return true
    }
    dns = questions.keys.sorted(by: Self.order).map { key in
      ServiceHistory(
        key: key, title: title(ipProtocol: key.ipProtocol, port: key.port) ?? "DNS",
        noun: "question", questions: questions[key] ?? [], errors: errors[key] ?? [])
    }
  }

  private static func order(_ one: ServiceKey, _ other: ServiceKey) -> Bool {
    (one.clock, one.address, one.ipProtocol, one.port)
      < (other.clock, other.address, other.ipProtocol, other.port)
  }

  private mutating func readOthers() throws {
    let known = Set(dns.map(\.key))
    var candidates: [(key: ServiceKey, count: Int)] = errors.compactMap { key, messages in
      known.contains(key) || messages.count < ServiceHistory.fewestFailures
        ? nil : (key, messages.count)
    }
    for (key, count) in try resets()
    where !known.contains(key) && !candidates.contains(where: { $0.key == key }) {
      candidates.append((key, count))
    }
    candidates.sort { $0.count != $1.count ? $0.count > $1.count : Self.order($0.key, $1.key) }
    if candidates.count > Self.limits.services {
      omissions.append(
        "\(candidates.count - Self.limits.services) further services with fewer refusals were "
          + "not looked at one by one.")
    }
    for (key, _) in candidates.prefix(Self.limits.services) {
      let messages = errors[key] ?? []
      let exchanges = try ServiceExchanges(
        reader, key, errors: messages, times: times, limit: Self.limits.packets)
      if let omission = exchanges.omission { omissions.append(omission) }
      others.append(
        ServiceHistory(
          key: key, title: title(ipProtocol: key.ipProtocol, port: key.port),
          noun: exchanges.noun, questions: exchanges.questions, errors: messages))
    }
  }

  /// TCP ports that reset at least three connection attempts by one clock.
  private func resets() throws -> [(ServiceKey, Int)] {
    let rows = try reader.rows(
      """
      SELECT clock, server, server_port, COUNT(*) AS attempts
      FROM flows
      WHERE ip_proto = 6
        AND state = 'REJ'
        AND server IS NOT NULL
        AND server_port IS NOT NULL
      GROUP BY clock, server, server_port
      HAVING COUNT(*) >= \(ServiceHistory.fewestFailures)
      ORDER BY attempts DESC, clock, server, server_port
      LIMIT \(Self.limits.services)
      """)
    return rows.compactMap { row in
      guard let clock = row["clock"].integer, let server = row["server"].text,
        let port = row["server_port"].integer
      else { return nil }
      let key = ServiceKey(clock: clock, address: server, ipProtocol: 6, port: port)
      return (key, Int(clamping: row["attempts"].integer ?? 0))
    }
  }
}
