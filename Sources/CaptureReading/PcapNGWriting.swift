// Blocks of a pcapng file, least significant octet first.
//
// A block: type 0..<4, total length 4..<8, body padded to 32 bits, total length again. Options, at
// the end of a body: code 2 octets, length 2 octets, value padded to 32 bits; code 0 ends them.
//
// Source: draft-ietf-opsawg-pcapng, sections 3.1 (blocks), 3.5 (options), 4.1 (section header
// block), 4.2 (interface description block), 4.3 (enhanced packet block) and 4.6 (interface
// statistics block).

/// Octets of a pcapng file that are still to be written, block by block.
///
/// ```swift
/// var octets = PcapNGOctets()
/// octets.addSection(CaptureSection(application: "wirecase 0.1.0"))
/// octets.addInterface(linkType: 1, snapLength: 262_144, name: "eth0")
/// ```
///
/// A packet costs no allocation once the memory has grown to what `removeAll` leaves behind.
public struct PcapNGOctets: Sendable {
  /// The blocks that were added since the last `removeAll`.
  public private(set) var octets: [UInt8] = []

  public init() {}

  public var count: Int { octets.count }

  /// Takes memory for that many octets at once.
  public mutating func reserve(_ capacity: Int) { octets.reserveCapacity(capacity) }

  /// Empties it; the memory stays for the blocks that follow.
  public mutating func removeAll() { octets.removeAll(keepingCapacity: true) }

  /// Octets of an enhanced packet block without options.
  ///
  /// - Parameter capturedLength: The packet's octets.
  public static func packetLength(_ capturedLength: Int) -> Int {
    (capturedLength + 3) / 4 * 4 + 32
  }

  /// Octets of an interface statistics block as `addStatistics` makes it.
  public static let statisticsLength = 100

  /// Adds a section header block: byte-order magic, version 1.0, a length of the section that is
  /// not told (-1), options.
  public mutating func addSection(_ section: CaptureSection) {
    let start = begin(PcapNGBlock.sectionHeaderType)
    add(PcapNGBlock.byteOrderMagic)
    add(UInt16(1))
    add(UInt16(0))
    add(UInt64.max)
    for comment in section.comments { addText(PcapNGOptions.comment, comment) }
    addText(2, section.hardware)
    addText(3, section.operatingSystem)
    addText(4, section.application)
    end(start)
  }

  /// Adds an interface description block: link type, 16 bits that are zero, snapshot length,
  /// options.
  ///
  /// - Parameters:
  ///   - linkType: The LINKTYPE_ value.
  ///   - snapLength: 0 for no limit.
  ///   - decimals: Places of a second that its times count in (if_tsresol): 9 for nanoseconds.
  ///   - filter: What packets were chosen by, as text.
  ///   - offsetSeconds: What is added to each time (if_tsoffset): below zero where times lie before
  ///     1970.
  public mutating func addInterface(
    linkType: UInt16, snapLength: UInt32, name: String?, description: String? = nil,
    decimals: UInt8 = 9, filter: String? = nil, operatingSystem: String? = nil,
    offsetSeconds: Int64 = 0
  ) {
    let start = begin(PcapNGBlock.interfaceDescriptionType)
    add(linkType)
    add(UInt16(0))
    add(snapLength)
    addText(2, name)
    addText(3, description)
    addOption(9, [decimals])
    // The first octet of if_filter is the filter's kind: 0 is text.
    if let filter { addOption(11, [0] + Array(filter.utf8)) }
    addText(12, operatingSystem)
    if offsetSeconds != 0 {
      add(UInt16(14))
      add(UInt16(8))
      add(UInt64(bitPattern: offsetSeconds))
    }
    end(start)
  }

  /// Adds an enhanced packet block: interface, the upper and the lower half of the time, captured
  /// length, length on the wire, the packet padded to 32 bits.
  ///
  /// - Parameters:
  ///   - interface: From 0, in the order of `addInterface`.
  ///   - time: In the interface's units since 1970-01-01 UTC.
  ///   - length: Octets on the wire.
  public mutating func addPacket(
    interface: UInt32, time: UInt64, length: UInt32, _ packet: RawSpan
  ) {
    let total = UInt32(truncatingIfNeeded: Self.packetLength(packet.byteCount))
    add(PcapNGBlock.enhancedPacketType)
    add(total)
    add(interface)
    add(UInt32(truncatingIfNeeded: time >> 32))
    add(UInt32(truncatingIfNeeded: time))
    add(UInt32(truncatingIfNeeded: packet.byteCount))
    add(length)
    packet.append(to: &octets)
    pad()
    add(total)
  }

