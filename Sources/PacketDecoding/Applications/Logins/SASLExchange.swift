/// A client's messages of a SASL exchange (RFC 4422), each a line of base64: RFC 4954, 5034 and 9051, 6.2.2.
struct SASLExchange: Sendable {
  private enum Mechanism {
    /// RFC 4616: one message, `authzid NUL authcid NUL password`.
    case plain
    /// draft-murchison-sasl-login: the user, then the password.
    case login
    /// RFC 2195: the user, a space and a digest.
    case cramMD5
    /// RFC 5802: `n,,n=user,r=…` first.
    case scram
    /// `user=…` before the first octet 1.
    case xoauth2
    /// RFC 7628: `n,a=user,` before the first octet 1.
    case oauthbearer
    /// Others: how many messages, and who logs in, is not told here.
    case other
  }

  private let mechanism: Mechanism
  /// In small letters, as it was named.
  private let word: String
  private var messages = 0
  private var user: [UInt8]?
  /// Where the attempt was noted, once all of it was sent.
  private(set) var attempt: MessagePlace?

  init(_ octets: RawSpan, mechanism name: Range<Int>) {
    let word = name.prefix(32).compactMap { octets.octet(at: $0)?.lowercased }
    self.word = String(decoding: word, as: UTF8.self)
    mechanism =
      switch self.word {
      case "plain": .plain
      case "login": .login
      case "cram-md5": .cramMD5
      case "xoauth2": .xoauth2
      case "oauthbearer": .oauthbearer
      default: self.word.hasPrefix("scram-") ? .scram : .other
      }
  }

  /// Whether the password, or a token that serves for one, is what is sent.
  private var isInClear: Bool {
    switch mechanism {
    case .plain, .login, .xoauth2, .oauthbearer: true
    case .cramMD5, .scram, .other: false
    }
  }

  /// Whether the line can be the client's next message: base64, `=` for an empty one, `*` to give up.
  func takes(_ octets: RawSpan, _ line: Range<Int>) -> Bool {
    let most =
      switch mechanism {
      case .plain, .cramMD5, .xoauth2, .oauthbearer: 1
      case .login: 2
      case .scram, .other: Int.max
      }
    if messages >= most { return false }
    if line.count == 1, octets.octet(at: line.lowerBound) == UInt8(ascii: "*") { return true }
    return line.allSatisfy { Base64.isDigit(octets.octet(at: $0)) }
  }

  /// Takes the client's next message, of which nothing but a user's name is kept.
  mutating func take(
    _ octets: RawSpan, _ line: Range<Int>, _ name: ProtocolName, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) {
    messages += 1
    if messages == 1 { user = user(octets, line) }
    guard messages == (mechanism == .login ? 2 : 1) else { return }
    attempt = batch.append(
      LoginAttempt(
        packetNumber: context.packetNumber, protocolName: name,
        user: user.map { batch.append(octets: $0) }, mechanism: batch.append(text: word),
        isInClear: isInClear))
  }

  private func user(_ octets: RawSpan, _ line: Range<Int>) -> [UInt8]? {
    switch mechanism {
    case .plain:
      guard let both = Base64.decode(octets, line, until: "\0", times: 2) else { return nil }
      return Array(both.split(separator: 0, omittingEmptySubsequences: false).dropFirst().joined())
    case .login: return Base64.decode(octets, line)
    case .cramMD5:
      let words = Base64.decode(octets, line)?.split(separator: UInt8(ascii: " ")).dropLast()
      return words.map { Array($0.joined(separator: [UInt8(ascii: " ")])) }
    case .xoauth2:
      let first = Base64.decode(octets, line, until: "\u{1}")
      return first?.starts(with: "user=".utf8) == true ? first.map { Array($0.dropFirst(5)) } : nil
    // Its first message holds no secret.
    case .scram: return Self.attribute("n=", of: Base64.decode(octets, line))
    case .oauthbearer: return Self.attribute("a=", of: Base64.decode(octets, line, until: "\u{1}"))
    case .other: return nil
    }
  }

  /// What stands behind `name` in a list set apart by commas; its first element stands alone.
  private static func attribute(_ name: String, of octets: [UInt8]?) -> [UInt8]? {
    let parts = octets?.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let part = parts?.dropFirst().first { $0.starts(with: name.utf8) }
    return part.map { Array($0.dropFirst(name.utf8.count)) }
  }
}
