/// A command of SMTP, FTP, IMAP or POP3, or the server's reply to one, by the packet that completes it.
///
/// What may be a password is not kept: see `SessionVerbs`.
public struct SessionLine: Equatable, Sendable {
  /// The packet that completes it.
  public var packetNumber: Int64
  /// `smtp`, `ftp`, `imap` or `pop`.
  public var protocolName: ProtocolName
  /// Whether the server sent it.
  public var isResponse: Bool
  /// In capital letters, such as `RCPT`; `nil` for a response, and for a line that is no known command.
  public var command: TextRange?
  /// Of a command: what stands behind it, as far as it cannot be a password; `nil` for none.
  public var argument: TextRange?
  /// Of a response: three digits, `OK`, `NO`, `BAD`, `BYE`, `PREAUTH`, `+OK` or `-ERR`.
  public var status: TextRange?
  /// Of a response: what stands behind that; lines of one reply are set apart by ` / `.
  public var text: TextRange?
}

/// The commands whose words are kept. A line that begins otherwise may be a password that was asked for by
/// octets that were not captured.
enum SessionVerbs {
  /// RFC 5321, 4954, 3207, 3030, 1985, 2645, 4468, and those of Postfix.
  static let smtp = words(
    """
    HELO EHLO LHLO MAIL RCPT DATA BDAT RSET VRFY EXPN HELP NOOP QUIT AUTH STARTTLS ETRN ATRN TURN SEND SOML
    SAML BURL XCLIENT XFORWARD
    """)
  /// RFC 959, 2228, 2389, 2428, 2640, 3659, 7151, and what servers add.
  static let ftp = words(
    """
    USER PASS ACCT CWD CDUP SMNT QUIT REIN PORT PASV TYPE STRU MODE RETR STOR STOU APPE ALLO REST RNFR RNTO
    ABOR DELE RMD MKD PWD LIST NLST SITE SYST STAT HELP NOOP AUTH ADAT PROT PBSZ MIC CONF ENC CCC FEAT OPTS
    MDTM SIZE MLST MLSD EPRT EPSV LPRT LPSV LANG HOST CLNT XCWD XMKD XPWD XRMD XCUP MFMT MFF MFCT CSID AVBL
    HASH XCRC XMD5 XSHA1
    """)
  /// RFC 1939, 2449, 2595, 5034, 6856.
  static let pop = words(
    "USER PASS APOP STAT LIST RETR DELE NOOP RSET QUIT TOP UIDL CAPA STLS AUTH UTF8 LANG XTND LAST")
  /// RFC 9051, 3501, and extensions.
  static let imap = words(
    """
    CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE
    UNSUBSCRIBE LIST LSUB XLIST NAMESPACE STATUS APPEND IDLE DONE CLOSE UNSELECT EXPUNGE SEARCH ESEARCH FETCH
    STORE COPY MOVE UID ENABLE CHECK ID COMPRESS GETQUOTA GETQUOTAROOT SETQUOTA SORT THREAD GETACL SETACL
    DELETEACL LISTRIGHTS MYRIGHTS NOTIFY GETMETADATA SETMETADATA UNAUTHENTICATE
    """)

  /// Commands of which no argument is kept.
  static let secret: Set<String> = ["PASS", "ACCT", "ADAT", "MIC", "CONF", "ENC"]

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
  }

  /// The first word of a line in capital letters, and what stands behind the space that ends it.
  static func verb(_ octets: RawSpan, _ line: Range<Int>) -> (word: String, rest: Range<Int>) {
    let space =
      octets.firstIndex(of: UInt8(ascii: " "), in: line) ?? line.upperBound
    // No command is longer.
    let end = min(space, line.lowerBound + 16)
    let word = (line.lowerBound..<end).compactMap { octets.octet(at: $0)?.uppercased }
    return (
      String(decoding: word, as: UTF8.self),
      octets.trimmed(min(space + 1, line.upperBound)..<line.upperBound)
    )
  }
}

extension RecordBatch {
  mutating func append(
    command: String?, _ argument: TextRange?, _ name: ProtocolName, _ context: PayloadContext
  ) {
    sessionLines.append(
      SessionLine(
        packetNumber: context.packetNumber, protocolName: name, isResponse: false,
        command: command.map { append(text: $0) }, argument: argument))
  }

  mutating func append(
    status: TextRange, text: TextRange?, _ name: ProtocolName, _ context: PayloadContext
  ) {
    sessionLines.append(
      SessionLine(
        packetNumber: context.packetNumber, protocolName: name, isResponse: true, status: status,
        text: text?.count == 0 ? nil : text))
  }
}
