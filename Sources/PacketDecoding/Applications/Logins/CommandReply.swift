/// Replies of SMTP and FTP: three digits, on several lines when a hyphen follows them (RFC 5321, 4.2.1;
/// RFC 959, 4.2).
struct CommandReply: Sendable {
  /// What a reply's first digit says, or POP3's word.
  enum Outcome {
    /// Another reply follows.
    case preliminary
    case success
    /// The client has to say more.
    case intermediate
    /// It may succeed when it is tried again.
    case passingFailure
    case failure
  }

  /// The code of a reply that goes on, and the text of its lines.
  private var code: [UInt8] = []
  private var text: [UInt8] = []

  /// Reads a line of a reply.
  ///
  /// - Parameter keepsText: Whether its text is kept; not where it may repeat a password.
  /// - Returns: `nil` for a line that does not complete one.
  mutating func read(
    _ octets: RawSpan, _ line: Range<Int>, keepsText: Bool, _ name: ProtocolName,
    _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> Outcome? {
    let isCoded = Self.isCode(octets, line)
    let digits = line.prefix(3).compactMap { octets.octet(at: $0) }
    let isOwn = isCoded && (code.isEmpty || digits == code)
    let goesOn = octets.octet(at: line.lowerBound + 3) == UInt8(ascii: "-") && line.count > 3
    if !isOwn || goesOn {
      // FTP's further lines are any text.
      guard isOwn || !code.isEmpty else { return nil }
      if isOwn { code = digits }
      add(octets, isOwn ? line.dropFirst(4) : line)
      return nil
    }
    add(octets, line.dropFirst(4))
    let status = batch.append(octets: digits)
    batch.append(
      status: status, text: keepsText ? batch.hideSecrets(in: batch.append(octets: text)) : nil,
      name, context)
    (code, text) = ([], [])
    return switch digits.first {
    case UInt8(ascii: "1"): .preliminary
    case UInt8(ascii: "2"): .success
    case UInt8(ascii: "3"): .intermediate
    case UInt8(ascii: "4"): .passingFailure
    default: .failure
    }
  }

  /// Three digits of which the first is 1 to 6, and behind them a space, a hyphen or nothing.
  static func isCode(_ octets: RawSpan, _ line: Range<Int>) -> Bool {
    guard line.count >= 3, let first = octets.digit(at: line.lowerBound), (1...6).contains(first),
      octets.digit(at: line.lowerBound + 1) != nil, octets.digit(at: line.lowerBound + 2) != nil
    else { return false }
    guard line.count > 3 else { return true }
    let next = octets.octet(at: line.lowerBound + 3)
    return next == UInt8(ascii: " ") || next == UInt8(ascii: "-")
  }

  private mutating func add(_ octets: RawSpan, _ line: Range<Int>) {
    guard text.count < RecordBatch.longestText else { return }
    if !text.isEmpty { text.append(contentsOf: " / ".utf8) }
    for index in octets.trimmed(line).prefix(RecordBatch.longestText) {
      text.append(octets.octet(at: index) ?? 0)
    }
  }

  /// Reads a line of POP3's server: RFC 1939, 3.
  static func readPOP(
    _ octets: RawSpan, _ line: Range<Int>, keepsText: Bool, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) -> Outcome? {
    let (word, rest) = SessionVerbs.verb(octets, line)
    guard word == "+OK" || word == "-ERR" else { return word == "+" ? .intermediate : nil }
    batch.append(
      status: batch.append(text: word), text: keepsText ? batch.append(octets, rest) : nil, .pop,
      context)
    return word == "+OK" ? .success : .failure
  }
}
