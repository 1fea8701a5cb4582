/// Where the first medium of a session is to be sent: SDP, RFC 8866, 5.7 and 5.14.
public struct SessionMedia: Equatable, Sendable {
  /// Such as `audio`.
  public var type: TextRange
  /// As it is written; mostly an address.
  public var address: TextRange?
  /// 0 for a medium that is refused.
  public var port: UInt16
  /// The address, where it is one.
  var host: NetworkAddress?

  /// - Returns: `nil` for a description without a medium.
  init?(_ octets: RawSpan, _ range: Range<Int>, into batch: inout RecordBatch) {
    var (address, medium): (Range<Int>?, (type: Range<Int>, port: UInt16)?)
    var index = range.lowerBound
    let body = octets.extracting(0..<min(octets.byteCount, range.upperBound))
    while index < range.upperBound {
      let line = body.line(at: index, longest: range.count) ?? (range.upperBound, range.upperBound)
      if body.starts(with: "m=", at: index) {
        if medium != nil { break }
        guard let read = Self.medium(body, index + 2..<line.end) else { return nil }
        medium = read
      } else if body.starts(with: "c=IN IP", at: index), line.end > index + 9 {
        let slash = body.firstIndex(of: UInt8(ascii: "/"), in: index + 9..<line.end)
        address = index + 9..<(slash ?? line.end)
      }
      index = line.next
    }
    guard let medium else { return nil }
    type = batch.append(body, medium.type)
    port = medium.port
    self.address = address.map { batch.append(body, $0) }
    if let address, address.count < 64 {
      let text = address.compactMap { body.octet(at: $0) }
      host = NetworkAddress(text: text.span)
    }
  }

  private static func medium(
    _ octets: RawSpan, _ range: Range<Int>
  ) -> (type: Range<Int>, port: UInt16)? {
    guard let space = octets.firstIndex(of: 0x20, in: range) else { return nil }
    let end = (space + 1..<range.upperBound).first {
      !(0x30...0x39 ~= octets.octet(at: $0) ?? 0)
    }
    guard let port = octets.decimal(space + 1..<(end ?? range.upperBound)), port <= 65_535
    else { return nil }
    return (range.lowerBound..<space, UInt16(port))
  }
}
