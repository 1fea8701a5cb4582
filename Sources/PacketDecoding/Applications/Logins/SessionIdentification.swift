/// Tells SMTP, FTP, IMAP and POP3: by the server's greeting, since servers speak first; in the middle of a
/// connection by commands that no other protocol has, or any of the protocol whose port it is.
enum SessionIdentification {
  static func reader(_ octets: RawSpan, _ context: PayloadContext) -> (any StreamReader)? {
    guard let first = octets.octet(at: 0), first < 0x7f, first > 0x20 else { return nil }
    let end = octets.line(at: 0, longest: 1024)?.end ?? min(octets.byteCount, 1024)
    let line = 0..<end
    let port = usual(context)
    switch first {
    case UInt8(ascii: "2")...UInt8(ascii: "5"):
      guard CommandReply.isCode(octets, line) else { return nil }
      if octets.starts(with: "220") {
        // A greeting of several lines may say it in a later one.
        let line = 0..<min(octets.byteCount, 1024)
        if contains(octets, line, "smtp") { return CommandStream(.smtp, beginsWithServer: true) }
        if contains(octets, line, "ftp") { return CommandStream(.ftp, beginsWithServer: true) }
      }
      guard let port, port != .pop, port != .imap else { return nil }
      return CommandStream(port == .smtp ? .smtp : .ftp, beginsWithServer: true)
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      // Redis answers +OK without more.
      guard
        octets.starts(with: "+OK ") || octets.starts(with: "-ERR ") || octets.starts(with: "+OK"),
        port == .pop || octets.starts(with: "+OK ") && context.sourcePort != 6379
      else { return nil }
      return CommandStream(.pop, beginsWithServer: true)
    case UInt8(ascii: "*"):
      let (_, rest) = SessionVerbs.verb(octets, line)
      guard octets.octet(at: 1) == UInt8(ascii: " "),
        port == .imap || octets.starts(with: "* OK ") || octets.starts(with: "* PREAUTH "),
        IMAPStream.statuses.contains(SessionVerbs.verb(octets, rest).word) || port == .imap
      else { return nil }
      return IMAPStream(beginsWithServer: true)
    default: return command(octets, line, port)
    }
  }

  private enum Usual { case smtp, ftp, pop, imap }

  /// The protocol of the well-known port: IANA's, and submission's (RFC 6409).
  private static func usual(_ context: PayloadContext) -> Usual? {
    if context.isAt(25) || context.isAt(587) || context.isAt(2525) { return .smtp }
    if context.isAt(21) { return .ftp }
    if context.isAt(110) { return .pop }
    return context.isAt(143) ? .imap : nil
  }

  /// A client's line, or IMAP's server's.
  private static func command(
    _ octets: RawSpan, _ line: Range<Int>, _ port: Usual?
  ) -> (any StreamReader)? {
    for (text, kind) in [
      ("EHLO ", .smtp), ("HELO ", .smtp), ("MAIL FROM:<", .smtp), ("RCPT TO:<", .smtp),
      ("AUTH TLS", .ftp), ("RETR /", .ftp), ("STOR ", .ftp), ("EPSV", .ftp), ("PASV", .ftp),
    ] as [(StaticString, CommandStream.Kind)] where octets.starts(with: text) {
      // The last two are whole lines.
      if text.utf8CodeUnitCount == 4, line.upperBound != 4 { continue }
      return CommandStream(kind, beginsWithServer: false)
    }
    guard let port else { return nil }
    let (word, rest) = SessionVerbs.verb(octets, line)
    let next = SessionVerbs.verb(octets, rest).word
    switch port {
    case .smtp where SessionVerbs.smtp.contains(word):
      return CommandStream(.smtp, beginsWithServer: false)
    case .ftp where SessionVerbs.ftp.contains(word):
      return CommandStream(.ftp, beginsWithServer: false)
    case .pop where SessionVerbs.pop.contains(word):
      return CommandStream(.pop, beginsWithServer: false)
    case .imap where SessionVerbs.imap.contains(next):
      return IMAPStream(beginsWithServer: false)
    case .imap where IMAPStream.statuses.contains(next): return IMAPStream(beginsWithServer: true)
    default: return nil
    }
  }

  /// Whether a word in small letters stands in a line, in letters of any case.
  private static func contains(
    _ octets: RawSpan, _ line: Range<Int>, _ word: StaticString
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    guard line.count >= count else { return false }
    return (line.lowerBound...line.upperBound - count).contains {
      octets.equals($0..<$0 + count, ignoringCase: word)
    }
  }
}
