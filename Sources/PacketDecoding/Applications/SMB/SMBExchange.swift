/// What both ends of an SMB connection said that later messages refer to by number, bounded.
struct SMBExchange: Sendable {
  /// Requests without a response, trees, and users of sessions that are remembered at the most; the oldest go
  /// first.
  private static let mostPending = 64
  private static let mostTrees = 32
  private static let mostUsers = 16
  /// Octets of SMB1's dialects that are remembered.
  private static let mostOffered = 1024
  /// NTSTATUS: the answer comes later.
  private static let pendingStatus: UInt32 = 0x103

  private struct Pending: Sendable {
    var messageID: UInt64
    var command: UInt16
    var request: MessagePlace
    var treeConnect: MessagePlace?
    var authentication: MessagePlace?
  }

  private var pending: [Pending] = []
  private var trees: [(session: UInt64, tree: UInt32, connect: MessagePlace)] = []
  private var users: [(session: UInt64, authentication: MessagePlace)] = []
  /// What an SMB1 client offers.
  private var offered: [UInt8] = []

  /// Reads a message of SMB 2, or a compound of several: [MS-SMB2], 3.2.4.1.4.
  ///
  /// - Parameter isWhole: Whether it goes no further than `octets`.
  mutating func read(
    _ octets: RawSpan, isWhole: Bool, _ context: PayloadContext, into batch: inout RecordBatch
  ) {
    var start = 0
    var previous: SMB2Header?
    while true {
      guard var header = SMB2Header(octets, at: start) else {
        if isWhole {
          context.fault(
            .malformed, .smb2, at: 0, "no message where the one before says", found: start, &batch)
        }
        return
      }
      let rest = octets.byteCount - start
      guard header.next == 0 || header.next >= SMB2Header.size && header.next <= rest else {
        if isWhole {
          context.fault(
            .malformed, .smb2, at: 0, "octets to the next message", found: header.next, &batch)
        }
        return
      }
      if header.isRelated, let previous {
        if header.sessionID == .max { header.sessionID = previous.sessionID }
        if header.treeID == .max { header.treeID = previous.treeID }
      }
      if let command = SMB2Command(rawValue: header.command) {
        let end = header.next == 0 ? octets.byteCount : start + header.next
        read(
          command, header, octets.extracting(start..<end), isWhole: isWhole || header.next > 0,
          context, &batch)
      }
      if header.next == 0 { return }
      previous = header
      start += header.next
    }
  }

  private mutating func read(
    _ command: SMB2Command, _ header: SMB2Header, _ octets: RawSpan, isWhole: Bool,
    _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    var message = SMBMessage(
      packetNumber: context.packetNumber, version: 2, command: header.command,
      isResponse: header.isResponse, messageID: header.messageID)
    message.sessionID = header.sessionID == 0 ? nil : header.sessionID
    message.treeID = header.treeID == 0 ? nil : header.treeID
    let user = users.first { $0.session == header.sessionID }?.authentication
    let tree = trees.first { $0.session == header.sessionID && $0.tree == header.treeID }?.connect
    if header.isResponse {
      message.status = header.status
      message.readResponse(command, octets, &batch)
      let asked = answered(header)
      message.request = asked?.request
      message.treeConnect = asked?.treeConnect ?? tree
      message.authentication = asked?.authentication ?? user
      if header.status == 0, let asked { settle(command, header, asked) }
    } else {
      message.readRequest(command, octets, isWhole: isWhole, context, &batch)
      let place = Self.place(of: context, batch)
      if command == .create { message.treeConnect = tree }
      if message.userName == nil { message.authentication = user }
      if pending.count >= Self.mostPending { pending.removeFirst() }
      pending.append(
        Pending(
          messageID: header.messageID, command: header.command, request: place,
          treeConnect: command == .treeConnect ? place : message.treeConnect,
          authentication: message.userName == nil ? user : place))
    }
    batch.smb.append(message)
  }

  /// The request that a response answers.
  private mutating func answered(_ header: SMB2Header) -> Pending? {
    guard
      let index = pending.firstIndex(where: {
        $0.messageID == header.messageID && $0.command == header.command
      })
    else { return nil }
    return header.status == Self.pendingStatus ? pending[index] : pending.remove(at: index)
  }

  /// Keeps what a successful response gives a number to.
  private mutating func settle(_ command: SMB2Command, _ header: SMB2Header, _ asked: Pending) {
    switch command {
    case .treeConnect:
      guard let tree = header.treeID, let connect = asked.treeConnect else { return }
      trees.removeAll { $0.session == header.sessionID && $0.tree == tree }
      if trees.count >= Self.mostTrees { trees.removeFirst() }
      trees.append((header.sessionID, tree, connect))
    case .sessionSetup:
      users.removeAll { $0.session == header.sessionID }
      guard let authentication = asked.authentication else { return }
      if users.count >= Self.mostUsers { users.removeFirst() }
      users.append((header.sessionID, authentication))
    case .logoff:
      users.removeAll { $0.session == header.sessionID }
      trees.removeAll { $0.session == header.sessionID }
    case .negotiate, .create: return
    }
  }

  /// Keeps a message of SMB1's negotiation.
  mutating func read(
    _ negotiation: SMB1Negotiation, _ octets: RawSpan, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) {
    var message = SMBMessage(
      packetNumber: context.packetNumber, version: 1, command: UInt16(SMB1Negotiation.command),
      isResponse: negotiation.isResponse, messageID: UInt64(negotiation.messageID))
    if negotiation.isResponse {
      message.status = negotiation.status
      let index = pending.firstIndex { $0.command == message.command }
      message.request = index.map { pending.remove(at: $0).request }
      if let chosen = negotiation.chosen {
        var name: TextRange?
        reading(offered) { offered in
          SMB1Negotiation.forEachDialect(offered, 0..<offered.byteCount) { index, range in
            if index == Int(chosen) { name = batch.append(offered, range) }
          }
        }
        message.dialect = name
      }
    } else {
      let start = batch.text.count
      SMB1Negotiation.forEachDialect(octets, negotiation.dialects) { index, range in
        guard batch.text.count - start < RecordBatch.longestText else { return }
        if index > 0 { batch.text.append(contentsOf: ", ".utf8) }
        _ = batch.append(octets, range)
      }
      message.dialect = TextRange(start: start, count: batch.text.count - start)
      let (lower, upper) = (negotiation.dialects.lowerBound, negotiation.dialects.upperBound)
      offered = []
      offered.append(
        contentsOf: octets.extracting(
          min(lower, octets.byteCount)..<min(upper, octets.byteCount, lower + Self.mostOffered)))
      pending = [
        Pending(
          messageID: message.messageID, command: message.command,
          request: Self.place(of: context, batch))
      ]
    }
    batch.smb.append(message)
  }

  /// Where the next message of a packet will stand.
  private static func place(of context: PayloadContext, _ batch: RecordBatch) -> MessagePlace {
    MessagePlace(ofPacket: context.packetNumber, behind: batch.smb) { $0.packetNumber }
  }
}
