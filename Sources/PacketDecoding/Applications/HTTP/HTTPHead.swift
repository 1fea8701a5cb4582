/// The head of an HTTP/1 message: where its parts stand in the octets, and what they say of its body.
struct HTTPHead {
  var version: Range<Int>
  var method: Range<Int>?
  var target: Range<Int>?
  var status: UInt16?
  var reason: Range<Int>?
  var host: Range<Int>?
  var userAgent: Range<Int>?
  var referer: Range<Int>?
  var contentType: Range<Int>?
  var server: Range<Int>?
  var location: Range<Int>?
  var forwardedFor: Range<Int>?
  var authorization: Range<Int>?
  var proxyAuthorization: Range<Int>?
  var contentLength: Int64?
  /// What tells that the length is none, or that there are several.
  var isLengthWrong = false
  var coding: Coding?
  /// Whether a line has no colon, or a space before it.
  var hasStrangeLine = false

  /// The last transfer coding, which tells where a body ends: RFC 9112, 6.1.
  enum Coding { case chunked, other }

  /// Reads a start line in `octets[line]`: RFC 9112, 3 and 4.
  ///
  /// - Returns: `nil` for what is neither a request line nor a status line.
  init?(_ octets: RawSpan, startLine line: Range<Int>) {
    if octets.starts(with: "HTTP/", at: line.lowerBound) {
      guard Self.isVersion(octets, at: line.lowerBound),
        let status = Self.status(octets, at: line.lowerBound + 8, line.upperBound)
      else { return nil }
      version = line.lowerBound + 5..<line.lowerBound + 8
      self.status = status
      let reason = octets.trimmed(min(line.lowerBound + 12, line.upperBound)..<line.upperBound)
      self.reason = reason.isEmpty ? nil : reason
      return
    }
    let space = UInt8(ascii: " ")
    let end = octets.trimmed(line).upperBound
    guard end - line.lowerBound > 9, Self.isVersion(octets, at: end - 8),
      octets.octet(at: end - 9) == space,
      let first = octets.firstIndex(of: space, in: line.lowerBound..<end - 9),
      Self.isToken(octets, line.lowerBound..<first)
    else { return nil }
    let target = octets.trimmed(first..<end - 9)
    guard !target.isEmpty else { return nil }
    (method, self.target, version) = (line.lowerBound..<first, target, end - 3..<end)
  }

  /// Whether `HTTP/`, a digit, a point and a digit stand there.
  static func isVersion(_ octets: RawSpan, at offset: Int) -> Bool {
    octets.starts(with: "HTTP/", at: offset) && octets.digit(at: offset + 5) != nil
      && octets.octet(at: offset + 6) == UInt8(ascii: ".") && octets.digit(at: offset + 7) != nil
  }

  /// A space and three digits, and nothing that would make them a longer word.
  private static func status(_ octets: RawSpan, at offset: Int, _ end: Int) -> UInt16? {
    guard offset + 4 <= end, octets.octet(at: offset) == UInt8(ascii: " "),
      let hundreds = octets.digit(at: offset + 1), let tens = octets.digit(at: offset + 2),
      let ones = octets.digit(at: offset + 3), hundreds > 0,
      offset + 4 == end || octets.octet(at: offset + 4) == UInt8(ascii: " ")
    else { return nil }
    return UInt16(hundreds) * 100 + UInt16(tens) * 10 + UInt16(ones)
  }

  /// RFC 9110, 5.6.2; of at most 32 octets, which no method exceeds.
  static func isToken(_ octets: RawSpan, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty, range.count <= 32 else { return false }
    return range.allSatisfy { index in
      guard let octet = octets.octet(at: index) else { return false }
      switch octet {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        return true
      default: return "!#$%&'*+-.^_`|~".utf8.contains(octet)
      }
    }
  }

