/// The logins of a connection's requests: RFC 7617 (Basic) and RFC 7616 (Digest).
///
/// A client sends the same credentials with each request: they are one attempt.
struct HTTPCredentials: Sendable {
  /// Attempts of a connection that are told apart.
  private static let most = 64

  /// Digests of what was sent, of this run of the program alone.
  private var known: [Int] = []

  /// The scheme that credentials begin with; `nil` where they name none, and are perhaps all secret.
  static func scheme(_ octets: RawSpan, _ value: Range<Int>) -> Range<Int>? {
    guard let space = octets.firstIndex(of: UInt8(ascii: " "), in: value),
      HTTPHead.isToken(octets, value.lowerBound..<space)
    else { return nil }
    return value.lowerBound..<space
  }

  /// Reads a request's credentials.
  ///
  /// - Returns: The attempt, unless there is none or the same was made before.
  mutating func read(
    _ head: HTTPHead, _ octets: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> MessagePlace? {
    guard let value = head.authorization ?? head.proxyAuthorization,
      let scheme = Self.scheme(octets, value)
    else { return nil }
    let rest = octets.trimmed(scheme.upperBound..<value.upperBound)
    let isBasic = octets.equals(scheme, ignoringCase: "basic")
    guard isBasic || octets.equals(scheme, ignoringCase: "digest") else { return nil }
    let user = isBasic ? Base64.decode(octets, rest, until: ":") : Self.digestUser(octets, rest)
    guard isBasic || user != nil else { return nil }
    // A digest's other parts change with each request.
    let digest = isBasic ? Self.digest(octets, rest) : user.hashValue
    guard !known.contains(digest) else { return nil }
    if known.count >= Self.most { known.removeFirst() }
    known.append(digest)
    return batch.append(
      LoginAttempt(
        packetNumber: context.packetNumber, protocolName: .http,
        user: user.map { batch.append(octets: $0) },
        mechanism: batch.append(text: isBasic ? "basic" : "digest"), isInClear: isBasic))
  }

  private static func digest(_ octets: RawSpan, _ range: Range<Int>) -> Int {
    var hasher = Hasher()
    for index in range { hasher.combine(octets.octet(at: index)) }
    return hasher.finalize()
  }

  /// What stands in `username="…"`.
  private static func digestUser(_ octets: RawSpan, _ range: Range<Int>) -> [UInt8]? {
    let name: StaticString = "username=\""
    guard
      let start = range.first(where: { index in
        octets.equals(
          index..<min(range.upperBound, index + name.utf8CodeUnitCount), ignoringCase: name)
          && (index == range.lowerBound || ", \t".utf8.contains(octets.octet(at: index - 1) ?? 0))
      }),
      let end = octets.firstIndex(
        of: UInt8(ascii: "\""), in: start + name.utf8CodeUnitCount..<range.upperBound)
    else { return nil }
    return (start + name.utf8CodeUnitCount..<end).compactMap { octets.octet(at: $0) }
  }

  /// Says what a response's status means for an attempt: 401 and 407 refuse it, and what the server did
  /// or would do for anybody tells nothing.
  static func tell(
    _ status: UInt16, of login: MessagePlace, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) {
    let isSuccess: Bool
    switch status {
    case 401, 407: isSuccess = false
    case 200..<400: isSuccess = true
    default: return
    }
    batch.loginResults.append(
      LoginResult(packetNumber: context.packetNumber, attempt: login, isSuccess: isSuccess))
  }
}
