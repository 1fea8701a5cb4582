/// A message by which sessions, shares and files are opened: [MS-SMB2], or the negotiation of [MS-CIFS].
public struct SMBMessage: Equatable, Sendable {
  /// The packet that completes it.
  public var packetNumber: Int64
  /// 1 for the negotiation of SMB1, else 2.
  public var version: UInt8
  /// [MS-SMB2], 2.2.1; of SMB1, [MS-CIFS], 2.2.2.1.
  public var command: UInt16
  /// Whether the server sent it.
  public var isResponse: Bool
  /// The same in a request and its response.
  public var messageID: UInt64
  /// `nil` before there is a session.
  public var sessionID: UInt64?
  /// `nil` where the message names no tree.
  public var treeID: UInt32?
  /// NTSTATUS, [MS-ERREF], 2.3; `nil` in a request.
  public var status: UInt32?
  /// The chosen dialect, or those that a client offers, such as `2.1, 3.0`.
  public var dialect: TextRange?
  /// `\\server\share`, where the message itself says so.
  public var tree: TextRange?
  /// Below the share, where the message itself says so; empty for the share's own folder.
  public var fileName: TextRange?
  /// Of the user whom NTLM names, [MS-NLMP], 2.2.1.3, as the next two; `nil` where it names none.
  public var domain: TextRange?
  /// Empty for an anonymous session.
  public var userName: TextRange?
  /// As the client calls itself.
  public var workstation: TextRange?
  /// Whether its sender insists that messages be signed; of a negotiation, and of a session's
  /// request.
  public var requiresSigning: Bool?
  /// Whether the server made the user a guest; of a session that was set up.
  public var isGuest: Bool?
  /// What a response answers.
  public var request: MessagePlace?
  /// The request that named the tree.
  public var treeConnect: MessagePlace?
  /// The request that named the session's user.
  public var authentication: MessagePlace?

  init(packetNumber: Int64, version: UInt8, command: UInt16, isResponse: Bool, messageID: UInt64) {
    (self.packetNumber, self.version, self.command) = (packetNumber, version, command)
    (self.isResponse, self.messageID) = (isResponse, messageID)
  }
}

/// Commands of SMB 2 and 3 of which messages are kept: [MS-SMB2], 2.2.1.
enum SMB2Command: UInt16 {
  case negotiate = 0
  case sessionSetup = 1
  case logoff = 2
  case treeConnect = 3
  case create = 5
}

/// The header of a message of SMB 2 and 3: [MS-SMB2], 2.2.1.1 and 2.2.1.2.
struct SMB2Header {
  var command: UInt16
  var status: UInt32
  var isResponse: Bool
  /// Whether it goes on with the session and tree of the message before it.
  var isRelated: Bool
  /// Octets to the next message of a compound; 0 in the last.
  var next: Int
  var messageID: UInt64
  /// `nil` in a response that comes when the server is done.
  var treeID: UInt32?
  var sessionID: UInt64

  static let size = 64
  static let signature: UInt32 = 0xfe53_4d42

  /// - Returns: `nil` where no such header is, or not all of it.
  init?(_ octets: RawSpan, at start: Int) {
    guard octets.bigEndian(at: start, as: UInt32.self) == Self.signature,
      octets.littleEndian(at: start + 4, as: UInt16.self) == UInt16(Self.size),
      octets.octet(at: start + Self.size - 1) != nil
    else { return nil }
    let flags = octets.littleEndian(at: start + 16, as: UInt32.self) ?? 0
    status = octets.littleEndian(at: start + 8, as: UInt32.self) ?? 0
    command = octets.littleEndian(at: start + 12, as: UInt16.self) ?? 0
    (isResponse, isRelated) = (flags & 1 != 0, flags & 4 != 0)
    next = Int(octets.littleEndian(at: start + 20, as: UInt32.self) ?? 0)
    messageID = octets.littleEndian(at: start + 24, as: UInt64.self) ?? 0
    treeID = flags & 2 != 0 ? nil : octets.littleEndian(at: start + 36, as: UInt32.self)
    sessionID = octets.littleEndian(at: start + 40, as: UInt64.self) ?? 0
  }
}
