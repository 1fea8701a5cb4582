import CaseStore

/// A packet in the form that `tcpdump -n` prints, from the rows of the case.
///
/// What the case does not hold, such as the sequence numbers of a printed capture, is left out.
/// Source of the form: tcpdump(1), "Output Format".
struct EvidenceLine {
  let reader: CaseReader
  let times: ReportTimes

  /// The packet's line, without a line end; `nil` when the case does not hold the packet.
  ///
  /// - Throws: `SQLFault`.
  func line(of packetID: Int64) throws -> String? {
    let parameters: [String: SQLValue] = ["packet_id": .integer(packetID)]
    guard
      let packet = try reader.firstRow(
        """
        SELECT ts, src, src_port, dst, dst_port, ip_proto, protocol, length, tcp_flags, tcp_seq,
               payload_length, info
        FROM packets
        WHERE packet_id = :packet_id
        """, parameters: parameters)
    else { return nil }
    let clock = times.clock(ofCapture: packetID >> 32)
    let time = times.moment(packet["ts"].integer, clock: clock)?.text ?? "no time"
    guard let source = packet["src"].text, let destination = packet["dst"].text else {
      return shortened(TabularOutput.harmless("\(time) \(packet["info"].text ?? "")"))
    }
    let family = source.contains(":") ? "IP6" : "IP"
    let hosts =
      Self.endpoint(source, packet["src_port"]) + " > "
      + Self.endpoint(destination, packet["dst_port"])
    let content =
      try dns(parameters, packet) ?? icmp(parameters) ?? Self.transport(packet)
    return shortened(TabularOutput.harmless("\(time) \(family) \(hosts): \(content)"))
  }

  private static func endpoint(_ address: String, _ port: SQLValue) -> String {
    address + (port.integer.map { ".\($0)" } ?? "")
  }

  // MARK: - DNS

  private func dns(_ parameters: [String: SQLValue], _ packet: SQLRow) throws -> String? {
    guard
      let message = try reader.firstRow(
        """
        SELECT txid, is_response, opcode, rcode, rcode_name, qname, qtype, aa, tc, rd, ra, answers,
               answer_count, authority_count, additional_count
        FROM dns_messages
        WHERE packet_id = :packet_id AND position = 0
        """, parameters: parameters), let identifier = message["txid"].integer
    else { return nil }
    func isSet(_ column: String) -> Bool { message[column].integer == 1 }
    let size = packet["payload_length"].integer.map { " (\($0))" } ?? ""
    guard isSet("is_response") else {
      let name = message["qname"].text.map { $0 == "." ? "." : $0 + "." } ?? ""
      let question = message["qtype"].text.map { " \($0)? \(name)" } ?? ""
      // Records beside the question, such as that of EDNS: `[1au]`.
      let records = [("answer_count", "a"), ("authority_count", "n"), ("additional_count", "au")]
        .compactMap { column, unit in
          message[column].integer.flatMap { $0 > 0 ? " [\($0)\(unit)]" : nil }
        }
      return "\(identifier)\(isSet("rd") ? "+" : "")\(records.joined())\(question)\(size)"
    }
    var text = "\(identifier)"
    if let code = message["rcode"].integer, code != 0 {
      text += " \(Self.codeNames[code] ?? message["rcode_name"].text ?? "Resp\(code)")"
    }
    if isSet("aa") { text += "*" }
    // tcpdump marks the answer of a server without recursion, and a truncated one.
    if !isSet("ra") && message["ra"] != .null { text += "-" }
    if isSet("tc") { text += "|" }
    let counts = ["answer_count", "authority_count", "additional_count"].map {
      message[$0].integer ?? 0
    }
    text += " " + counts.map(String.init).joined(separator: "/")
    if let answers = message["answers"].text, !answers.isEmpty {
      text += " " + Self.records(answers)
    }
    return text + size
  }