  /// Adds an enhanced packet block with a comment (opt_comment).
  public mutating func addPacket(
    interface: UInt32, time: UInt64, length: UInt32, _ packet: RawSpan, comment: String
  ) {
    let start = octets.count
    addPacket(interface: interface, time: time, length: length, packet)
    // Options stand before the length that ends a block; all lengths are told anew.
    octets.removeLast(4)
    addText(PcapNGOptions.comment, comment)
    end(start)
  }

  /// The interface of a packet's block; `nil` where that is too short for one.
  public static func interface(ofPacketBlock block: [UInt8]) -> UInt32? {
    guard block.count >= packetLength(0) else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(block[8 + $1]) << UInt32(8 * $1) }
  }

  /// Makes a packet's block one of another interface; one that is too short for a packet stays.
  public static func setInterface(_ interface: UInt32, ofPacketBlock block: inout [UInt8]) {
    guard block.count >= packetLength(0) else { return }
    for place in 0..<4 {
      block[8 + place] = UInt8(truncatingIfNeeded: interface >> (8 * UInt32(place)))
    }
  }

  /// What an interface statistics block says.
  public struct Statistics: Equatable, Sendable {
    /// Packets that came in, dropped ones among them (isb_ifrecv).
    public var received: UInt64
    /// Packets that the interface dropped (isb_ifdrop).
    public var dropped: UInt64
    /// Packets that the operating system dropped for want of room (isb_osdrop).
    public var osDropped: UInt64
    /// Packets that the capturing program took (isb_usrdeliv).
    public var delivered: UInt64
    /// When the capture began and ended, in the interface's units (isb_starttime, isb_endtime).
    public var (start, end): (UInt64, UInt64)
  }

  /// Adds an interface statistics block: interface, the time of the end, options.
  public mutating func addStatistics(interface: UInt32, _ statistics: Statistics) {
    let start = begin(PcapNGBlock.interfaceStatisticsType)
    add(interface)
    addTime(statistics.end)
    for (code, time) in [(UInt16(2), statistics.start), (3, statistics.end)] {
      add(code)
      add(UInt16(8))
      addTime(time)
    }
    let counts = [
      (UInt16(4), statistics.received), (5, statistics.dropped), (7, statistics.osDropped),
      (8, statistics.delivered),
    ]
    for (code, count) in counts {
      add(code)
      add(UInt16(8))
      add(count)
    }
    end(start)
  }

  // MARK: - Parts

  /// Begins a block whose length `end` fills in.
  private mutating func begin(_ type: UInt32) -> Int {
    add(type)
    add(UInt32(0))
    return octets.count - 8
  }

  /// Ends a block that has options.
  private mutating func end(_ start: Int) {
    add(UInt32(0))
    let total = UInt32(truncatingIfNeeded: octets.count - start + 4)
    for place in 0..<4 {
      octets[start + 4 + place] = UInt8(truncatingIfNeeded: total >> (8 * UInt32(place)))
    }
    add(total)
  }

  @inline(__always)
  private mutating func add<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
    for place in 0..<MemoryLayout<T>.size {
      octets.append(UInt8(truncatingIfNeeded: value >> T(8 * place)))
    }
  }

  /// A time in a block: its upper half stands first, whatever the order of octets.
  private mutating func addTime(_ time: UInt64) {
    add(UInt32(truncatingIfNeeded: time >> 32))
    add(UInt32(truncatingIfNeeded: time))
  }

  private mutating func addText(_ code: UInt16, _ text: String?) {
    guard let text, !text.isEmpty else { return }
    addOption(code, Array(text.utf8))
  }

  /// Adds an option; a value longer than its length can say is cut between two characters.
  private mutating func addOption(_ code: UInt16, _ value: [UInt8]) {
    var end = min(value.count, Int(UInt16.max))
    while end < value.count, end > 0, value[end] & 0xc0 == 0x80 { end -= 1 }
    add(code)
    add(UInt16(end))
    octets += value[..<end]
    pad()
  }

  /// Pads to 32 bits; every block begins at a multiple of them.
  @inline(__always)
  private mutating func pad() {
    while octets.count & 3 != 0 { octets.append(0) }
  }
}
