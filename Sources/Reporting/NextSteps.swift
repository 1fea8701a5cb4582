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

  private var refusers: [Refusal] { incident.refusals.map(\.refusal) }
  private var isSilent: Bool { !incident.silent.isEmpty }
  /// Late answers show that something listens, and that nothing drops.
  private var isOnlyLate: Bool { incident.late.count == incident.failed.count }
  private var serviceName: String {
    incident.history.title ?? (key.ipProtocol == 6 ? "TCP" : "UDP")
  }
  private var client: String { incident.clients.first ?? "a client" }

  /// The steps; at least one.
  func steps() -> [Report.Step] {
    onServer() + atOtherSenders()
      + [whereLost(), reachability(), askAgain(), askOverTCP()].compactMap { $0 }
      + [record()] + [clientSettings()].compactMap { $0 }
  }

  /// What the server itself tells: whether it listens, is busy, stopped, or filters.
  private func onServer() -> [Report.Step] {
    var steps: [Report.Step] = []
    if !isOnlyLate {
      steps.append(
        Report.Step(
          text: "On \(key.address): see whether anything listens on \(place).",
          command: "\(key.ipProtocol == 6 ? "ss -ltnp" : "ss -lunp") 'sport = :\(key.port)'"))
    }
    if !incident.late.isEmpty {
      steps.append(
        Report.Step(
          text: "On \(key.address): see how busy the \(serviceName) service is, and how long the "
            + "servers that it asks in turn take to answer.", command: nil))
    }
    steps.append(
      Report.Step(
        text: "On \(key.address): read the log of the \(serviceName) service "
          + "around the onset for a stop, a crash or a change of its configuration.", command: nil))
    if isSilent || refusers.contains(where: { $0.sender == key.address && !$0.isProhibited }) {
      steps.append(
        Report.Step(
          text: "On \(key.address): look for a rule that rejects or drops \(place), and at its "
            + "counter.", command: "nft list ruleset"))
    }
    return steps
  }

  /// A step for each of the first other hosts that sent errors.
  private func atOtherSenders() -> [Report.Step] {
    let senders = Incident.distinct(refusers.map(\.sender)).filter { $0 != key.address }
    return senders.prefix(3).map { sender in
      Report.Step(
        text: "At \(sender), which sent errors: ask who runs it, and compare its rules and their "
          + "counters for \(place) of \(key.address) with the times above.", command: nil)
    }
  }

  /// A step at the place where questions were lost.
  private func whereLost() -> Report.Step? {
    incident.losses.first.map { loss in
      Report.Step(
        text:
          "At what lies \(loss.place): read its rules and routes for \(place) of \(key.address), "
          + "and their counters.", command: nil)
    }
  }

  private func reachability() -> Report.Step? {
    guard isSilent || refusers.contains(where: \.isHostUnreachable) else { return nil }
    return Report.Step(
      text: "From \(client): see whether the host answers at all, and how far packets to it come.",
      command: host.map { "ping -c 3 \($0); traceroute \($0)" })
  }

  private func askOverTCP() -> Report.Step? {
    guard incident.history.isDNS && key.ipProtocol == 17 && !isOnlyLate else { return nil }
    return Report.Step(
      text: "From the same client: ask over TCP. An answer means that the service runs and only "
        + "UDP fails.", command: dig(options: "+tcp "))
  }

  private func record() -> Report.Step {
    let noun = incident.history.isQuotedOnly ? "request" : incident.history.noun
    return Report.Step(
      text: "On \(key.address): record the port while a client asks. It shows whether "
        + "\(plural(noun, 2)) arrive and what the server replies.",
      command: "tcpdump -i any -w server.pcap 'port \(key.port) or icmp or icmp6'")
  }

  private func clientSettings() -> Report.Step? {
    guard isServerInDoubt, let client = incident.clients.first else { return nil }
    return Report.Step(
      text: "On \(client): see which server it is set to use for "
        + "\(incident.history.title ?? place), and whether \(key.address) is meant to serve it.",
      command: incident.history.isDNS ? "cat /etc/resolv.conf" : nil)
  }

  private func askAgain() -> Report.Step {
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
