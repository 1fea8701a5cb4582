import CaseStore

/// What the case shows of a host while one of its services failed.
///
/// Only captures of the incident's clock count: whether something in another was before the onset,
/// or meanwhile, nobody can tell.
struct HostFacts {
  /// Ports that answered flows begun in the window, the failed one left out.
  var answeringPorts: [(name: String, flows: Int, packet: Int64?)] = []
  /// Flows to the same port number over TCP, where the service that failed runs over UDP.
  var sameTCPPort = TCPPort()
  var echoReplies = 0
  var echoReply: Int64?
  /// Other ports that the host itself called unreachable in the window.
  var otherRefusedPorts: [(name: String, errors: Int, packet: Int64)] = []
  /// Clients that asked at least twenty ports of the host, with how many, and how many before
  /// the onset.
  var scanners: [(client: String, ports: Int, portsBefore: Int)] = []
  /// Answers that the affected clients had from other servers of the same protocol meanwhile.
  var answersElsewhere: (count: Int, servers: [String], packet: Int64?) = (0, [], nil)
  /// Hops that errors from the host's address were allowed, and its other packets, by capture.
  var hops: [(capture: Int64, errors: Set<Int64>, others: Set<Int64>)] = []

  /// Ports of the host that flows of the case ask, of TCP and UDP.
  private var seenPorts = 0

  struct TCPPort {
    var established = 0
    var reset = 0
    var unanswered = 0
    var packet: Int64?
  }

  /// Whether anything but errors came from the host in the window.
  var isSeenAlive: Bool {
    !answeringPorts.isEmpty || echoReplies > 0 || sameTCPPort.established > 0
      || sameTCPPort.reset > 0
  }

  /// Ports of one host that a client must ask before that is called a scan.
  static let scanPorts = 20

  init() {}

  /// - Throws: `SQLFault`.
  init(
    _ reader: CaseReader, _ incident: Incident, _ search: ServiceSearch, _ times: ReportTimes
  ) throws {
    let key = incident.history.key
    guard let first = incident.first, let last = incident.last else { return }
    let bounds: [String: SQLValue] = [
      "server": .text(key.address), "clock": .integer(key.clock), "first": .integer(first),
      "last": .integer(last),
    ]
    try readFlows(reader, key, bounds, search, times)
    try readEcho(reader, bounds, times)
    if seenPorts >= Self.scanPorts { try readScanners(reader, bounds, times) }
    for (other, messages) in search.otherPorts(of: key).sorted(by: {
      ($0.key.ipProtocol, $0.key.port) < ($1.key.ipProtocol, $1.key.port)
    }) {
      let own = messages.filter {
        $0.refusal.sender == key.address && $0.refusal.isPortUnreachable
          && ($0.time ?? .min) >= first && ($0.time ?? .max) <= last
      }
      guard let shown = own.first else { continue }
      otherRefusedPorts.append(
        (Self.portName(other.ipProtocol, other.port, search), own.count, shown.packet))
    }
    readAnswersElsewhere(incident, search, first...max(first, last))
    try readHops(reader, incident, times)
  }

  private mutating func readScanners(
    _ reader: CaseReader, _ bounds: [String: SQLValue], _ times: ReportTimes
  ) throws {
    scanners = try reader.rows(
      """
      SELECT client, COUNT(DISTINCT server_port) AS ports,
             COUNT(DISTINCT CASE WHEN first_ts < :first THEN server_port END) AS ports_before
      FROM flows AS f
      WHERE server = :server
        AND client IS NOT NULL
        AND f.clock = :clock
      GROUP BY client
      HAVING COUNT(DISTINCT server_port) >= \(Self.scanPorts)
      ORDER BY ports DESC, client
      """, parameters: bounds
    ).compactMap { row in
      guard let client = row["client"].text, let ports = row["ports"].integer else { return nil }
      return (
        client, Int(clamping: ports), Int(clamping: row["ports_before"].integer ?? 0)
      )
    }
  }

  static func portName(_ number: Int64, _ port: Int64, _ search: ServiceSearch) -> String {
    let protocolName = number == 6 ? "TCP" : number == 17 ? "UDP" : "IP protocol \(number)"
    return "\(protocolName) \(port)"
      + (search.title(ipProtocol: number, port: port).map { " (\($0))" } ?? "")
  }

