/// A message by which hosts of one link ask each other for names: multicast DNS (RFC 6762), LLMNR (RFC 4795),
/// NetBIOS's name service (RFC 1002, 4.2).
public struct NameMessage: Equatable, Sendable {
  /// `mdns`, `llmnr` or `nbns`.
  public var name: ProtocolName
  /// The message, all of which have the form of DNS's. A name of NetBIOS stands as `WORKGROUP<1d>`; classes
  /// stand without the bit that multicast DNS sets in them.
  public var message: DNSRecord
  /// Of multicast DNS, every question as `name type`, parted by `; `; `nil` for one alone.
  public var questions: TextRange?
  /// The packet that completes it.
  public var packetNumber: Int64 { message.packetNumber }
}

extension NameMessage {
  /// Reads the message in `payload[start..<end]`.
  ///
  /// - Returns: Whether it is one, to its end or so far that it can be nothing else; `batch` is as it was
  ///   where it is not.
  static func read(
    _ name: ProtocolName, _ payload: RawSpan, _ start: Int, _ end: Int, overTCP: Bool,
    _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    let kept = batch.text.count
    guard end - start >= DNSMessage.headerLength, isPlausible(name, payload, start),
      let read = DNSMessage.read(
        payload, start, end, dialect(name), overTCP: overTCP, packetNumber: context.packetNumber,
        &batch.text)
    else { return false }
    let message = read.message
    guard read.isWhole || message.questionType != nil || message.answers != nil else {
      batch.text.removeSubrange(kept...)
      return false
    }
    batch.names.append(NameMessage(name: name, message: message, questions: read.questions))
    read.tell(name, context, &batch)
    return true
  }

  private static func dialect(_ name: ProtocolName) -> DNSDialect {
    switch name {
    case .mdns: .multicast
    case .nbns: .netBIOS
    default: .domain
    }
  }

  /// Whether the header at `start` can be of such a message.
  private static func isPlausible(_ name: ProtocolName, _ bytes: RawSpan, _ start: Int) -> Bool {
    guard let flags = bytes.bigEndian(at: start + 2, as: UInt16.self),
      let questions = bytes.bigEndian(at: start + 4, as: UInt16.self),
      let answers = bytes.bigEndian(at: start + 6, as: UInt16.self)
    else { return false }
    let opcode = flags >> 11 & 0x0f
    switch name {
    case .mdns:  // RFC 6762, 18.3: messages with another operation are ignored
      return opcode == 0 && flags & 0x0040 == 0
    case .llmnr:
      // RFC 4795, 2.1.1: one question, always; the bits that mean nothing are passed over.
      return opcode == 0 && questions == 1
    default:  // RFC 1002, 4.2.1.1
      return [0, 5, 6, 7, 8, 9, 15].contains(opcode) && flags & 0x0060 == 0 && questions <= 1
        && questions &+ answers > 0
    }
  }
}

/// A name service each datagram of whose port is a message.
protocol NameService: DatagramApplication {
  static var port: UInt16 { get }
}

extension NameService {
  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    NameMessage.read(name, payload, 0, payload.byteCount, overTCP: false, context, into: &batch)
  }
}

/// RFC 6762, 3.
enum MulticastDNS: NameService {
  static let name = ProtocolName.mdns
  static let port: UInt16 = 5353
}

/// RFC 4795, 2; over TCP as DNS (`DNSStream`).
enum LinkLocalNameResolution: NameService {
  static let name = ProtocolName.llmnr
  static let port: UInt16 = 5355
}

/// RFC 1002, 4.2.
enum NetBIOSNameService: NameService {
  static let name = ProtocolName.nbns
  static let port: UInt16 = 137
}
