/// What one physical line of a printed capture is to the packets around it.
enum PrintedLine: Equatable, Sendable {
  case blank
  /// A message of tcpdump's own, a shell's prompt, or a mark that a document puts around code.
  case notice
  /// The first line of a packet: its time, and where what it says of the packet begins.
  case packet(PrintedTimestamp, contentStart: Int)
  /// A line of a packet's octets in hexadecimal, `-x` and `-X`.
  case hexadecimalDump
  /// Indented: the details of `-v`, or the rest of the first line behind IPv4's header.
  case detail
  /// Anything else: the rest of a line that was broken, ASCII of `-A`, or none of tcpdump's.
  case other

  /// - Parameter untimed: Whether a line without a time may begin a packet.
  init(_ text: PrintedText, untimed: Bool) {
    var text = text
    if let time = text.takeTimestamp() {
      self = .packet(time, contentStart: text.position)
      return
    }
    let start = text.position
    let isIndented = text.next.map(PrintedText.isBlank) == true
    text.skipBlanks()
    if text.isAtEnd {
      self = .blank
    } else if Self.isHexadecimalDump(text) {
      self = .hexadecimalDump
    } else if untimed, let contentStart = Self.untimedPacket(text, from: start) {
      self = .packet(.missing, contentStart: contentStart)
    } else if Self.isNotice(text) {
      self = .notice
    } else {
      self = isIndented ? .detail : .other
    }
  }

  /// `0x0010:  c000 020a …`
  private static func isHexadecimalDump(_ text: PrintedText) -> Bool {
    var text = text
    return text.takeHexadecimal() != nil && text.starts(with: ":")
  }

  /// Where the packet begins in a line without a time, such as tcpdump prints with `-t`, behind
  /// the packet's number; `nil` when none does. Cooked captures indent it by up to two columns.
  private static func untimedPacket(_ text: PrintedText, from start: Int) -> Int? {
    var text = text
    if let octet = text.next, PrintedText.isDigit(octet), text.takeNumber() != nil,
      text.starts(with: "  ")
    {
      text.skipBlanks()
    } else {
      text.move(to: start)
      while text.position - start < 2, text.take(" ") {}
    }
    return PrintedLinkLayer.begins(text) ? text.position : nil
  }

  /// What tcpdump says beside packets, on standard error or at its end.
  private static func isNotice(_ text: PrintedText) -> Bool {
    for beginning in [
      "tcpdump: ", "listening on ", "reading from file", "dropped privs", "$ ", "# ", "```", "^C",
      "Warning: ", "data link type ",
    ] where text.starts(with: beginning) { return true }
    var text = text
    guard text.takeNumber() != nil, text.take(" packet") else { return false }
    text.take("s")
    return text.take(" captured") || text.take(" received by filter")
      || text.take(" dropped by ")
  }
}
