import Testing

@testable import Correlation

/// A conversation from the packets of a connection, told in words: `C: SYN`, `S: SYN ACK`,
/// `C: data`. C opens the conversation in the first packet that it sends.
struct Told {
  /// The client's end comes first where it sent the first packet.
  static func tcp(
    _ packets: String, clientPort: UInt16 = 40_000, serverPort: UInt16 = 8000,
    clientSequence: UInt32 = 100
  ) -> Conversation {
    var (client, server) = (Conversation.Direction(), Conversation.Direction())
    var clientIsA: Bool?
    for packet in packets.split(separator: ",") {
      let words = packet.split(separator: " ")
      let fromClient = words.first == "C:"
      clientIsA = clientIsA ?? fromClient
      var direction = fromClient ? client : server
      direction.packets += 1
      direction.bytes += 60
      if words.contains("data") { direction.payloadBytes += 10 }
      if words.contains("FIN") { direction.control.insert(.fin) }
      if words.contains("RST") { direction.control.insert(.rst) }
      if words.contains("SYN") {
        direction.control.insert(words.contains("ACK") ? .synAck : .syn)
        direction.initialSequence = fromClient ? clientSequence : 500
      }
      if fromClient { client = direction } else { server = direction }
    }
    let first = clientIsA ?? true
    return Conversation(
      id: 1, key: 1, aIsLower: true, protocolNumber: 6,
      portA: first ? clientPort : serverPort, portB: first ? serverPort : clientPort,
      a: first ? client : server, b: first ? server : client)
  }

  static func udp(_ a: UInt16, _ b: UInt16, sentByA: Int64 = 1, sentByB: Int64 = 1) -> Conversation
  {
    var conversation = Conversation(
      id: 1, key: 1, aIsLower: true, protocolNumber: 17, portA: a, portB: b, a: .init(), b: .init())
    conversation.a.packets = sentByA
    conversation.b.packets = sentByB
    return conversation
  }
}

@Suite("Flows of single conversations")
struct FlowAssemblerTests {
  /// UDP 5353 and TCP 8080 are services here.
  let assembler = FlowAssembler(knownServices: [17 << 16 | 5353, 6 << 16 | 8080])

  @Test("Who sent the SYN is the client, even from a well-known port, even when heard second")
  func clientBySYN() {
    let open = Told.tcp("C: SYN,S: SYN ACK,C: ACK", clientPort: 80, serverPort: 50_000)
    #expect(assembler.flow(of: open).clientIsA)
    let serverFirst = Told.tcp("S: SYN ACK,C: ACK", clientPort: 80, serverPort: 50_000)
    #expect(!assembler.flow(of: serverFirst).clientIsA)
  }

  @Test("Without a SYN, who is not at the better known port is the client")
  func clientByPort() {
    // A system port (below 1024) is better known than a service's, and that than any other.
    #expect(assembler.flow(of: Told.udp(40_000, 53)).clientIsA)
    #expect(!assembler.flow(of: Told.udp(53, 40_000)).clientIsA)
    #expect(assembler.flow(of: Told.udp(40_000, 5353)).clientIsA)
    #expect(!assembler.flow(of: Told.udp(5353, 40_000)).clientIsA)
    #expect(!assembler.flow(of: Told.udp(53, 5353)).clientIsA)
    let middle = Told.tcp("S: ACK data,C: ACK", clientPort: 40_000, serverPort: 8080)
    #expect(!assembler.flow(of: middle).clientIsA)
  }

  @Test("A service's port of another protocol says nothing")
  func otherProtocol() {
    #expect(assembler.flow(of: Told.udp(8080, 40_000)).clientIsA)
  }

  @Test("With ports equally known, who sent first is the client")
  func clientByFirstSender() {
    #expect(assembler.flow(of: Told.udp(40_000, 50_000)).clientIsA)
    #expect(assembler.flow(of: Told.udp(5353, 5353)).clientIsA)
    #expect(assembler.flow(of: Told.udp(53, 53)).clientIsA)
  }

  // Expected: the meaning of each conn_state in Zeek's documentation of conn.log.
  @Test(
    "A TCP connection has the conn_state that its packets mean",
    arguments: [
      ("C: SYN", FlowState.s0),
      ("C: SYN,C: SYN", .s0),
      ("C: SYN,S: SYN ACK,C: ACK", .s1),
      ("C: SYN,S: SYN ACK,C: ACK data,S: ACK data", .s1),
      ("C: SYN,S: SYN ACK,C: ACK,C: FIN ACK,S: FIN ACK,C: ACK", .sf),
      ("C: SYN,S: RST ACK", .rej),
      ("C: SYN,S: SYN ACK,C: ACK,C: FIN ACK,S: ACK", .s2),
      ("C: SYN,S: SYN ACK,C: ACK,S: FIN ACK,C: ACK", .s3),
      ("C: SYN,S: SYN ACK,C: ACK data,C: RST", .rsto),
      ("C: SYN,S: SYN ACK,C: ACK data,S: RST", .rstr),
      ("C: SYN,C: RST", .rstos0),
      ("S: SYN ACK,S: RST", .rstrh),
      ("C: SYN,C: FIN ACK", .sh),
      ("S: SYN ACK,S: FIN ACK", .shr),
      ("C: ACK data,S: ACK data", .oth),
      ("C: ACK data", .oth),
    ])
  func connectionStates(packets: String, state: FlowState) {
    #expect(assembler.flow(of: Told.tcp(packets)).state == state, "\(packets)")
  }