  /// As tcpdump writes them: RFC 1035, 4.1.1, in mixed case.
  private static let codeNames: [Int64: String] = [
    1: "FormErr", 2: "ServFail", 3: "NXDomain", 4: "NotImp", 5: "Refused", 6: "YXDomain",
    7: "YXRRSet", 8: "NXRRSet", 9: "NotAuth", 10: "NotZone", 16: "BadVers",
  ]

  /// `[owner] TTL type data; …` without owner and time to live, the first few.
  private static func records(_ answers: String) -> String {
    let records = answers.split(separator: "; ", omittingEmptySubsequences: true)
    let shown = records.prefix(4).map { record -> String in
      let words = record.split(separator: " ", omittingEmptySubsequences: true)
      let start = words.firstIndex { $0.allSatisfy(\.isNumber) }.map { $0 + 1 } ?? 0
      return words.dropFirst(min(start, 2)).prefix(16).joined(separator: " ")
    }
    return shown.joined(separator: ", ") + (records.count > shown.count ? ", ..." : "")
  }

  // MARK: - ICMP

  private func icmp(_ parameters: [String: SQLValue]) throws -> String? {
    guard
      let message = try reader.firstRow(
        """
        SELECT version, type, code, name, quoted_dst, quoted_dst_port, quoted_ip_proto, identifier,
               sequence
        FROM icmp_messages
        WHERE packet_id = :packet_id
        """, parameters: parameters), let type = message["type"].integer
    else { return nil }
    let version = message["version"].integer ?? 4
    let code = message["code"].integer ?? 0
    let target = message["quoted_dst"].text ?? "?"
    let port = message["quoted_dst_port"].integer.map { " port \($0)" } ?? ""
    let number = message["quoted_ip_proto"].integer ?? 0
    let transport = number == 6 ? "tcp" : number == 17 ? "udp" : "protocol \(number)"
    let name = message["name"].text ?? "type \(type)"
    if version == 6 {
      guard type == 1 else { return "ICMP6, \(name)" + Self.echo(message) }
      let words: [Int64: String] = [
        0: "unreachable route", 1: "unreachable prohibited", 2: "beyond scope",
        3: "unreachable address", 4: "unreachable port,",
      ]
      return "ICMP6, destination unreachable, \(words[code] ?? "unknown unreach code (\(code))") "
        + target + (code == 4 ? " \(transport)\(port)" : "")
    }
    guard type == 3 else { return "ICMP \(name)" + Self.echo(message) }
    switch code {
    case 0: return "ICMP net \(target) unreachable"
    case 1: return "ICMP host \(target) unreachable"
    case 2: return "ICMP \(target) protocol \(message["quoted_ip_proto"].description) unreachable"
    case 3: return "ICMP \(target) \(transport)\(port) unreachable"
    case 9: return "ICMP net \(target) unreachable - admin prohibited"
    case 10: return "ICMP host \(target) unreachable - admin prohibited"
    case 13: return "ICMP host \(target) unreachable - admin prohibited filter"
    default: return "ICMP \(target) unreachable - #\(code)"
    }
  }

  private static func echo(_ message: SQLRow) -> String {
    guard let identifier = message["identifier"].integer, let sequence = message["sequence"].integer
    else { return "" }
    return ", id \(identifier), seq \(sequence)"
  }

  // MARK: - TCP, UDP and the rest

  private static func transport(_ packet: SQLRow) -> String {
    let size = packet["payload_length"].integer
    if let flags = packet["tcp_flags"].integer {
      let letters = [(2, "S"), (1, "F"), (4, "R"), (8, "P"), (16, "."), (32, "U")]
        .filter { flags & Int64($0.0) != 0 }.map(\.1).joined()
      let sequence = packet["tcp_seq"].integer.map { ", seq \($0)" } ?? ""
      return "Flags [\(letters.isEmpty ? "none" : letters)]\(sequence)"
        + (size.map { ", length \($0)" } ?? "")
    }
    if packet["ip_proto"].integer == 17 {
      return "UDP" + (size.map { ", length \($0)" } ?? "")
    }
    return packet["info"].text ?? packet["protocol"].text ?? "packet"
  }
}
