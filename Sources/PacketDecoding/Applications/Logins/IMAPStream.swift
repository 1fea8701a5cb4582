/// IMAP4 (RFC 9051, RFC 3501): commands behind tags, and the server's responses to them. What the server
/// tells of mailboxes and messages is passed over.
struct IMAPStream: StreamReader {
  /// Octets of a LOGIN command that is read with its literals.
  private static let longestLogin = 8 << 10
  private static let mostWaiting = 64

  /// A command whose outcome matters.
  private struct Waiting: Sendable {
    enum Kind { case tls, login, compression }
    var tag: [UInt8]
    var kind: Kind
    var attempt: MessagePlace?
  }

  private let beginsWithServer: Bool
  private var server: StreamSide?
  private var waiting: [Waiting] = []
  /// Whether every command was captured, so that each response is known by it.
  private var isInStep = true
  private var sasl: SASLExchange?
  /// Within a line that is passed over.
  private var isMidLine = BothSides(false)
  /// Behind a literal: the rest of a line that goes on.
  private var goesOn = BothSides(false)

  init(beginsWithServer: Bool) { self.beginsWithServer = beginsWithServer }

  var name: ProtocolName { .imap }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    if server == nil { server = beginsWithServer ? side : side.other }
    guard let line = octets.line(at: 0, longest: CommandStream.longestLine) else {
      if octets.byteCount < CommandStream.longestLine, !isMidLine[side] { return .more() }
      isMidLine[side] = true
      return StreamReading(consumed: octets.byteCount)
    }
    var result = StreamReading(consumed: line.next)
    let text = 0..<line.end
    let literal = Self.literal(octets, text)
    if isMidLine[side] || goesOn[side] {
      isMidLine[side] = false
    } else if side == server {
      readResponse(octets, text, context, &batch, &result)
    } else if sasl?.takes(octets, text) == true {
      sasl?.take(octets, text, .imap, context, &batch)
      result.foundMessage = true
      return result
    } else {
      let isWhole = readCommand(octets, line, context, &batch, &result)
      // LOGIN with its literals, of which not all are there.
      if !isWhole { return .more() }
      if result.consumed > line.next { return result }
    }
    goesOn[side] = literal != nil
    result.skipped = literal ?? 0
    return result
  }

  mutating func lose(from side: StreamSide) {
    waiting = []
    isInStep = false
    sasl = nil
    (isMidLine[side], goesOn[side]) = (false, false)
  }

  /// The number in `{n}` or `{n+}` that ends a line: octets that follow it, RFC 9051, 4.3.
  static func literal(_ octets: RawSpan, _ line: Range<Int>) -> Int? {
    guard let last = line.last, octets.octet(at: last) == UInt8(ascii: "}"),
      let open = line.last(where: { octets.octet(at: $0) == UInt8(ascii: "{") })
    else { return nil }
    let end = octets.octet(at: last - 1) == UInt8(ascii: "+") ? last - 1 : last
    guard end > open else { return nil }
    return octets.decimal(open + 1..<end).map { Int(clamping: $0) }
  }

  // MARK: - Commands

  /// - Returns: Whether all of it is there.
  private mutating func readCommand(
    _ octets: RawSpan, _ line: (end: Int, next: Int), _ context: PayloadContext,
    _ batch: inout RecordBatch, _ result: inout StreamReading
  ) -> Bool {
    let text = 0..<line.end
    let (first, rest) = SessionVerbs.verb(octets, text)
    if first == "DONE", rest.isEmpty {
      result.foundMessage = true
      batch.append(command: first, nil, .imap, context)
      return true
    }
    var (verb, argument) = SessionVerbs.verb(octets, rest)
    guard SessionVerbs.imap.contains(verb), rest.lowerBound > 1 else {
      if line.end > 0 { batch.append(command: nil, nil, .imap, context) }
      result.foundMessage = line.end > 0
      return true
    }
    let tag = (0..<min(rest.lowerBound - 1, 64)).compactMap { octets.octet(at: $0) }
    switch verb {
    case "LOGIN":
      guard let login = IMAPLogin(octets, argument, next: line.next) else {
        return octets.byteCount >= Self.longestLogin
      }
      result.consumed = max(login.end, line.next)
      batch.append(
        command: verb, login.user.map { batch.append(octets: $0) }, .imap, context)
      let place = batch.append(
        LoginAttempt(
          packetNumber: context.packetNumber, protocolName: .imap,
          user: login.user.map { batch.append(octets: $0) },
          mechanism: batch.append(text: "user-pass"), isInClear: true))
      wait(Waiting(tag: tag, kind: .login, attempt: place))
      result.foundMessage = true
      return true
    case "AUTHENTICATE":
      let space = octets.endOfWord(argument)
      var exchange = SASLExchange(octets, mechanism: argument.lowerBound..<space)
      let message = octets.trimmed(space..<argument.upperBound)
      if !message.isEmpty { exchange.take(octets, message, .imap, context, &batch) }
      sasl = exchange
      argument = argument.lowerBound..<space
      wait(Waiting(tag: tag, kind: .login))
    case "STARTTLS": wait(Waiting(tag: tag, kind: .tls))
    case "COMPRESS": wait(Waiting(tag: tag, kind: .compression))
    default: break
    }
    batch.append(
      command: verb, argument.isEmpty ? nil : batch.append(octets, argument), .imap, context)
    result.foundMessage = true
    return true
  }

  private mutating func wait(_ command: Waiting) {
    if waiting.count >= Self.mostWaiting { waiting.removeFirst() }
    waiting.append(command)
  }

  // MARK: - Responses

  private mutating func readResponse(
    _ octets: RawSpan, _ line: Range<Int>, _ context: PayloadContext, _ batch: inout RecordBatch,
    _ result: inout StreamReading
  ) {
    let (tag, rest) = SessionVerbs.verb(octets, line)
    let (status, text) = SessionVerbs.verb(octets, rest)
    guard tag != "+", Self.statuses.contains(status) else { return }
    result.foundMessage = true
    let word = (0..<min(max(rest.lowerBound - 1, 0), 64)).compactMap { octets.octet(at: $0) }
    let index = tag == "*" ? nil : waiting.firstIndex { $0.tag == word }
    // Servers repeat what they do not understand, and whom they do not let in.
    let keepsText =
      isInStep && status != "BAD" && index.map { waiting[$0].kind != .login } ?? true
    batch.append(
      status: batch.append(text: status), text: keepsText ? batch.append(octets, text) : nil, .imap,
      context)
    guard let index else { return }
    let command = waiting.remove(at: index)
    switch command.kind {
    case .tls: if status == "OK" { result.next = .identify }
    case .compression: if status == "OK" { result.next = .stop }
    case .login:
      let attempt = command.attempt ?? sasl?.attempt
      if command.attempt == nil { sasl = nil }
      guard let attempt, status == "OK" || status == "NO" else { return }
      batch.loginResults.append(
        LoginResult(
          packetNumber: context.packetNumber, attempt: attempt, isSuccess: status == "OK"))
    }
  }

  static let statuses: Set<String> = ["OK", "NO", "BAD", "PREAUTH", "BYE"]
}

