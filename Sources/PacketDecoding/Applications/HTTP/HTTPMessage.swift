/// A request or response of HTTP/1, as its head tells it: RFC 9110 and RFC 9112.
///
/// It belongs to the packet that completes the head. Of credentials, only the scheme is kept.
public struct HTTPMessage: Equatable, Sendable {
  /// The packet that completes the head.
  public var packetNumber: Int64
  /// Whether it begins with a status line: RFC 9112, section 4.
  public var isResponse: Bool
  /// Such as `1.1`.
  public var version: TextRange
  /// Such as `GET`; of a request, as the target.
  public var method: TextRange?
  /// The request target as it was sent, but for a password in it.
  public var target: TextRange?
  /// The status code of a response.
  public var status: UInt16?
  /// What a response says beside its status code.
  public var reason: TextRange?
  /// The Host field, with a port if it has one: RFC 9110, 7.2. Of this field and the following the first counts;
  /// `nil` where there is none.
  public var host: TextRange?
  /// The User-Agent field: RFC 9110, 10.1.5.
  public var userAgent: TextRange?
  /// The Referer field, but for a password in it: RFC 9110, 10.1.3.
  public var referer: TextRange?
  /// The Content-Type field: RFC 9110, 8.3.
  public var contentType: TextRange?
  /// Octets, as the field says; `nil` when there is none, or no number in it.
  public var contentLength: Int64?
  /// The Server field, what software answers: RFC 9110, 10.2.4.
  public var server: TextRange?
  /// The Location field, but for a password in it: RFC 9110, 10.2.2.
  public var location: TextRange?
  /// The X-Forwarded-For field, for whom a proxy asks; no RFC has it.
  public var forwardedFor: TextRange?
  /// The scheme of the Authorization field in small letters, such as `basic`; `other` when it names none.
  public var authorizationScheme: TextRange?
  /// The request that a response answers, where it was captured and is known.
  public var request: MessagePlace?
  /// Nanoseconds from the packet that completed the request's head to that of the response's; `nil` for
  /// interim responses.
  public var responseTime: Int64?
}

extension RecordBatch {
  /// Appends a message's texts and the message.
  ///
  /// - Parameter octets: What the head's ranges refer to.
  mutating func append(
    _ head: HTTPHead, of octets: RawSpan, request: MessagePlace?, responseTime: Int64?,
    _ context: PayloadContext
  ) {
    http.append(
      HTTPMessage(
        packetNumber: context.packetNumber, isResponse: head.status != nil,
        version: append(octets, head.version),
        method: head.method.map { append(octets, $0) },
        target: head.target.map { append(octets, withoutPassword: $0) },
        status: head.status, reason: head.reason.map { append(octets, $0) },
        host: head.host.map { append(octets, withoutPassword: $0) },
        userAgent: head.userAgent.map { append(octets, $0) },
        referer: head.referer.map { append(octets, withoutPassword: $0) },
        contentType: head.contentType.map { append(octets, $0) },
        contentLength: head.contentLength, server: head.server.map { append(octets, $0) },
        location: head.location.map { append(octets, withoutPassword: $0) },
        forwardedFor: head.forwardedFor.map { append(octets, $0) },
        authorizationScheme: head.authorization.map {
          append(scheme: octets, HTTPCredentials.scheme(octets, $0))
        },
        request: request, responseTime: responseTime))
  }

  /// Appends a scheme in small letters; `other` for none.
  mutating func append(scheme octets: RawSpan, _ range: Range<Int>?) -> TextRange {
    guard let range else { return append(text: "other") }
    let start = text.count
    for index in range { text.append(octets.octet(at: index)?.lowercased ?? 0) }
    return TextRange(start: start, count: range.count)
  }

  /// Appends a URI without what is a secret in it.
  private mutating func append(_ octets: RawSpan, withoutPassword uri: Range<Int>) -> TextRange {
    hideSecrets(in: append(octets, uri))
  }
}
