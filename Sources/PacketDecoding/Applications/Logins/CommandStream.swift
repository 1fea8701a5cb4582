/// SMTP (RFC 5321), FTP's control connection (RFC 959) or POP3 (RFC 1939): commands of one line, and replies
/// in the commands' order.
struct CommandStream: StreamReader {
  enum Kind { case smtp, ftp, pop }

  /// What a reply is for, as far as it matters.
  private enum Waiting {
    case other
    /// What may have held a password: servers repeat what they do not understand.
    case secret
    /// What follows a positive reply is TLS.
    case tls
    /// SMTP: the message's content follows a reply of 354.
    case data
    /// A password, or all that proves who somebody is.
    case login(MessagePlace)
    /// A SASL exchange.
    case auth
    /// POP3: lines follow a positive reply.
    case lines

    /// Whether the text of its reply is kept.
    var isHarmless: Bool {
      switch self {
      case .secret, .login, .auth: false
      case .other, .tls, .data, .lines: true
      }
    }
  }

  /// Octets of a line that is read, its end included.
  static let longestLine = 16 << 10
  /// Commands that wait for replies at the most.
  private static let mostWaiting = 256

  let kind: Kind
  /// Whether the first octets that are read are the server's.
  private let beginsWithServer: Bool
  private var server: StreamSide?
  private var waiting: [Waiting] = []
  /// Whether every command was captured, so that each reply is known by it.
  private var isInStep = true
  /// Within a line that is passed over.
  private var isMidLine = BothSides(false)
  /// Within lines that end in one of a point alone.
  private var isContent = BothSides(false)
  /// Whom USER named.
  private var user: [UInt8]?
  private var sasl: SASLExchange?
  private var replies = CommandReply()

  init(_ kind: Kind, beginsWithServer: Bool) {
    (self.kind, self.beginsWithServer) = (kind, beginsWithServer)
  }