/// The arguments of LOGIN: a user and a password, each an atom, a quoted string or a literal.
private struct IMAPLogin {
  /// `nil` where it cannot be read.
  var user: [UInt8]?
  /// Behind the command's last line.
  var end: Int

  /// - Returns: `nil` where octets of it are not there.
  init?(_ octets: RawSpan, _ argument: Range<Int>, next: Int) {
    end = next
    var line = argument
    user = nil
    // A line ends in a literal, whose octets are followed by the rest: twice at the most.
    var isFirst = true
    while let count = IMAPStream.literal(octets, line) {
      guard count <= 4096 else { return }
      guard end + count <= octets.byteCount else { return nil }
      if isFirst, octets.octet(at: line.lowerBound) == UInt8(ascii: "{") {
        user = (end..<end + count).compactMap { octets.octet(at: $0) }
      } else if isFirst {
        user = Self.word(octets, line)
      }
      isFirst = false
      guard let rest = octets.line(at: end + count, longest: CommandStream.longestLine) else {
        return nil
      }
      line = end + count..<rest.end
      end = rest.next
    }
    if isFirst { user = Self.word(octets, line) }
  }

  /// An atom, or a quoted string: RFC 9051, 4.3.
  private static func word(_ octets: RawSpan, _ range: Range<Int>) -> [UInt8]? {
    guard octets.octet(at: range.lowerBound) == UInt8(ascii: "\"") else {
      let end = octets.firstIndex(of: UInt8(ascii: " "), in: range) ?? range.upperBound
      return (range.lowerBound..<end).compactMap { octets.octet(at: $0) }
    }
    var word: [UInt8] = []
    var index = range.lowerBound + 1
    while index < range.upperBound, let octet = octets.octet(at: index) {
      if octet == UInt8(ascii: "\"") { return word }
      if octet == UInt8(ascii: "\\") { index += 1 }
      if let quoted = octets.octet(at: index) { word.append(quoted) }
      index += 1
    }
    // A quoted string without an end: what is the user's name and what the password, nobody can tell.
    return nil
  }
}
