/// Tells a connection's protocol by what it looks like, and by its ports only where nothing can be told by that.
enum StreamIdentification {
  enum Result {
    /// A protocol that is read.
    case read(any StreamReader)
    /// One that is known, and not read.
    case known(ProtocolName)
  }

  /// Octets that tell whatever can be told.
  static let telling = 16

  /// - Parameter octets: The first that are seen of either direction, or the next, while nothing was told.
  static func identify(_ octets: RawSpan, _ context: PayloadContext) -> Result? {
    if TLSStream.begins(octets, context) { return .read(TLSStream()) }
    if SSHStream.begins(octets) { return .read(SSHStream()) }
    if HTTPStream.begins(octets) { return .read(HTTPStream()) }
    if let reader = SessionIdentification.reader(octets, context) { return .read(reader) }
    if let smb = SMBStream.identify(octets, context) { return smb }
    if SIPStream.begins(octets) { return .read(SIPStream()) }
    if let stream = DNSStream.beginning(octets, context) { return .read(stream) }
    if SyslogStream.begins(octets, context) { return .read(SyslogStream()) }
    return ProtocolSignatures.identify(octets).map { .known($0) }
  }
}
