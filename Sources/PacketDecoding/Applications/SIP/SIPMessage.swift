/// A message of SIP: RFC 3261, section 7. Credentials and bodies are not kept, but what SDP says of where the
/// first medium is to be sent.
public struct SIPMessage: Equatable, Sendable {
  /// The packet that completes it.
  public var packetNumber: Int64
  /// Whether it begins with a status line: section 7.2.
  public var isResponse: Bool
  /// Of a response: that of the request, as CSeq says.
  public var method: TextRange?
  /// Of a request. A password in it is left out, here as in the other addresses.
  public var requestURI: TextRange?
  /// Of a response, as the next.
  public var status: UInt16?
  /// What the status line says beside the code.
  public var reason: TextRange?
  /// The From field, who calls: section 20.20. Of this field and the following the first counts; `nil` where there
  /// is none.
  public var from: TextRange?
  /// The To field, who is called: section 20.39.
  public var to: TextRange?
  /// The Call-ID field, the same in all messages of a call: section 20.8.
  public var callID: TextRange?
  /// The number of the CSeq field, by which requests of a call are in order: section 20.16.
  public var sequence: Int64?
  /// What the sender says that it is: User-Agent, or Server.
  public var userAgent: TextRange?
  /// The Contact field, where its sender can be reached: section 20.10.
  public var contact: TextRange?
  /// What its body says of the first medium; `nil` for a body that is no SDP.
  public var media: SessionMedia?

  init(packetNumber: Int64, isResponse: Bool) {
    (self.packetNumber, self.isResponse) = (packetNumber, isResponse)
  }
}

/// The start line and the header fields of a message that are of interest, as places in its octets.
struct SIPHead {
  var isResponse: Bool
  var method: Range<Int>?
  var requestURI: Range<Int>?
  var status: UInt16?
  var reason: Range<Int>?
  var from: Range<Int>?
  var to: Range<Int>?
  var callID: Range<Int>?
  var sequence: Range<Int>?
  var userAgent: Range<Int>?
  var contact: Range<Int>?
  var contentType: Range<Int>?
  /// Octets of the body; `nil` where the head does not say.
  var contentLength: Int?
  /// Octets to the body.
  var end: Int
  /// Whether an empty line ends it.
  var isWhole = false

  /// Octets of a head that are read at the most.
  static let longest = 16 << 10
  private static let version: StaticString = "SIP/2.0"

  /// Whether what begins here is surely a message: RFC 3261, 7.1 and 7.2.
  static func begins(_ octets: RawSpan) -> Bool {
    guard let first = octets.octet(at: 0), 0x41...0x5a ~= first else { return false }
    if octets.starts(with: version) { return octets.octet(at: 7) == 0x20 }
    guard let space = methodEnd(octets) else { return false }
    if ["sip:", "sips:", "tel:"].contains(where: { octets.starts(with: $0, at: space + 1) }) {
      return true
    }
    guard let line = octets.line(at: 0, longest: 4096) else { return false }
    return octets.starts(with: " SIP/2.0", at: line.end - 8)
  }

  /// Where a method's capital letters end; `nil` for what is none.
  private static func methodEnd(_ octets: RawSpan) -> Int? {
    var index = 0
    while let octet = octets.octet(at: index), 0x41...0x5a ~= octet, index < 16 { index += 1 }
    return index >= 3 && octets.octet(at: index) == 0x20 ? index : nil
  }

  /// - Returns: `nil` for what is no message.
  init?(_ octets: RawSpan) {
    guard Self.begins(octets), let line = octets.line(at: 0, longest: Self.longest) else {
      return nil
    }
    isResponse = octets.starts(with: Self.version)
    end = line.next
    if isResponse {
      guard let status = octets.decimal(8..<min(11, line.end)), 100..<700 ~= status else {
        return nil
      }
      self.status = UInt16(status)
      reason = min(12, line.end)..<line.end
    } else {
      guard let space = Self.methodEnd(octets), space + 1 < line.end - 8,
        octets.starts(with: " SIP/2.0", at: line.end - 8)
      else { return nil }
      method = 0..<space
      requestURI = space + 1..<line.end - 8
    }
    readFields(octets)
    if isResponse { method = sequence.map { Self.lastWord(octets, $0) } }
  }