  private mutating func readFlows(
    _ reader: CaseReader, _ key: ServiceKey, _ bounds: [String: SQLValue], _ search: ServiceSearch,
    _ times: ReportTimes
  ) throws {
    let rows = try reader.rows(
      """
      SELECT ip_proto, server_port,
             SUM(packets_to_client > 0 AND state <> 'REJ' AND first_ts BETWEEN :first AND :last)
               AS answered,
             SUM(state = 'REJ' AND first_ts BETWEEN :first AND :last) AS reset,
             SUM(state = 'S0' AND first_ts BETWEEN :first AND :last) AS unanswered,
             MIN(CASE WHEN packets_to_client > 0 AND first_ts BETWEEN :first AND :last
                 THEN flow_id END) AS flow_id
      FROM flows AS f
      WHERE server = :server
        AND ip_proto IN (6, 17)
        AND server_port IS NOT NULL
        AND f.clock = :clock
      GROUP BY ip_proto, server_port
      ORDER BY ip_proto, server_port
      """, parameters: bounds)
    seenPorts = rows.count
    for row in rows {
      guard let number = row["ip_proto"].integer, let port = row["server_port"].integer,
        (number, port) != (key.ipProtocol, key.port)
      else { continue }
      func count(_ column: String) -> Int { Int(clamping: row[column].integer ?? 0) }
      let isSamePort = number == 6 && key.ipProtocol == 17 && port == key.port
      if isSamePort {
        sameTCPPort.established = count("answered")
        sameTCPPort.reset = count("reset")
        sameTCPPort.unanswered = count("unanswered")
      }
      guard isSamePort || count("answered") > 0 else { continue }
      let packet = try row["flow_id"].integer.flatMap { flow in
        try Self.reply(reader, flow: flow, key.clock, times)
      }
      if isSamePort { sameTCPPort.packet = packet }
      if count("answered") > 0, !isSamePort {
        answeringPorts.append((Self.portName(number, port, search), count("answered"), packet))
      }
    }
  }

  /// The first packet of a flow that came from the server.
  private static func reply(
    _ reader: CaseReader, flow: Int64, _ clock: Int64, _ times: ReportTimes
  ) throws -> Int64? {
    try reader.firstRow(
      """
      SELECT MIN(p.packet_id) AS packet_id
      FROM flows AS f
      JOIN packets AS p
        ON p.src = f.server AND p.src_port = f.server_port AND p.dst = f.client
        AND p.dst_port = f.client_port AND p.ip_proto = f.ip_proto
        AND p.ts >= f.first_ts AND p.ts <= f.last_ts
      WHERE f.flow_id = :flow
        AND p.clock = :clock
      """, parameters: ["flow": .integer(flow), "clock": .integer(clock)])?["packet_id"].integer
  }

  private mutating func readEcho(
    _ reader: CaseReader, _ bounds: [String: SQLValue], _ times: ReportTimes
  ) throws {
    let row = try reader.firstRow(
      """
      SELECT COUNT(*) AS replies, MIN(i.packet_id) AS packet_id
      FROM icmp_messages AS i
      JOIN packets AS p ON p.packet_id = i.packet_id
      WHERE +i.src = :server  -- not by its index: the host may have sent millions of packets
        AND i.ts >= :first
        AND i.ts <= :last
        AND ((i.version = 4 AND i.type = 0) OR (i.version = 6 AND i.type = 129))
        AND p.duplicate_of IS NULL
        AND i.clock = :clock
      """, parameters: bounds)
    echoReplies = Int(clamping: row?["replies"].integer ?? 0)
    echoReply = row?["packet_id"].integer
  }

  private mutating func readAnswersElsewhere(
    _ incident: Incident, _ search: ServiceSearch, _ window: ClosedRange<Int64>
  ) {
    guard incident.history.isDNS else { return }
    let clients = Set(incident.clients)
    for history in search.dns
    where history.key.clock == incident.history.key.clock
      && history.key.address != incident.history.key.address
    {
      let answers = history.questions.filter { question in
        question.fate == .answered && clients.contains(question.client)
          && question.time.map(window.contains) == true
      }
      guard let first = answers.first else { continue }
      answersElsewhere.count += answers.count
      answersElsewhere.servers.append(history.key.address)
      answersElsewhere.packet = answersElsewhere.packet ?? first.reply
    }
    answersElsewhere.servers = Incident.distinct(answersElsewhere.servers)
  }

  /// Compares the hops left of errors with those of other packets from the same address.
  private mutating func readHops(
    _ reader: CaseReader, _ incident: Incident, _ times: ReportTimes
  ) throws {
    let (address, clock) = (incident.history.key.address, incident.history.key.clock)
    var errors: [Int64: Set<Int64>] = [:]
    for error in incident.history.errors where error.refusal.sender == address {
      if let ttl = error.ttl { errors[error.packet >> 32, default: []].insert(ttl) }
    }
    guard !errors.isEmpty else { return }
    var others: [Int64: Set<Int64>] = [:]
    try reader.run(
      """
      SELECT capture_id, ttl
      FROM packets
      WHERE src = :server
        AND ip_proto IN (6, 17)
        AND ttl IS NOT NULL
        AND clock = :clock
      LIMIT 2000
      """, parameters: ["server": .text(address), "clock": .integer(clock)]
    ) { row in
      if row.count == 2, let capture = row[0].integer, let ttl = row[1].integer {
        others[capture, default: []].insert(ttl)
      }
      return true
    }
    hops = errors.keys.sorted().compactMap { capture in
      guard let own = errors[capture], let rest = others[capture] else { return nil }
      return (capture, own, rest)
    }
  }
}
