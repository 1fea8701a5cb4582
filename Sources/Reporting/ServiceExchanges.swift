import CaseStore

/// What was asked of a service other than DNS, told from packets alone: a packet to its port is a
/// request (of TCP, a SYN), a packet from it an answer, an ICMP error or a TCP reset a refusal.
///
/// A request without any reply is undecided: many services answer nothing when all is well.
struct ServiceExchanges {
  private(set) var questions: [Question] = []
  private(set) var noun: String
  /// What was left out, in a sentence.
  private(set) var omission: String?

  private struct Endpoint: Hashable {
    var address: String
    var port: Int64
  }

  /// - Parameter limit: Packets read at most.
  /// - Throws: `SQLFault`.
  init(
    _ reader: CaseReader, _ key: ServiceKey, errors: [ErrorMessage], times: ReportTimes, limit: Int
  ) throws {
    let isTCP = key.ipProtocol == 6
    noun = isTCP ? "connection attempt" : "request"
    var open: [Endpoint: Int] = [:]
    var byPacket: [Int64: Int] = [:]
    var count = 0
    // Of TCP only what begins a connection or ends it at once: SYN (2), RST (4), with ACK (16).
    let flags = isTCP ? "AND (tcp_flags & 2 = 2 OR tcp_flags & 4 = 4)" : ""
    let sql = """
      SELECT packet_id, ts, src, src_port, 1 AS asks, tcp_flags
      FROM packets
      WHERE dst = :address AND dst_port = :port AND ip_proto = :ip_proto
        AND duplicate_of IS NULL AND clock = :clock \(flags)
      UNION ALL
      SELECT packet_id, ts, dst, dst_port, 0, tcp_flags
      FROM packets
      WHERE src = :address AND src_port = :port AND ip_proto = :ip_proto
        AND duplicate_of IS NULL AND clock = :clock \(flags)
      ORDER BY 2, 1
      LIMIT \(limit)
      """
    let parameters: [String: SQLValue] = [
      "address": .text(key.address), "port": .integer(key.port),
      "ip_proto": .integer(key.ipProtocol), "clock": .integer(key.clock),
    ]
    try reader.run(sql, parameters: parameters) { row in
      count += 1
      guard row.count == 6, let packet = row[0].integer, let client = row[2].text,
        let port = row[3].integer
      else { return true }
      let endpoint = Endpoint(address: client, port: port)
      let control = row[5].integer ?? 0
      if row[4].integer == 1 {
        guard !isTCP || control & 0x16 == 2 else { return true }
        // A SYN that is sent again is the same attempt.
        if isTCP, open[endpoint] != nil { return true }
        open[endpoint] = questions.count
        byPacket[packet] = questions.count
        questions.append(
          Question(time: row[1].integer, packet: packet, client: client, fate: .undecided))
      } else if let index = open.removeValue(forKey: endpoint) {
        let isReset = isTCP && control & 4 == 4
        questions[index].fate = isReset ? .refused(.reset(by: key.address)) : .answered
        (questions[index].reply, questions[index].replyTime) = (packet, row[1].integer)
      }
      return true
    }
    if count == limit {
      omission =
        "Of port \(key.port) of \(key.address) only the first \(grouped(limit)) packets were "
        + "looked at."
    }
    apply(errors, byPacket, key)
  }

  /// Refuses what errors quote. An error about a packet that the case does not hold stands for
  /// the request that it quotes.
  private mutating func apply(
    _ errors: [ErrorMessage], _ byPacket: [Int64: Int], _ key: ServiceKey
  ) {
    let isBlind = questions.isEmpty
    if isBlind { noun = "quoted request" }
    for error in errors {
      if let index = error.original.flatMap({ byPacket[$0] }) {
        questions[index].fate = .refused(error.refusal)
        (questions[index].reply, questions[index].replyTime) = (error.packet, error.time)
      } else if isBlind {
        questions.append(
          Question(
            time: error.time, packet: error.packet, client: error.client ?? "an unknown client",
            fate: .refused(error.refusal), reply: error.packet, replyTime: error.time))
      }
    }
    if !isBlind { matchByEndpoint(errors, byPacket) }
  }

  /// Errors whose original packet was not found, such as those of logs that do not print the
  /// client's port: each is taken for the latest undecided request of that client before it.
  private mutating func matchByEndpoint(_ errors: [ErrorMessage], _ byPacket: [Int64: Int]) {
    var undecided: [String: [Int]] = [:]
    for (index, question) in questions.enumerated() where question.fate == .undecided {
      undecided[question.client, default: []].append(index)
    }
    for error in errors where error.original.flatMap({ byPacket[$0] }) == nil {
      guard let client = error.client, let time = error.time,
        let place = undecided[client]?.lastIndex(where: { (questions[$0].time ?? .max) <= time }),
        let index = undecided[client]?.remove(at: place)
      else { continue }
      questions[index].fate = .refused(error.refusal)
      (questions[index].reply, questions[index].replyTime) = (error.packet, error.time)
    }
  }
}
