/// A hello of a TLS handshake: RFC 8446, 4.1; RFC 5246, 7.4.1; RFC 6101, 5.6.1 (SSL 3.0) and E.2 (SSL 2.0).
public struct TLSHandshake: Equatable, Sendable {
  /// What carried it.
  public enum Transport: UInt8, Sendable {
    case tcp = 1
    /// RFC 9001, in CRYPTO frames.
    case quic = 2
  }

  /// The packet that completed it.
  public var packetNumber: Int64
  /// Whether the server sent it.
  public var isServer: Bool
  /// Whether it is a HelloRetryRequest, to which the client answers with a second ClientHello: RFC 8446, 4.1.4.
  public var isRetryRequest = false
  /// What its packet carried it in.
  public var transport: Transport
  /// Of a client the highest version that it offers, of a server the chosen one; such as 0x0303 for TLS 1.2.
  public var version: UInt16
  /// What its field of that name says, which TLS 1.3 leaves at 0x0303.
  public var legacyVersion: UInt16
  /// The host that the client asks for, lower case: RFC 6066, 3.
  public var serverName: TextRange?
  /// The protocols that the client offers, parted by commas, or the one that the server chose: RFC 7301.
  public var alpn: TextRange?
  /// What the server chose.
  public var cipherSuite: UInt16?
  /// Whether the server goes on with an earlier session; `nil` for a client, and where it cannot be told.
  public var isResumed: Bool?
  /// What JA3 of a client, and JA3S of a server, is the MD5 of; long ones are cut.
  public var ja3Text: TextRange?
  /// MD5 of the whole text, hexadecimal.
  public var ja3: TextRange?
  /// JA4, of a client alone.
  public var ja4: TextRange?

  init(
    _ context: PayloadContext, isServer: Bool, transport: Transport, version: UInt16,
    legacyVersion: UInt16
  ) {
    packetNumber = context.packetNumber
    (self.isServer, self.transport) = (isServer, transport)
    (self.version, self.legacyVersion) = (version, legacyVersion)
  }
}
