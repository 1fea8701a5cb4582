/// Somebody's attempt to log in, by the packet that sent the last of it. The password is not kept.
public struct LoginAttempt: Equatable, Sendable {
  /// The packet that sent the last of it.
  public var packetNumber: Int64
  /// `smtp`, `ftp`, `imap`, `pop` or `http`.
  public var protocolName: ProtocolName
  /// `nil` where it is not known, or nobody was named.
  public var user: TextRange?
  /// In small letters: `user-pass`, `plain`, `login`, `basic` and others.
  public var mechanism: TextRange
  /// Whether the password itself crossed so that anyone on the way can read it; base64 hides nothing.
  public var isInClear: Bool
}

/// What came of an attempt to log in, by the packet that said so.
public struct LoginResult: Equatable, Sendable {
  /// The packet that says so.
  public var packetNumber: Int64
  /// Which attempt, among those of its packet.
  public var attempt: MessagePlace
  /// Whether the server let the client in.
  public var isSuccess: Bool
}

extension RecordBatch {
  /// - Returns: By what a result refers to it.
  mutating func append(_ login: LoginAttempt) -> MessagePlace {
    defer { logins.append(login) }
    return MessagePlace(ofPacket: login.packetNumber, behind: logins) { $0.packetNumber }
  }

  /// Appends octets that are kept in an array, as harmless text.
  mutating func append(octets: [UInt8]) -> TextRange {
    reading(octets) { append($0, 0..<$0.byteCount) }
  }
}
