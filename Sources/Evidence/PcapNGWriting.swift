// Blocks of a pcapng file, least significant octet first.
//
// A block: type 0..<4, total length 4..<8, body padded to 32 bits, total length again. Options, at
// the end of a body: code 2 octets, length 2 octets, value padded to 32 bits; code 0 ends them.
//
// Source: draft-ietf-opsawg-pcapng, sections 3.1 (blocks), 3.5 (options), 4.1 (section header
// block), 4.2 (interface description block) and 4.3 (enhanced packet block).

/// The section header block that a file begins with: byte-order magic, version 1.0, a length of the
/// section that is not told (-1), options.
enum SectionHeaderBlock {
  static let type: UInt32 = 0x0a0d_0d0a
  private static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

  /// - Parameter application: The program that writes the file (shb_userappl).
  static func octets(application: String) -> [UInt8] {
    var body: [UInt8] = []
    body.add(byteOrderMagic)
    body.add(UInt16(1))
    body.add(UInt16(0))
    body.add(UInt64.max)
    body.addOption(4, Array(application.utf8))
    body.endOptions()
    return .block(type, body)
  }
}

/// An interface description block: link type, 16 bits that are zero, snapshot length, options. Its
/// times are nanoseconds (if_tsresol 9).
struct InterfaceDescriptionBlock: Equatable {
  static let type: UInt32 = 1
  var linkType: UInt16
  /// 0 for no limit.
  var snapLength: UInt32
  /// if_name.
  var name: String
  /// if_description.
  var description: String
  /// Seconds that are added to each time (if_tsoffset): below zero where times lie before 1970.
  var offsetSeconds: Int64

  var octets: [UInt8] {
    var body: [UInt8] = []
    body.add(linkType)
    body.add(UInt16(0))
    body.add(snapLength)
    body.addOption(2, Array(name.utf8))
    body.addOption(3, Array(description.utf8))
    body.addOption(9, [9])
    if offsetSeconds != 0 {
      var offset: [UInt8] = []
      offset.add(UInt64(bitPattern: offsetSeconds))
      body.addOption(14, offset)
    }
    body.endOptions()
    return .block(Self.type, body)
  }
}

/// An enhanced packet block: interface, the upper and the lower half of the time, captured length,
/// length on the wire, the octets padded to 32 bits, options.
enum EnhancedPacketBlock {
  static let type: UInt32 = 6
  /// Where the interface stands in the block.
  static let interface = 8..<12

  /// - Parameters:
  ///   - time: Nanoseconds since the interface's offset.
  ///   - comment: opt_comment.
  static func octets(
    interface: UInt32, time: UInt64, length: UInt32, captured: [UInt8], comment: String
  ) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(captured.count + comment.utf8.count + 40)
    body.add(interface)
    body.add(UInt32(truncatingIfNeeded: time >> 32))
    body.add(UInt32(truncatingIfNeeded: time))
    body.add(UInt32(captured.count))
    body.add(length)
    body += captured
    body.pad()
    body.addOption(1, Array(comment.utf8))
    body.endOptions()
    return .block(type, body)
  }

  /// Makes `block` one of another interface.
  static func setInterface(_ number: UInt32, of block: inout [UInt8]) {
    var octets: [UInt8] = []
    octets.add(number)
    block.replaceSubrange(interface, with: octets)
  }
}

extension [UInt8] {
  fileprivate static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    var block: [UInt8] = []
    block.reserveCapacity(body.count + 12)
    block.add(type)
    block.add(UInt32(body.count + 12))
    block += body
    block.add(UInt32(body.count + 12))
    return block
  }

  fileprivate mutating func pad() {
    while count % 4 != 0 { append(0) }
  }

  /// Adds an option; a value longer than its length can say is cut, between two characters of UTF-8.
  fileprivate mutating func addOption(_ code: UInt16, _ value: [UInt8]) {
    var end = Swift.min(value.count, Int(UInt16.max))
    while end < value.count, end > 0, value[end] & 0xc0 == 0x80 { end -= 1 }
    add(code)
    add(UInt16(end))
    self += value[..<end]
    pad()
  }

  fileprivate mutating func endOptions() { add(UInt32(0)) }
}