  /// Reads the line of a field: RFC 9112, 5.
  mutating func add(_ octets: RawSpan, line: Range<Int>) {
    guard let colon = octets.firstIndex(of: UInt8(ascii: ":"), in: line), colon > line.lowerBound
    else {
      hasStrangeLine = true
      return
    }
    let name = octets.trimmed(line.lowerBound..<colon)
    if name.count != colon - line.lowerBound { hasStrangeLine = true }
    let value = octets.trimmed(colon + 1..<line.upperBound)
    func isNamed(_ text: StaticString) -> Bool { octets.equals(name, ignoringCase: text) }
    // Names of one length stand together. The first of several counts, but for what frames a body.
    switch name.count {
    case 4 where isNamed("host"): host = host ?? value
    case 6 where isNamed("server"): server = server ?? value
    case 7 where isNamed("referer"): referer = referer ?? value
    case 8 where isNamed("location"): location = location ?? value
    case 10 where isNamed("user-agent"): userAgent = userAgent ?? value
    case 12 where isNamed("content-type"): contentType = contentType ?? value
    case 13 where isNamed("authorization"): authorization = authorization ?? value
    case 14 where isNamed("content-length"): addLength(octets, value)
    case 15 where isNamed("x-forwarded-for"): forwardedFor = forwardedFor ?? value
    case 17 where isNamed("transfer-encoding"):
      let comma = value.last { octets.octet(at: $0) == UInt8(ascii: ",") }
      let last = octets.trimmed((comma.map { $0 + 1 } ?? value.lowerBound)..<value.upperBound)
      coding = octets.equals(last, ignoringCase: "chunked") ? .chunked : .other
    case 19 where isNamed("proxy-authorization"): proxyAuthorization = proxyAuthorization ?? value
    default: break
    }
  }

  /// One number, or the same several times: RFC 9110, 8.6.
  private mutating func addLength(_ octets: RawSpan, _ value: Range<Int>) {
    var start = value.lowerBound
    repeat {
      let end =
        octets.firstIndex(of: UInt8(ascii: ","), in: start..<value.upperBound) ?? value.upperBound
      let number = octets.decimal(octets.trimmed(start..<end))
      if number == nil || contentLength != nil && contentLength != number { isLengthWrong = true }
      contentLength = number
      start = min(end + 1, value.upperBound)
      if end == value.upperBound { break }
    } while true
    if isLengthWrong { contentLength = nil }
  }
}

// What a connection begins with, where its content alone must tell that it is HTTP/1.
extension HTTPHead {
  /// The methods of RFC 9110, 9, RFC 5789, WebDAV (RFC 4918, 3253, 3744, 4791, 5323, 5842), UPnP's and
  /// those of a gateway for RPC.
  private static let methods: [StaticString] = [
    "GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "CONNECT ", "DELETE ", "PATCH ", "TRACE ",
    "PROPFIND ", "PROPPATCH ", "MKCOL ", "COPY ", "MOVE ", "LOCK ", "UNLOCK ", "REPORT ", "SEARCH ",
    "MKCALENDAR ", "ACL ", "BIND ", "UNBIND ", "REBIND ", "MERGE ", "MKACTIVITY ", "CHECKOUT ",
    "CHECKIN ", "VERSION-CONTROL ", "SUBSCRIBE ", "UNSUBSCRIBE ", "NOTIFY ", "RPC_IN_DATA ",
    "RPC_OUT_DATA ",
  ]

  /// Whether `octets` begin with a message of HTTP/1 as far as they go, and with none of RTSP or SIP.
  static func begins(_ octets: RawSpan) -> Bool {
    guard let first = octets.octet(at: 0), first >= UInt8(ascii: "A"), first <= UInt8(ascii: "Z")
    else { return false }
    if first == UInt8(ascii: "H"), octets.starts(with: "HTTP/1.") { return true }
    guard let method = methods.first(where: { octets.starts(with: $0) }) else { return false }
    let start = method.utf8CodeUnitCount
    if let line = octets.line(at: 0, longest: HTTPStream.longestHead) {
      return HTTPHead(octets, startLine: 0..<line.end) != nil
    }
    return octets.octet(at: start) == UInt8(ascii: "/") || octets.starts(with: "* HTTP", at: start)
      || octets.starts(with: "http", at: start) || octets.starts(with: "ftp:", at: start)
      || first == UInt8(ascii: "C") && octets.starts(with: "CONNECT ")
  }

  /// Whether the octets, in which no line ends, can begin a start line of any method.
  static func couldBegin(_ octets: RawSpan) -> Bool {
    let space = octets.firstIndex(of: UInt8(ascii: " "), in: 0..<min(octets.byteCount, 40))
    let word = 0..<(space ?? octets.byteCount)
    return isToken(octets, word) || octets.starts(with: "HTTP/")
      || octets.byteCount < 5 && octets.octet(at: 0) == UInt8(ascii: "H")
  }
}
