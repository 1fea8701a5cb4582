/// A bidirectional conversation in the case, put together from those of its captures.
public struct Flow: Equatable, Sendable {
  /// The id of its first conversation.
  public var id: Int64
  /// Its first conversation, with the counts of all: who A and B are.
  public var sum: Conversation
  /// Whether A is the client.
  public var clientIsA: Bool
  public var firstTime: Int64?
  public var lastTime: Int64?
  public var toServer: Conversation.Direction { clientIsA ? sum.a : sum.b }
  public var toClient: Conversation.Direction { clientIsA ? sum.b : sum.a }
  public var state: FlowState?
}

/// How a flow began and ended: Zeek's conn_state. Raw values are those of `lookup_flow_state`.
public enum FlowState: UInt8, Sendable {
  case s0 = 1
  case s1 = 2
  case sf = 3
  case rej = 4
  case s2 = 5
  case s3 = 6
  case rsto = 7
  case rstr = 8
  case rstos0 = 9
  case rstrh = 10
  case sh = 11
  case shr = 12
  case oth = 13
}

/// Makes flows of conversations.
public struct FlowAssembler: Sendable {
  /// TCP and UDP ports that belong to a known service: `protocol number << 16 | port`.
  private let knownServices: Set<UInt32>

  public init(knownServices: Set<UInt32>) {
    self.knownServices = knownServices
  }

  /// The flow that a conversation is by itself, or that the sum of several is.
  public func flow(of sum: Conversation) -> Flow {
    let clientIsA = clientIsA(of: sum)
    let (client, server) = clientIsA ? (sum.a, sum.b) : (sum.b, sum.a)
    let state: FlowState? =
      switch sum.protocolNumber {
      case 6: Self.tcpState(client: client, server: server)
      case 17: Self.udpState(client: client, server: server)
      default: nil
      }
    return Flow(
      id: sum.id, sum: sum, clientIsA: clientIsA, firstTime: sum.firstTime,
      lastTime: combine(sum.a.lastTime, sum.b.lastTime, max), state: state)
  }

  /// The client sent the SYN; else its port is the lesser known; else it sent first.
  private func clientIsA(of sum: Conversation) -> Bool {
    if sum.a.control.contains(.syn) || sum.b.control.contains(.synAck) { return true }
    if sum.b.control.contains(.syn) || sum.a.control.contains(.synAck) { return false }
    return rank(sum.protocolNumber, sum.portA) <= rank(sum.protocolNumber, sum.portB)
  }

  /// How well known a port is: a system port (RFC 6335, section 6), a known service, or neither.
  private func rank(_ protocolNumber: UInt8?, _ port: UInt16?) -> Int {
    guard let protocolNumber, let port else { return 0 }
    if port < 1024 { return 2 }
    return knownServices.contains(UInt32(protocolNumber) << 16 | UInt32(port)) ? 1 : 0
  }

  /// What one end of a TCP connection came to, in the terms of Zeek's analyzer.
  private enum EndState {
    case inactive, partial, synSent, synAckSent, established, closed, reset
  }

  private static func endState(
    of direction: Conversation.Direction, peer: Conversation.Direction
  ) -> EndState {
    if direction.control.contains(.rst) { return .reset }
    if direction.control.contains(.fin) { return .closed }
    if direction.control.contains(.syn) { return peer.packets > 0 ? .established : .synSent }
    if direction.control.contains(.synAck) {
      return peer.packets > 0 ? .established : .synAckSent
    }
    return direction.packets > 0 ? .partial : .inactive
  }

  /// Zeek's conn_state of a TCP connection.
  private static func tcpState(
    client: Conversation.Direction, server: Conversation.Direction
  ) -> FlowState {
    let (c, s) = (endState(of: client, peer: server), endState(of: server, peer: client))
    let clientUnseen = c == .inactive || c == .partial
    let serverUnseen = s == .inactive || s == .partial
    if s == .reset {
      // Refused: the server never accepted, or both gave up before any data.
      let accepted = server.control.contains(.synAck)
      if client.control.contains(.syn) && !accepted { return .rej }
      if c == .reset && client.payloadBytes == 0 && server.payloadBytes == 0 { return .rej }
      return clientUnseen ? .rstrh : .rstr
    }
    if c == .reset { return serverUnseen ? .rstos0 : .rsto }
    if s == .closed && c == .closed { return .sf }
    if c == .closed { return serverUnseen ? .sh : .s2 }
    if s == .closed { return clientUnseen ? .shr : .s3 }
    if c == .synSent && s == .inactive { return .s0 }
    if c == .established && s == .established { return .s1 }
    return .oth
  }

  /// Zeek's conn_state of UDP: who was seen to send.
  private static func udpState(
    client: Conversation.Direction, server: Conversation.Direction
  ) -> FlowState {
    if client.packets > 0 { return server.packets > 0 ? .sf : .s0 }
    return server.packets > 0 ? .shr : .oth
  }
}

/// Puts the conversations of one pair of ends together, in the order of time.
///
/// A flow goes on until a SYN with another sequence number: that is a new connection with the
/// addresses and ports of the old.
public struct FlowAssembly: Sendable {
  private let assembler: FlowAssembler
  private var sum: Conversation?

  public init(_ assembler: FlowAssembler) {
    self.assembler = assembler
  }

  /// The id of the flow that the conversation added last belongs to.
  public var currentID: Int64? { sum?.id }

  /// Adds the next conversation.
  ///
  /// - Returns: The flow before it, when the conversation begins a new one.
  public mutating func add(_ conversation: Conversation) -> Flow? {
    guard var current = sum else {
      sum = conversation
      return nil
    }
    if Self.beginsAnew(conversation, after: current) {
      sum = conversation
      return assembler.flow(of: current)
    }
    let turned = current.aIsLower != conversation.aIsLower
    current.a.add(turned ? conversation.b : conversation.a)
    current.b.add(turned ? conversation.a : conversation.b)
    sum = current
    return nil
  }

  /// Ends the flow that conversations were added to, and returns it.
  public mutating func finish() -> Flow? {
    defer { sum = nil }
    return sum.map(assembler.flow)
  }

  /// Whether a SYN without ACK, of another sequence number than any before, opens `conversation`.
  private static func beginsAnew(_ conversation: Conversation, after flow: Conversation) -> Bool {
    let turned = flow.aIsLower != conversation.aIsLower
    let (a, b) = turned ? (conversation.b, conversation.a) : (conversation.a, conversation.b)
    return isNew(a, flow.a) || isNew(b, flow.b)
  }

  private static func isNew(
    _ direction: Conversation.Direction, _ known: Conversation.Direction
  ) -> Bool {
    direction.control.contains(.syn) && direction.initialSequence != known.initialSequence
  }
}