  @Test("A UDP flow's state says who was seen to send")
  func datagramStates() {
    #expect(assembler.flow(of: Told.udp(40_000, 53, sentByB: 0)).state == .s0)
    #expect(assembler.flow(of: Told.udp(40_000, 53)).state == .sf)
    #expect(assembler.flow(of: Told.udp(53, 40_000, sentByB: 0)).state == .shr)
  }

  @Test("A flow of neither TCP nor UDP has no state")
  func noState() {
    var echo = Told.udp(0, 0)
    (echo.protocolNumber, echo.portA, echo.portB) = (1, nil, nil)
    #expect(assembler.flow(of: echo).state == nil)
    #expect(assembler.flow(of: echo).clientIsA)
  }

  @Test("A flow begins with its earliest packet and ends with its latest, whoever sent them")
  func times() {
    var conversation = Told.udp(53, 40_000)
    (conversation.a.firstTime, conversation.a.lastTime) = (20, 30)
    (conversation.b.firstTime, conversation.b.lastTime) = (10, 25)
    let flow = assembler.flow(of: conversation)
    #expect(flow.firstTime == 10 && flow.lastTime == 30)
    #expect(flow.toServer.firstTime == 10 && flow.toClient.firstTime == 20)
  }
}

@Suite("Flows of several conversations")
struct FlowAssemblyTests {
  let assembler = FlowAssembler(knownServices: [])

  /// The flows that conversations of one pair of ends make.
  private func flows(_ conversations: [Conversation]) -> [Flow] {
    var assembly = FlowAssembly(assembler)
    var flows = conversations.compactMap { assembly.add($0) }
    if let last = assembly.finish() { flows.append(last) }
    return flows
  }

  private func numbered(_ conversations: [Conversation]) -> [Conversation] {
    conversations.enumerated().map { index, conversation in
      var conversation = conversation
      conversation.id = Int64(index + 1)
      return conversation
    }
  }

  @Test("The pieces of a conversation that was cut are one flow, with the counts of all")
  func pieces() throws {
    let pieces = numbered([
      Told.tcp("C: SYN,S: SYN ACK,C: ACK"), Told.tcp("C: ACK data,S: ACK data"),
      Told.tcp("C: FIN ACK,S: FIN ACK,C: ACK"),
    ])
    let flow = try #require(flows(pieces).first)
    #expect(flows(pieces).count == 1)
    #expect(flow.id == 1 && flow.state == .sf)
    #expect(flow.toServer.packets == 5 && flow.toClient.packets == 3)
    #expect(flow.toServer.payloadBytes == 10 && flow.toServer.bytes == 300)
  }

  @Test("A SYN with another sequence number begins a new flow")
  func anotherConnection() {
    let connections = numbered([
      Told.tcp("C: SYN,S: SYN ACK,C: ACK"),
      Told.tcp("C: SYN,S: RST ACK", clientSequence: 900),
    ])
    #expect(flows(connections).map(\.id) == [1, 2])
    #expect(flows(connections).map(\.state) == [.s1, .rej])
  }

  @Test("A retransmitted SYN begins none")
  func sameSYN() {
    let pieces = numbered([Told.tcp("C: SYN"), Told.tcp("C: SYN,S: SYN ACK,C: ACK")])
    #expect(flows(pieces).map(\.id) == [1])
    #expect(flows(pieces).first?.toServer.packets == 3)
  }

  @Test("A SYN after packets of a connection whose SYN was not seen begins a new flow")
  func afterTheMiddle() {
    let pieces = numbered([Told.tcp("C: ACK data,S: ACK"), Told.tcp("C: SYN,S: SYN ACK")])
    #expect(flows(pieces).map(\.id) == [1, 2])
  }

  @Test("A piece that the other end begins is turned round before it is added")
  func turned() throws {
    var tail = Told.tcp("S: FIN ACK,C: FIN ACK")
    // The server's end comes first in this piece: the lower end is B now.
    tail.aIsLower = false
    let pieces = numbered([Told.tcp("C: SYN,S: SYN ACK,C: ACK"), tail])
    let flow = try #require(flows(pieces).first)
    #expect(flows(pieces).count == 1)
    #expect(flow.clientIsA && flow.state == .sf)
    #expect(flow.toServer.packets == 3 && flow.toClient.packets == 2)
  }

  @Test("While a flow goes on, its id is that of its first conversation")
  func currentID() {
    var assembly = FlowAssembly(assembler)
    #expect(assembly.currentID == nil)
    for piece in numbered([Told.tcp("C: SYN"), Told.tcp("C: ACK")]) {
      #expect(assembly.add(piece) == nil)
      #expect(assembly.currentID == 1)
    }
    #expect(assembly.finish()?.id == 1)
    #expect(assembly.finish() == nil)
  }
}
