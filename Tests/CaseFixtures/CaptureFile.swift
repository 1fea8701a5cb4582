import Foundation

/// A pcap file made packet by packet: nanoseconds (magic a1b23c4d), least significant octet
/// first, LINKTYPE_ETHERNET. Source: draft-ietf-opsawg-pcap.
public struct CaptureFile: Sendable {
  /// 2026-11-24T12:00:00Z in nanoseconds: `date -u -d 2026-11-24T12:00:00Z +%s`.
  public static let noon: Int64 = 1_795_521_600_000_000_000

  var records: [(time: Int64, octets: [UInt8])] = []

  public init() {}

  /// Packets so far.
  public var count: Int { records.count }

  /// Adds a packet.
  ///
  /// - Parameters:
  ///   - milliseconds: After noon.
  ///   - microseconds: After those.
  public mutating func add(_ milliseconds: Int64, _ frame: Frame, microseconds: Int64 = 0) {
    records.append(
      (Self.noon + milliseconds * 1_000_000 + microseconds * 1000, frame.octets))
  }

  /// The file.
  public var octets: [UInt8] { Self.file(records) }

  /// The file, of whose packets so many octets were kept at the most.
  public func octets(keeping count: Int) -> [UInt8] { Self.file(records, keeping: count) }

  /// The file's first `count` packets, and the others, each as a file of its own.
  public func cut(after count: Int) -> (CaptureFile, CaptureFile) {
    var (head, tail) = (self, self)
    head.records = Array(records.prefix(count))
    tail.records = Array(records.dropFirst(count))
    return (head, tail)
  }

  private static func file(
    _ records: [(time: Int64, octets: [UInt8])], keeping most: Int = .max
  ) -> [UInt8] {
    var file = little(0xa1b2_3c4d, 4) + little(2, 2) + little(4, 2) + little(0, 8)
    file += little(262_144, 4) + little(1, 4)
    for (time, octets) in records {
      file += little(time / 1_000_000_000, 4) + little(time % 1_000_000_000, 4)
      let kept = octets.prefix(most)
      file += little(Int64(kept.count), 4) + little(Int64(octets.count), 4) + kept
    }
    return file
  }

  private static func little(_ value: Int64, _ count: Int64) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}

/// The bytes of a classic pcap file with least significant octets first, cut in two at a packet.
///
/// - Returns: The file's header with its first `count` packets, and with the others; `nil` when
///   the file has another form, or not that many packets.
public func cutPcap(_ file: [UInt8], after count: Int) -> ([UInt8], [UInt8])? {
  guard file.count >= 24, [0xd4, 0x4d].contains(file[0]) else { return nil }
  var offset = 24
  for _ in 0..<count {
    guard offset + 16 <= file.count else { return nil }
    let length = file[offset + 8..<offset + 12].reversed().reduce(0) { $0 << 8 | Int($1) }
    offset += 16 + length
  }
  guard offset <= file.count else { return nil }
  return (Array(file[..<offset]), Array(file[..<24] + file[offset...]))
}

/// The bytes of a classic pcap file with least significant octets first, each packet later.
///
/// - Parameter nanoseconds: A whole number of microseconds.
/// - Returns: `nil` when the file has another form.
public func delayPcap(_ file: [UInt8], by nanoseconds: Int64) -> [UInt8]? {
  guard file.count >= 24, [0xd4, 0x4d].contains(file[0]) else { return nil }
  let unit: Int64 = file[0] == 0xd4 ? 1000 : 1
  func number(_ offset: Int) -> Int64 {
    file[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int64($1) }
  }
  var delayed = file
  var offset = 24
  while offset + 16 <= file.count {
    let time = number(offset) * 1_000_000_000 + number(offset + 4) * unit + nanoseconds
    let (seconds, rest) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
    for index in 0..<4 {
      delayed[offset + index] = UInt8(truncatingIfNeeded: seconds >> Int64(8 * index))
      delayed[offset + 4 + index] = UInt8(truncatingIfNeeded: (rest / unit) >> Int64(8 * index))
    }
    offset += 16 + Int(number(offset + 8))
  }
  return delayed
}
