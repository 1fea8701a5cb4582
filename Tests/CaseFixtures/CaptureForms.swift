/// Octets put together in either order.
private struct Integers {
  var octets: [UInt8] = []
  var isBigEndian: Bool

  mutating func add(_ value: UInt64, _ count: Int) {
    let shifts = (0..<count).map { UInt64(8 * (isBigEndian ? count - 1 - $0 : $0)) }
    octets += shifts.map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  mutating func pad() { while octets.count % 4 != 0 { octets.append(0) } }
}

extension CaptureFile {
  /// The packets as a pcap file of any form: draft-ietf-opsawg-pcap.
  ///
  /// - Parameters:
  ///   - hasNanoseconds: Else microseconds, magic a1b2c3d4.
  ///   - cut: The most octets that are kept of a packet.
  public func pcap(isBigEndian: Bool, hasNanoseconds: Bool, cut: Int = .max) -> [UInt8] {
    var file = Integers(isBigEndian: isBigEndian)
    file.add(hasNanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4, 4)
    file.add(2, 2)
    file.add(4, 2)
    file.add(0, 8)
    file.add(65_535, 4)
    file.add(1, 4)
    for (time, octets) in records {
      file.add(UInt64(time / 1_000_000_000), 4)
      file.add(UInt64(time % 1_000_000_000 / (hasNanoseconds ? 1 : 1000)), 4)
      file.add(UInt64(min(cut, octets.count)), 4)
      file.add(UInt64(octets.count), 4)
      file.octets += octets.prefix(cut)
    }
    return file.octets
  }

  /// A capture of `count` packets of a thousand octets and more, which differ.
  public static func large(_ count: Int) -> CaptureFile {
    var capture = CaptureFile()
    for number in 0..<count {
      let payload = (0..<1_000).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0 &* $0) }
      capture.add(
        Int64(number), .udp(Endpoint("192.0.2.1", 9), Endpoint("192.0.2.2", 9), payload))
    }
    return capture
  }

  /// Makes every packet later by some nanoseconds.
  public mutating func delay(by nanoseconds: Int64) {
    for index in records.indices { records[index].time += nanoseconds }
  }

  /// The octets of each packet.
  public var packets: [[UInt8]] { records.map(\.octets) }
}

/// A pcapng file made block by block: draft-ietf-opsawg-pcapng.
public struct PcapNGFile {
  private var file: Integers

  /// Begins a section.
  public init(isBigEndian: Bool = false) {
    file = Integers(isBigEndian: isBigEndian)
    block(0x0a0d_0d0a) {
      $0.add(0x1a2b_3c4d, 4)
      $0.add(1, 2)
      $0.add(0, 2)
      $0.add(.max, 8)
    }
  }

  public var octets: [UInt8] { file.octets }

  /// Adds an interface whose times are nanoseconds.
  ///
  /// - Parameters:
  ///   - linkType: LINKTYPE_ value: 1 Ethernet, 101 raw IP.
  ///   - offsetSeconds: What is added to each time (if_tsoffset).
  public mutating func interface(linkType: UInt64, name: String, offsetSeconds: Int64 = 0) {
    block(1) {
      $0.add(linkType, 2)
      $0.add(0, 2)
      $0.add(0, 4)
      $0.add(2, 2)
      $0.add(UInt64(name.utf8.count), 2)
      $0.octets += Array(name.utf8)
      $0.pad()
      $0.add(9, 2)
      $0.add(1, 2)
      $0.octets += [9, 0, 0, 0]
      $0.add(14, 2)
      $0.add(8, 2)
      $0.add(UInt64(bitPattern: offsetSeconds), 8)
      $0.add(0, 4)
    }
  }

  /// Adds a packet in an enhanced packet block.
  ///
  /// - Parameters:
  ///   - time: Nanoseconds.
  ///   - comment: opt_comment.
  public mutating func packet(
    interface: UInt64, time: Int64, _ octets: [UInt8], comment: String? = nil
  ) {
    block(6) {
      $0.add(interface, 4)
      $0.add(UInt64(time) >> 32, 4)
      $0.add(UInt64(time) & 0xffff_ffff, 4)
      $0.add(UInt64(octets.count), 4)
      $0.add(UInt64(octets.count), 4)
      $0.octets += octets
      $0.pad()
      if let comment {
        $0.add(1, 2)
        $0.add(UInt64(comment.utf8.count), 2)
        $0.octets += Array(comment.utf8)
        $0.pad()
        $0.add(0, 4)
      }
    }
  }

  /// Adds a packet of the first interface in a simple packet block, which says no time.
  public mutating func simplePacket(_ octets: [UInt8]) {
    block(3) {
      $0.add(UInt64(octets.count), 4)
      $0.octets += octets
      $0.pad()
    }
  }

  /// Adds a name resolution block: names of IPv4 addresses, 10.0.0.0 and those behind it.
  public mutating func names(_ names: [String]) {
    block(4) {
      for (index, name) in names.enumerated() {
        $0.add(1, 2)
        $0.add(UInt64(4 + name.utf8.count + 1), 2)
        $0.octets += [
          10, 0, UInt8(truncatingIfNeeded: index >> 8), UInt8(truncatingIfNeeded: index),
        ]
        $0.octets += Array(name.utf8) + [0]
        $0.pad()
      }
      $0.add(0, 4)
    }
  }

  private mutating func block(_ type: UInt64, _ body: (inout Integers) -> Void) {
    var inner = Integers(isBigEndian: file.isBigEndian)
    body(&inner)
    let length = UInt64(inner.octets.count + 12)
    file.add(type, 4)
    file.add(length, 4)
    file.octets += inner.octets
    file.add(length, 4)
  }
}
