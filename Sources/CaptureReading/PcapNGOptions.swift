/// The options at the end of a pcapng block: code, length, value padded to 32 bits, and so on
/// until code 0 or the end of the body.
///
/// Source: draft-ietf-opsawg-pcapng, section 3.5.
enum PcapNGOptions {
  static let comment: UInt16 = 1

  /// Calls `body` with each option's code and the place of its value in `octets`.
  ///
  /// - Returns: `false` when an option reaches beyond `range`; those before it were seen.
  static func forEach(
    _ octets: RawSpan, in range: Range<Int>, bigEndian: Bool,
    _ body: (_ code: UInt16, _ value: Range<Int>) -> Void
  ) -> Bool {
    var place = range.lowerBound
    while place + 4 <= range.upperBound {
      guard let code: UInt16 = octets.integer(at: place, bigEndian: bigEndian),
        let length: UInt16 = octets.integer(at: place + 2, bigEndian: bigEndian)
      else { return false }
      if code == 0 { return true }
      let value = place + 4..<place + 4 + Int(length)
      guard value.upperBound <= range.upperBound else { return false }
      body(code, value)
      place = padded(value.upperBound, from: range.lowerBound)
    }
    return true
  }

  /// The next place at a multiple of 4 octets from `start`.
  static func padded(_ place: Int, from start: Int) -> Int {
    start + (place - start + 3) / 4 * 4
  }

  /// The text of a value: UTF-8, without the zero octets that some writers end it with.
  static func text(_ octets: RawSpan, _ value: Range<Int>) -> String? {
    var end = value.upperBound
    while end > value.lowerBound, octets.octet(at: end - 1) == 0 { end -= 1 }
    return octets.text(value.lowerBound..<end)
  }

  /// The text of a value, when `allowance` has room for it.
  static func text(
    _ octets: RawSpan, _ value: Range<Int>, _ allowance: inout TextAllowance
  ) -> String? {
    allowance.takes(value.count) ? text(octets, value) : nil
  }
}

extension CaptureSection {
  /// The section that a section header block describes: options from octet 24.
  ///
  /// - Parameters:
  ///   - allowance: Room for its texts.
  ///   - isWellFormed: Whether each option lies inside the block.
  init(
    _ octets: RawSpan, _ block: PcapNGBlock, _ allowance: inout TextAllowance,
    isWellFormed: inout Bool
  ) {
    self.init()
    var section = self
    isWellFormed = PcapNGOptions.forEach(
      octets, in: 24..<max(24, block.bodyEnd), bigEndian: block.isBigEndian
    ) { code, value in
      guard [PcapNGOptions.comment, 2, 3, 4].contains(code),
        let text = PcapNGOptions.text(octets, value, &allowance)
      else { return }
      switch code {
      case 2: section.hardware = text
      case 3: section.operatingSystem = text
      case 4: section.application = text
      default: section.comments.append(text)
      }
    }
    self = section
  }
}

extension CaptureInterface {
  /// The interface that an interface description block describes: link type 8..<10, reserved
  /// 10..<12, snapshot length 12..<16, options.
  ///
  /// - Parameters:
  ///   - clock: Receives how its timestamps count.
  ///   - allowance: Room for its texts.
  ///   - isWellFormed: Whether each option lies inside the block.
  /// - Returns: `nil` when the block is too short.
  init?(
    _ octets: RawSpan, _ block: PcapNGBlock, index: Int32, section: Int32,
    clock: inout TimestampClock, _ allowance: inout TextAllowance, isWellFormed: inout Bool
  ) {
    guard block.bodyEnd >= 16,
      let linkType: UInt16 = octets.integer(at: 8, bigEndian: block.isBigEndian),
      let snapLength: UInt32 = octets.integer(at: 12, bigEndian: block.isBigEndian)
    else { return nil }
    var interface = CaptureInterface(
      index: index, section: section, linkType: Int32(linkType), snapLength: snapLength)
    var (resolution, offset): (UInt8, Int64) = (6, 0)
    isWellFormed = PcapNGOptions.forEach(
      octets, in: 16..<block.bodyEnd, bigEndian: block.isBigEndian
    ) { code, value in
      switch code {
      case 2: interface.name = PcapNGOptions.text(octets, value, &allowance)
      case 3: interface.description = PcapNGOptions.text(octets, value, &allowance)
      case 9 where value.count >= 1:
        resolution = octets.octet(at: value.lowerBound) ?? resolution
      case 11 where value.count >= 1 && octets.octet(at: value.lowerBound) == 0:
        // The first octet is the filter's kind: 0 is text, others are programs.
        interface.filter = PcapNGOptions.text(octets, value.dropFirst(), &allowance)
      case 12: interface.operatingSystem = PcapNGOptions.text(octets, value, &allowance)
      case 14 where value.count == 8:
        let bits: UInt64? = octets.integer(at: value.lowerBound, bigEndian: block.isBigEndian)
        offset = Int64(bitPattern: bits ?? 0)
      case 15: interface.hardware = PcapNGOptions.text(octets, value, &allowance)
      default: break
      }
    }
    clock = TimestampClock(resolution: resolution)
    clock.offsetSeconds = offset
    interface.timestampUnitsPerSecond = clock.unitsPerSecond
    self = interface
  }

  /// Takes over what an interface statistics block says: interface 8..<12, timestamp 12..<20,
  /// options.
  ///
  /// - Returns: Whether each option lies inside the block.
  mutating func update(statistics octets: RawSpan, _ block: PcapNGBlock) -> Bool {
    var updated = self
    let isWellFormed = PcapNGOptions.forEach(
      octets, in: 20..<block.bodyEnd, bigEndian: block.isBigEndian
    ) { code, value in
      guard value.count == 8 else { return }
      let count: UInt64? = octets.integer(at: value.lowerBound, bigEndian: block.isBigEndian)
      switch code {
      case 4: updated.received = count
      case 5: updated.dropped = count
      case 7: updated.osDropped = count
      default: break
      }
    }
    self = updated
    return isWellFormed
  }
}