  var name: ProtocolName {
    switch kind {
    case .smtp: .smtp
    case .ftp: .ftp
    case .pop: .pop
    }
  }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    if server == nil { server = beginsWithServer ? side : side.other }
    guard let line = octets.line(at: 0, longest: Self.longestLine) else {
      let isShort = octets.byteCount < (isContent[side] || isMidLine[side] ? 3 : Self.longestLine)
      if isShort, !isMidLine[side] { return .more() }
      isMidLine[side] = true
      return StreamReading(consumed: octets.byteCount)
    }
    var result = StreamReading(consumed: line.next)
    if isMidLine[side] {
      isMidLine[side] = false
    } else if isContent[side] {
      if line.end == 1, octets.octet(at: 0) == UInt8(ascii: ".") { isContent[side] = false }
    } else if side == server {
      readReply(octets, 0..<line.end, side, context, &batch, &result)
    } else {
      readCommand(octets, 0..<line.end, side, context, &batch, &result)
    }
    return result
  }

  mutating func lose(from side: StreamSide) {
    waiting = []
    isInStep = false
    sasl = nil
    replies = CommandReply()
    // What follows may be any part of a line, but lines mostly begin with a segment.
    isMidLine[side] = false
  }

  // MARK: - Commands

  private mutating func readCommand(
    _ octets: RawSpan, _ line: Range<Int>, _ side: StreamSide, _ context: PayloadContext,
    _ batch: inout RecordBatch, _ result: inout StreamReading
  ) {
    let name = name
    if sasl?.takes(octets, line) == true {
      sasl?.take(octets, line, name, context, &batch)
      result.foundMessage = true
      return
    }
    // Telnet's commands before ABOR: RFC 959, 4.1.3.
    let start = line.first { octets.octet(at: $0) ?? 0 < 0xf0 } ?? line.upperBound
    let (verb, rest) = SessionVerbs.verb(octets, start..<line.upperBound)
    let verbs =
      switch kind {
      case .smtp: SessionVerbs.smtp
      case .ftp: SessionVerbs.ftp
      case .pop: SessionVerbs.pop
      }
    result.foundMessage = true
    guard verbs.contains(verb) else {
      if line.isEmpty { return }
      batch.append(command: nil, nil, name, context)
      wait(.secret)
      return
    }
    let kept = argument(octets, verb, rest)
    batch.append(
      command: verb, kept.map { batch.hideSecrets(in: batch.append(octets, $0)) }, name, context)
    switch (kind, verb) {
    case (.smtp, "STARTTLS"), (.pop, "STLS"), (.ftp, "AUTH"): wait(.tls)
    case (.smtp, "AUTH"), (.pop, "AUTH"): beginSASL(octets, rest, context, &batch)
    case (.smtp, "DATA"):
      wait(.data)
      // A client waits for the reply; it may have been captured behind what follows.
      isContent[side] = true
    case (.smtp, "BDAT"):
      let (count, _) = SessionVerbs.verb(octets, rest)
      result.skipped = Int(count) ?? 0
      wait(.other)
    case (.ftp, "USER"), (.pop, "USER"):
      user = rest.prefix(RecordBatch.longestText).compactMap { octets.octet(at: $0) }
      wait(.other)
    case (.ftp, "PASS"), (.pop, "PASS"): login("user-pass", isInClear: true, context, &batch)
    case (.pop, "APOP"):
      user = kept?.compactMap { octets.octet(at: $0) }
      login("apop", isInClear: false, context, &batch)
    case (.pop, "RETR"), (.pop, "TOP"), (.pop, "CAPA"): wait(.lines)
    case (.pop, "LIST") where rest.isEmpty, (.pop, "UIDL") where rest.isEmpty: wait(.lines)
    default: wait(SessionVerbs.secret.contains(verb) || verb == "SITE" ? .secret : .other)
    }
  }

  /// What of a command's argument is kept: nothing that is a password or may hold one.
  private func argument(_ octets: RawSpan, _ verb: String, _ rest: Range<Int>) -> Range<Int>? {
    if rest.isEmpty || SessionVerbs.secret.contains(verb) { return nil }
    let space = octets.endOfWord(rest)
    switch verb {
    // A mechanism or a name, then a first message or a digest.
    case "AUTH", "APOP": return rest.lowerBound..<space
    // SITE PSWD changes a password.
    case "SITE": return rest.lowerBound..<space
    default: return rest
    }
  }

  private mutating func beginSASL(
    _ octets: RawSpan, _ rest: Range<Int>, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    let space = octets.endOfWord(rest)
    // Without a mechanism, POP3's AUTH lists them: RFC 5034, 4.
    guard !rest.isEmpty else { return wait(kind == .pop ? .lines : .other) }
    var exchange = SASLExchange(octets, mechanism: rest.lowerBound..<space)
    let first = octets.trimmed(space..<rest.upperBound)
    if !first.isEmpty { exchange.take(octets, first, name, context, &batch) }
    sasl = exchange
    wait(.auth)
  }

  private mutating func login(
    _ mechanism: String, isInClear: Bool, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    wait(
      .login(
        batch.append(
          LoginAttempt(
            packetNumber: context.packetNumber, protocolName: name,
            user: user.map { batch.append(octets: $0) }, mechanism: batch.append(text: mechanism),
            isInClear: isInClear))))
  }

  private mutating func wait(_ command: Waiting) {
    // A server that says nothing, or that was not captured.
    if waiting.count >= Self.mostWaiting { waiting = [] }
    waiting.append(command)
  }

  // MARK: - Replies

  private mutating func readReply(
    _ octets: RawSpan, _ line: Range<Int>, _ side: StreamSide, _ context: PayloadContext,
    _ batch: inout RecordBatch, _ result: inout StreamReading
  ) {
    let reply: CommandReply.Outcome?
    let keepsText = isInStep && waiting.first?.isHarmless ?? true
    if kind == .pop {
      reply = CommandReply.readPOP(octets, line, keepsText: keepsText, context, &batch)
    } else {
      reply = replies.read(octets, line, keepsText: keepsText, name, context, &batch)
    }
    guard let reply else { return }
    result.foundMessage = true
    // What goes before the reply proper.
    guard reply != .preliminary else { return }
    guard !waiting.isEmpty else {
      // The greeting, which no command asked for, or SMTP's reply to a message, whose end it is; but not the
      // one that asks for the message.
      if reply != .intermediate { isContent[side.other] = false }
      return
    }
    switch waiting.removeFirst() {
    case .other, .secret: break
    case .data: if reply != .intermediate { isContent[side.other] = false }
    case .tls: if reply == .success { result.next = .identify }
    case .lines: isContent[side] = reply == .success
    case .login(let place): tell(reply, of: place, context, &batch)
    case .auth:
      if reply == .intermediate {
        waiting.insert(.auth, at: 0)
      } else {
        if let place = sasl?.attempt { tell(reply, of: place, context, &batch) }
        sasl = nil
      }
    }
  }

  private func tell(
    _ reply: CommandReply.Outcome, of attempt: MessagePlace, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) {
    guard reply == .success || reply == .failure else { return }
    batch.loginResults.append(
      LoginResult(
        packetNumber: context.packetNumber, attempt: attempt, isSuccess: reply == .success))
  }
}
