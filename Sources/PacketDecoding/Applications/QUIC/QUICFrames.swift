/// The frames that an Initial packet may hold, told by their types: RFC 9000, 19 and table 3.
enum QUICFrame {
  /// PADDING, PING or ACK.
  case other
  /// Octets of the handshake, and how many of its stream stand before them.
  case crypto(offset: Int, data: Range<Int>)
  /// CONNECTION_CLOSE.
  case close(error: Int, reason: Range<Int>)

  private enum Kind: Int {
    case padding = 0x00
    case ping = 0x01
    case ack = 0x02
    case ackWithECN = 0x03
    case crypto = 0x06
    // That of applications, 0x1d, is not for Initial packets: RFC 9000, 12.5.
    case close = 0x1c
  }

  /// Reads the frame at `offset` and moves that behind it.
  ///
  /// - Returns: `nil` for a frame that no Initial may hold, and one that does not fit.
  static func next(_ frames: RawSpan, at offset: inout Int) -> QUICFrame? {
    guard let type = integer(frames, &offset), let kind = Kind(rawValue: type) else { return nil }
    switch kind {
    case .padding:
      while frames.octet(at: offset) == 0 { offset += 1 }
      return .other
    case .ping: return .other
    case .ack, .ackWithECN:
      return skipAcknowledgments(frames, &offset, hasECN: kind == .ackWithECN) ? .other : nil
    case .crypto:
      guard let start = integer(frames, &offset), let data = octets(frames, &offset),
        // RFC 9000, 19.6: the sum is below 2^62 as well.
        start <= 1 << 62 - 1 - data.count
      else { return nil }
      return .crypto(offset: start, data: data)
    case .close:
      // Between them the type of the frame that was wrong.
      guard let error = integer(frames, &offset), integer(frames, &offset) != nil,
        let reason = octets(frames, &offset)
      else { return nil }
      return .close(error: error, reason: reason)
    }
  }

  /// RFC 9000, 19.3.
  private static func skipAcknowledgments(
    _ frames: RawSpan, _ offset: inout Int, hasECN: Bool
  ) -> Bool {
    guard integer(frames, &offset) != nil, integer(frames, &offset) != nil,
      let ranges = integer(frames, &offset), integer(frames, &offset) != nil,
      // Each is of two octets at the least.
      ranges <= (frames.byteCount - offset) / 2
    else { return false }
    for _ in 0..<2 * ranges + (hasECN ? 3 : 0) where integer(frames, &offset) == nil {
      return false
    }
    return true
  }

  private static func integer(_ frames: RawSpan, _ offset: inout Int) -> Int? {
    guard let (value, next) = frames.quicInteger(at: offset) else { return nil }
    offset = next
    return value
  }

  /// Octets behind their number.
  private static func octets(_ frames: RawSpan, _ offset: inout Int) -> Range<Int>? {
    guard let count = integer(frames, &offset), count <= frames.byteCount - offset else {
      return nil
    }
    defer { offset += count }
    return offset..<offset + count
  }
}
