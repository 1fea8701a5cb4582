/// What to do next about an incident: named by address, port and host, in the order in which it
/// decides most.
///
/// Commands are there to be copied into a shell. Printed logs name hosts as they like, so one that
/// is no plain name gets a step without a command.
struct NextSteps {
  let incident: Incident
  /// Whether a client may be asking a server that was never meant to answer.
  let isServerInDoubt: Bool

  private var key: ServiceKey { incident.history.key }
  private var place: String { "\(incident.history.protocolName) port \(key.port)" }

  /// The server as commands name it; `nil` where a shell or a program could read more into it.
  private var host: String? { key.address.isPlainHost ? key.address : nil }

  /// The steps; at least one.
  func steps() -> [Report.Step] {
    var steps: [Report.Step] = []
    let refusers = incident.refusals.map(\.refusal)
    let isClosed = refusers.contains { $0.sender == key.address && !$0.isProhibited }
    let isSilent = !incident.silent.isEmpty
    // Late answers show that something listens, and that nothing drops.
    let isOnlyLate = incident.late.count == incident.failed.count
    let (tool, transport) = key.ipProtocol == 6 ? ("ss -ltnp", "TCP") : ("ss -lunp", "UDP")
    if !isOnlyLate {
      steps.append(
        Report.Step(
          text: "On \(key.address): see whether anything listens on \(place).",
          command: "\(tool) 'sport = :\(key.port)'"))
    }
    if !incident.late.isEmpty {
      steps.append(
        Report.Step(
          text:
            "On \(key.address): see how busy the \(incident.history.title ?? transport) service "
            + "is, and how long the servers that it asks in turn take to answer.", command: nil))
    }
    steps.append(
      Report.Step(
        text:
          "On \(key.address): read the log of the \(incident.history.title ?? transport) service "
          + "around the onset for a stop, a crash or a change of its configuration.", command: nil))
    if isClosed || isSilent {
      steps.append(
        Report.Step(
          text: "On \(key.address): look for a rule that rejects or drops \(place), and at its "
            + "counter.", command: "nft list ruleset"))
    }
    for sender in Incident.distinct(
      refusers.filter { $0.sender != key.address || $0.isProhibited }.map(\.sender)
    )
    .filter({ $0 != key.address }).prefix(3) {
      steps.append(
        Report.Step(
          text: "At \(sender), which sent errors: ask who runs it, and compare its rules and their "
            + "counters for \(place) of \(key.address) with the times above.", command: nil))
    }
    if isSilent || refusers.contains(where: \.isHostUnreachable) {
      steps.append(
        Report.Step(
          text:
            "From \(incident.clients.first ?? "a client"): see whether the host answers at all, "
            + "and how far packets to it come.",
          command: host.map { "ping -c 3 \($0); traceroute \($0)" }))
    }
    steps.append(fromClient())
    if incident.history.isDNS && key.ipProtocol == 17 && !isOnlyLate {
      steps.append(
        Report.Step(
          text:
            "From the same client: ask over TCP. An answer means that the service runs and only "
            + "UDP fails.",
          command: dig(options: "+tcp ")))
    }
    steps.append(
      Report.Step(
        text: "On \(key.address): record the port while a client asks. It shows whether "
          + "\(plural(incident.history.isQuotedOnly ? "request" : incident.history.noun, 2)) arrive "
          + "and what the server replies.",
        command:
          "tcpdump -i any -w server.pcap 'port \(key.port) or icmp or icmp6'"))
    if isServerInDoubt, let client = incident.clients.first {
      steps.append(
        Report.Step(
          text: "On \(client): see which server it is set to use for "
            + "\(incident.history.title ?? place), and whether \(key.address) is meant to serve it.",
          command: incident.history.isDNS ? "cat /etc/resolv.conf" : nil))
    }
    return steps
  }

  private func fromClient() -> Report.Step {
    let client = incident.clients.first ?? "a client"
    if incident.history.isDNS {
      return Report.Step(
        text: "From \(client): ask again, to see whether it still fails.",
        command: dig(options: key.ipProtocol == 6 ? "+tcp " : ""))
    }
    let flag = key.ipProtocol == 6 ? "" : "u"
    return Report.Step(
      text: "From \(client): try the port again, to see whether it still fails.",
      command: host.map { "nc -\(flag)vz \($0) \(key.port)" })
  }

  private func dig(options: String) -> String? {
    let port = key.port == 53 ? "" : "-p \(key.port) "
    return host.map { "dig \(options)\(port)@\($0) \(incident.plainName ?? "example.com")" }
  }
}

extension String {
  /// Whether it holds only what addresses and names of hosts are made of, and so neither a shell
  /// nor the options of a program read anything else in it.
  ///
  /// Source: RFC 1123, 2.1, with the underscore of service names; RFC 4291, 2.2.
  var isPlainHost: Bool {
    guard let first = utf8.first, first != UInt8(ascii: "-"), utf8.count < 254 else { return false }
    return utf8.allSatisfy { octet in
      switch octet {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}
