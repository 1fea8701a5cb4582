/// A message of NTP: RFC 5905, section 7.3; of its control, RFC 9327, section 2; or of ntpd's private requests.
public struct NTPMessage: Equatable, Sendable {
  /// The packet that holds it.
  public var packetNumber: Int64
  /// 1 to 4.
  public var version: UInt8
  /// 1 symmetric active, 2 symmetric passive, 3 client, 4 server, 5 broadcast, 6 control, 7 private.
  public var mode: UInt8
  /// Of modes 1 to 5: 1 and 2 the day's last minute has 61 or 59 seconds, 3 the clock is not synchronized.
  public var leap: UInt8?
  /// 0 and 16 for a clock that is not synchronized, 1 for one that is a reference; likewise the following.
  public var stratum: UInt8?
  /// Seconds between messages, as a power of two.
  public var poll: Int8?
  /// Seconds of the clock's precision, as a power of two.
  public var precision: Int8?
  /// Nanoseconds to the reference clock and back.
  public var rootDelay: Int64?
  /// Nanoseconds.
  public var rootDispersion: Int64?
  /// Up to four letters for strata 0 and 1, else an address of IPv4 or what stands for another.
  public var referenceID: TextRange?
  /// Nanoseconds since 1970, as the message says; `nil` for none.
  public var referenceTime: Int64?
  /// The same: when the request left the client.
  public var originTime: Int64?
  /// The same: when the request reached the server.
  public var receiveTime: Int64?
  /// The same: when this message left its sender.
  public var transmitTime: Int64?
  /// The key that the message is authenticated by; 0 in what a server answers to one that is not
  /// authentic.
  public var keyID: UInt32?
  /// Of control the operation, of private messages the request.
  public var code: UInt8?
  /// Of modes 3 and 4, control and private messages.
  public var isResponse: Bool?
  /// Of private messages the items that follow, of control the octets.
  public var items: UInt16?
}

extension NTPMessage: DatagramApplication {
  static let port: UInt16 = 123
  static var name: ProtocolName { .ntp }