  private mutating func readFields(_ octets: RawSpan) {
    while end < Self.longest, let line = octets.line(at: end, longest: Self.longest) {
      if line.end == end {
        (end, isWhole) = (line.next, true)
        return
      }
      var (valueEnd, next) = (line.end, line.next)
      // A line that begins with white space goes on with the one before: section 7.3.1.
      while let first = octets.octet(at: next), first == 0x20 || first == 0x09,
        let more = octets.line(at: next, longest: Self.longest)
      {
        (valueEnd, next) = (more.end, more.next)
      }
      if let colon = octets.firstIndex(of: UInt8(ascii: ":"), in: end..<line.end) {
        let value = octets.trimmed(colon + 1..<max(colon + 1, valueEnd))
        setField(octets, octets.trimmed(end..<colon), value)
      }
      end = next
    }
  }

  /// Section 7.3.3: some fields have short names.
  private mutating func setField(_ octets: RawSpan, _ name: Range<Int>, _ value: Range<Int>) {
    func isNamed(_ long: StaticString, _ short: StaticString = "") -> Bool {
      octets.equals(name, ignoringCase: long)
        || name.count == 1 && octets.equals(name, ignoringCase: short)
    }
    switch octets.octet(at: name.lowerBound)?.lowercased {
    case UInt8(ascii: "f"): if isNamed("from", "f"), from == nil { from = value }
    case UInt8(ascii: "t"): if isNamed("to", "t"), to == nil { to = value }
    case UInt8(ascii: "i"): if isNamed("i"), callID == nil { callID = value }
    case UInt8(ascii: "m"): if isNamed("m"), contact == nil { contact = value }
    case UInt8(ascii: "u"): if isNamed("user-agent"), userAgent == nil { userAgent = value }
    case UInt8(ascii: "s"): if isNamed("server"), userAgent == nil { userAgent = value }
    case UInt8(ascii: "l"): if isNamed("l") { setLength(octets, value) }
    case UInt8(ascii: "c"):
      if isNamed("call-id"), callID == nil { callID = value }
      if isNamed("cseq"), sequence == nil { sequence = value }
      if isNamed("contact"), contact == nil { contact = value }
      if isNamed("content-type", "c"), contentType == nil { contentType = value }
      if isNamed("content-length") { setLength(octets, value) }
    default: return
    }
  }

  private mutating func setLength(_ octets: RawSpan, _ value: Range<Int>) {
    guard contentLength == nil, let length = octets.decimal(value) else { return }
    contentLength = Int(min(length, 1 << 30))
  }

  private static func lastWord(_ octets: RawSpan, _ range: Range<Int>) -> Range<Int> {
    var start = range.upperBound
    while start > range.lowerBound, let octet = octets.octet(at: start - 1), octet > 0x20 {
      start -= 1
    }
    return start..<range.upperBound
  }

  /// Whether the body says what media are sent where.
  func hasSessionDescription(_ octets: RawSpan) -> Bool {
    guard let contentType else { return false }
    let type: StaticString = "application/sdp"
    let end = min(contentType.upperBound, contentType.lowerBound + type.utf8CodeUnitCount)
    return octets.equals(contentType.lowerBound..<end, ignoringCase: type)
  }

  /// Appends the message's record.
  ///
  /// - Parameter octets: The message, its body behind `end`, as far as it is there.
  func append(_ octets: RawSpan, _ context: PayloadContext, to batch: inout RecordBatch) {
    var message = SIPMessage(packetNumber: context.packetNumber, isResponse: isResponse)
    message.method = method.map { batch.append(octets, $0) }
    message.requestURI = requestURI.map { batch.append(sip: octets, $0) }
    message.status = status
    message.reason = reason.map { batch.append(octets, $0) }
    message.from = from.map { batch.append(sip: octets, $0) }
    message.to = to.map { batch.append(sip: octets, $0) }
    message.callID = callID.map { batch.append(sip: octets, $0) }
    message.sequence = sequence.flatMap { range in
      let end = range.first { !(0x30...0x39 ~= octets.octet(at: $0) ?? 0) } ?? range.upperBound
      return octets.decimal(range.lowerBound..<end)
    }
    message.userAgent = userAgent.map { batch.append(sip: octets, $0) }
    message.contact = contact.map { batch.append(sip: octets, $0) }
    if hasSessionDescription(octets) {
      let bodyEnd = min(octets.byteCount, end + (contentLength ?? octets.byteCount))
      message.media = SessionMedia(octets, end..<max(end, bodyEnd), into: &batch)
    }
    batch.sip.append(message)
  }
}
