/// An alert of TLS: RFC 8446, 6; RFC 5246, 7.2.
public struct TLSAlert: Equatable, Sendable {
  /// The packet that completes it.
  public var packetNumber: Int64
  /// 1 for a warning, 2 for a fatal one; `nil` where it is encrypted.
  public var level: UInt8?
  /// Why, by IANA's numbers; `nil` where it is encrypted.
  public var description: UInt8?
  /// Whether only its record tells that it is there.
  public var isEncrypted: Bool
  /// Whether the server sent it; `nil` where no hello was seen.
  public var isServer: Bool?
}