  private enum Length {
    static let time = 48, control = 12, privateRequest = 8
  }
  /// Of control: RFC 9327, section 2, and those that ntpd adds.
  private static let operations: Set<UInt8> = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 31]

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    guard let first = payload.octet(at: 0) else { return false }
    let (version, mode) = (first >> 3 & 7, first & 7)
    guard (1...4).contains(version) else { return false }
    var message = NTPMessage(packetNumber: context.packetNumber, version: version, mode: mode)
    let isOne =
      switch mode {
      case 1...5: message.readTimes(payload, context, &batch)
      case 6: message.readControl(payload, context, &batch)
      case 7: message.readPrivate(payload, context, &batch)
      default: false
      }
    if isOne { batch.ntp.append(message) }
    return isOne
  }

  /// RFC 5905, figure 8. Whoever sends something else from port 123 is told by a stratum beyond 16, or by a
  /// length that is not made of words.
  private mutating func readTimes(
    _ payload: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> Bool {
    guard let first = payload.octet(at: 0), let stratum = payload.octet(at: 1), stratum <= 16,
      let poll = payload.octet(at: 2), let precision = payload.octet(at: 3),
      let delay = payload.bigEndian(at: 4, as: UInt32.self),
      let dispersion = payload.bigEndian(at: 8, as: UInt32.self),
      payload.byteCount >= Length.time,
      context.isCut || payload.byteCount.isMultiple(of: 4)
    else { return false }
    (leap, self.stratum) = (first >> 6, stratum)
    (self.poll, self.precision) = (Int8(bitPattern: poll), Int8(bitPattern: precision))
    rootDelay = Self.nanoseconds(short: Int64(Int32(bitPattern: delay)))
    rootDispersion = Self.nanoseconds(short: Int64(dispersion))
    referenceID = Self.reference(payload, stratum: stratum, &batch)
    referenceTime = Self.time(payload, at: 16, near: context.time)
    originTime = Self.time(payload, at: 24, near: context.time)
    receiveTime = Self.time(payload, at: 32, near: context.time)
    transmitTime = Self.time(payload, at: 40, near: context.time)
    if mode == 3 || mode == 4 { isResponse = mode == 4 }
    readExtensions(payload, context, &batch)
    return true
  }

  /// Extension fields, RFC 7822, then a key's number and a digest.
  private mutating func readExtensions(
    _ payload: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    var index = Length.time
    // A digest has 16 or 20 octets, that of DES 8; a field that is the last has at least 28 in all.
    while version == 4, payload.byteCount - index > 24,
      let length = payload.bigEndian(at: index + 2, as: UInt16.self)
    {
      guard length >= 16, length.isMultiple(of: 4), index + Int(length) <= payload.byteCount else {
        return context.fault(
          context.isCut ? .cut : .malformed, .ntp, at: index, "octets of an NTP extension field",
          found: payload.byteCount - index, expected: Int(length), &batch)
      }
      index += Int(length)
    }
    if [4, 12, 20, 24].contains(payload.byteCount - index) {
      keyID = payload.bigEndian(at: index, as: UInt32.self)
    }
  }

  /// RFC 9327, figure 1.
  private mutating func readControl(
    _ payload: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> Bool {
    guard let first = payload.octet(at: 0), first >> 6 == 0,
      let second = payload.octet(at: 1), Self.operations.contains(second & 31),
      payload.byteCount >= Length.control,
      let count = payload.bigEndian(at: 10, as: UInt16.self)
    else { return false }
    (code, isResponse, items) = (second & 31, second & 0x80 != 0, count)
    let there = payload.byteCount - Length.control
    if Int(count) > there {
      context.fault(
        context.isCut ? .cut : .malformed, .ntp, at: Length.control,
        "octets of NTP control data", found: there, expected: Int(count), &batch)
    }
    return true
  }

  /// ntpd's `ntp_request.h`: R, M, version and mode; A and a number; implementation; request; error and items;
  /// a nibble of zero and the size of an item. A request has no error.
  private mutating func readPrivate(
    _ payload: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> Bool {
    guard let first = payload.octet(at: 0), let request = payload.octet(at: 3),
      let implementation = payload.octet(at: 2), implementation <= 3,
      let count = payload.bigEndian(at: 4, as: UInt16.self),
      let size = payload.bigEndian(at: 6, as: UInt16.self), size & 0xf000 == 0,
      first & 0x80 != 0 || count & 0xf000 == 0
    else { return false }
    (code, isResponse, items) = (request, first & 0x80 != 0, count & 0xfff)
    let (there, claimed) = (
      payload.byteCount - Length.privateRequest, Int(count & 0xfff) * Int(size & 0xfff)
    )
    if claimed > there {
      context.fault(
        context.isCut ? .cut : .malformed, .ntp, at: Length.privateRequest,
        "octets of NTP private data", found: there, expected: claimed, &batch)
    }
    return true
  }
}

extension NTPMessage {
  /// Seconds from 1900, where NTP's first era begins, to 1970: RFC 5905, figure 4.
  private static let secondsTo1970: Int64 = 2_208_988_800
  private static let secondsOfEra: Int64 = 1 << 32

  /// Seconds in 16 bits and a fraction in 16, in nanoseconds.
  private static func nanoseconds(short value: Int64) -> Int64 { (value * 1_000_000_000) >> 16 }

  /// The time stamp at `offset`, in nanoseconds since 1970; the era is the one in which it is nearest to
  /// `time`, since a stamp does not say its own.
  ///
  /// - Parameter time: Nanoseconds; where the capture says none, a stamp is one of 1968 to 2104, RFC 4330, section 3.
  /// - Returns: `nil` for zero, which stands for no time.
  private static func time(_ payload: RawSpan, at offset: Int, near time: Int64?) -> Int64? {
    guard let stamp = payload.bigEndian(at: offset, as: UInt64.self), stamp != 0 else { return nil }
    let fraction = Int64(((stamp & 0xffff_ffff) * 1_000_000_000) >> 32)
    let seconds = Int64(stamp >> 32) - secondsTo1970
    let middle = time.map { $0 / 1_000_000_000 } ?? (secondsOfEra - secondsTo1970)
    let eras = (middle - seconds + secondsOfEra / 2) >> 32
    let whole = (seconds + eras * secondsOfEra).multipliedReportingOverflow(by: 1_000_000_000)
    let sum = whole.partialValue.addingReportingOverflow(fraction)
    return whole.overflow || sum.overflow ? nil : sum.partialValue
  }

  /// Letters for strata 0 and 1, without what fills them up; an address for others; `nil` for none.
  private static func reference(
    _ payload: RawSpan, stratum: UInt8, _ batch: inout RecordBatch
  ) -> TextRange? {
    guard let value = payload.bigEndian(at: 12, as: UInt32.self), value != 0 else { return nil }
    guard stratum <= 1 else { return batch.append([NetworkAddress(ipv4: value)]) }
    let end = payload.textEnd(12..<16)
    return end > 12 ? batch.append(payload, 12..<end) : nil
  }
}
