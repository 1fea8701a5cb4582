/// What is known of the section that a pcapng reader is in, and of the interfaces before it.
struct PcapNGState {
  /// Where a packet was seen: the little that each packet needs.
  struct Origin {
    var linkType: Int32
    var snapLength: UInt32?
    var clock: TimestampClock
  }
  var isBigEndian = false
  /// The index of the section's first interface among all.
  var firstInterface = 0
  /// All interfaces, by index.
  var origins: [Origin] = []
  var allowances = PcapNGAllowances()
}

/// The blocks of a pcapng file.
///
/// Source: draft-ietf-opsawg-pcapng.
extension CaptureReader {
  /// Checks that the source begins with a section that can be read; takes nothing away.
  func checkFirstSection() throws(ReadingError) {
    let smallest = PcapNGBlock.smallestSectionHeader
    _ = source.require(smallest)
    guard source.available >= smallest else {
      throw .cutHeader(name: source.name, found: source.available, expected: smallest)
    }
    guard let isBigEndian = source.withOctets(smallest, { PcapNGBlock.byteOrder($0) }) else {
      throw .malformedHeader(
        name: source.name, offset: 8, reason: "no byte-order magic 1a2b3c4d of pcapng")
    }
    if let variant = source.withOctets(smallest, { unreadVersion($0, bigEndian: isBigEndian) }) {
      throw .unsupportedVariant(
        name: source.name, variant: variant,
        advice: "Versions 1.0 and 1.2 are known. Ask for the file in one of them.")
    }
  }

  func nextPcapNGPacket(_ body: (RawPacket, RawSpan) throws -> Void) throws -> Bool {
    while !isFinished {
      guard let block = nextBlock() else { return false }
      if block.holdsPacket {
        if try readPacket(block, body) { return true }
        continue
      }
      switch block.type {
      case PcapNGBlock.sectionHeaderType, PcapNGBlock.interfaceDescriptionType,
        PcapNGBlock.nameResolutionType, PcapNGBlock.interfaceStatisticsType:
        readDescription(block)
      default:
        skip(block)
      }
    }
    return false
  }

  /// The head of the next block, which stays in the window; `nil` at the end or where reading had
  /// to stop.
  private func nextBlock() -> PcapNGBlock? {
    let offset = source.position
    guard source.require(PcapNGBlock.smallestLength) else {
      if source.available == 0 {
        finishAtEnd()
      } else {
        stopCut(
          at: offset, packet: nil,
          "a block after packet \(packetNumber) holds \(source.available) of at least "
            + "\(PcapNGBlock.smallestLength) octets")
      }
      return nil
    }
    var isBigEndian = pcapng.isBigEndian
    let (type, order) = source.withOctets(PcapNGBlock.smallestLength) { octets in
      (
        octets.integer(at: 0, bigEndian: isBigEndian, as: UInt32.self) ?? 0,
        PcapNGBlock.byteOrder(octets)
      )
    }
    if type == PcapNGBlock.sectionHeaderType {
      guard let order else {
        stop(
          .malformed, at: offset, packet: nil,
          "the section header block after packet \(packetNumber) has no byte-order magic 1a2b3c4d")
        return nil
      }
      isBigEndian = order
    }
    let length = source.withOctets(8) {
      $0.integer(at: 4, bigEndian: isBigEndian, as: UInt32.self) ?? 0
    }
    let block = PcapNGBlock(
      type: type, length: Int(length), offset: offset, isBigEndian: isBigEndian)
    guard length >= PcapNGBlock.smallestLength, length % 4 == 0 else {
      stop(
        .malformed, at: offset, packet: concerned(block),
        "the \(block.name) after packet \(packetNumber) claims \(length) octets, no multiple of 4 "
          + "from \(PcapNGBlock.smallestLength) on")
      return nil
    }
    return block
  }

  /// The number of the packet in a block that could not be read, when it holds one.
  private func concerned(_ block: PcapNGBlock) -> Int64? {
    block.holdsPacket ? packetNumber + 1 : nil
  }

  /// Whether the block is there to its end, with the same length there; stops the reading if not.
  private func isWhole(_ block: PcapNGBlock) -> Bool {
    guard block.length <= PcapNGBlock.longest else {
      stop(
        .malformed, at: block.offset, packet: concerned(block),
        "the \(block.name) after packet \(packetNumber) claims \(block.length) octets, more than "
          + "the \(PcapNGBlock.longest) that are believed")
      return false
    }
    guard source.require(block.length) else {
      stopCut(
        at: block.offset, packet: concerned(block),
        "the \(block.name) after packet \(packetNumber) holds \(source.available) of "
          + "\(block.length) octets")
      return false
    }
    return hasSameLength(block, at: block.bodyEnd)
  }

  /// Whether the length at octet `place` of the window repeats the one that the block began with.
  private func hasSameLength(_ block: PcapNGBlock, at place: Int) -> Bool {
    let trailer = source.withOctets(place + 4) {
      $0.integer(at: place, bigEndian: block.isBigEndian, as: UInt32.self) ?? 0
    }
    guard trailer != UInt32(block.length) else { return true }
    stop(
      .malformed, at: block.offset, packet: concerned(block),
      "the \(block.name) after packet \(packetNumber) claims \(block.length) octets at its start "
        + "and \(trailer) at its end")
    return false
  }

  /// Passes over a block that says nothing of what is read here.
  private func skip(_ block: PcapNGBlock) {
    let skipped = source.skip(Int64(block.bodyEnd))
    guard source.require(4) else {
      stopCut(
        at: block.offset, packet: nil,
        "the \(block.name) after packet \(packetNumber) holds "
          + "\(skipped + Int64(source.available)) of \(block.length) octets")
      return
    }
    if hasSameLength(block, at: 0) { source.consume(4) }
  }

  /// What a section header says of a version that is not read, or `nil` for one that is.
  private func unreadVersion(_ octets: RawSpan, bigEndian: Bool) -> String? {
    guard let major: UInt16 = octets.integer(at: 12, bigEndian: bigEndian),
      let minor: UInt16 = octets.integer(at: 14, bigEndian: bigEndian)
    else { return "a section header block without a version" }
    // Section 4.1: 1.0 is the version; some writers gave the same format as 1.2.
    return major == 1 && (minor == 0 || minor == 2)
      ? nil : "a pcapng section of version \(major).\(minor)"
  }

  // MARK: Packets

  /// Reads a packet block and hands its packet out; `false` when it has none to hand out.
  private func readPacket(
    _ block: PcapNGBlock, _ body: (RawPacket, RawSpan) throws -> Void
  ) throws -> Bool {
    guard isWhole(block) else { return false }
    defer { source.consume(block.length) }
    packetNumber += 1
    return try source.withOctets(block.length) { octets in
      guard let fields = PcapNGPacketFields(octets, block) else {
        fault(block, "the \(block.name) of packet \(packetNumber) has only \(block.length) octets")
        return false
      }
      let index = pcapng.firstInterface + Int(fields.interface)
      guard index < pcapng.origins.count else {
        fault(
          block,
          "packet \(packetNumber) is of interface \(fields.interface); the section has declared "
            + "\(pcapng.origins.count - pcapng.firstInterface)")
        return false
      }
      let origin = pcapng.origins[index]
      let room = block.bodyEnd - fields.dataStart
      let captured =
        fields.capturedLength.map { Int($0) }
        // Section 4.4: all of the packet, up to the snapshot length; padding fills the block.
        ?? min(Int(min(fields.length, origin.snapLength ?? .max)), room)
      guard captured <= room, captured <= Self.longestPacket else {
        fault(
          block,
          "packet \(packetNumber) claims \(captured) captured octets, and its block has room for "
            + "\(min(room, Self.longestPacket))")
        return false
      }
      let dataEnd = fields.dataStart + captured
      let packet = RawPacket(
        number: packetNumber, timestamp: fields.timestamp.flatMap(origin.clock.nanoseconds),
        offset: block.offset, capturedLength: captured, length: Int64(fields.length),
        interface: Int32(truncatingIfNeeded: index), linkType: origin.linkType)
      guard try handOut(packet, octets, fields.dataStart..<dataEnd, body) else {
        return false
      }
      if let units = fields.timestamp, packet.timestamp == nil {
        note(
          .malformed, at: block.offset, packet: packetNumber,
          "packet \(packetNumber): its timestamp, \(units) units of interface \(fields.interface), "
            + "is beyond 64 bits of nanoseconds from 1970; the packet is kept without a time.")
      }
      let options = PcapNGOptions.padded(dataEnd, from: fields.dataStart)
      if block.type != PcapNGBlock.simplePacketType, options < block.bodyEnd {
        readPacketOptions(octets, options..<block.bodyEnd, block)
      }
      return true
    }
  }

  private func readPacketOptions(_ octets: RawSpan, _ range: Range<Int>, _ block: PcapNGBlock) {
    let fits = PcapNGOptions.forEach(octets, in: range, bigEndian: block.isBigEndian) {
      code, value in
      guard code == PcapNGOptions.comment,
        let text = PcapNGOptions.text(octets, value, &pcapng.allowances.packetComments)
      else { return }
      commentOctets += text.utf8.count + TextAllowance.overhead
      comments.append(PacketComment(packetNumber: packetNumber, text: text))
    }
    if !fits {
      note(
        .malformed, at: block.offset, packet: packetNumber,
        "packet \(packetNumber): an option reaches beyond its block; the packet is kept.")
    }
  }

  /// Records that a packet is left out; `reason` is a sentence without its full stop.
  private func fault(_ block: PcapNGBlock, _ reason: String) {
    note(
      .malformed, at: block.offset, packet: packetNumber,
      "\(reason); the packet is left out, and those after it are read.")
  }

  // MARK: Descriptions

  /// Reads a block that describes the section, an interface or names.
  private func readDescription(_ block: PcapNGBlock) {
    guard isWhole(block) else { return }
    let isWellFormed = source.withOctets(block.length) { octets in
      switch block.type {
      case PcapNGBlock.sectionHeaderType: readSection(octets, block)
      case PcapNGBlock.interfaceDescriptionType: readInterface(octets, block)
      case PcapNGBlock.interfaceStatisticsType: readStatistics(octets, block)
      default: readNames(octets, block)
      }
    }
    if isFinished { return }
    source.consume(block.length)
    if !isWellFormed {
      note(
        .malformed, at: block.offset, packet: nil,
        "the \(block.name) after packet \(packetNumber) contradicts its length of \(block.length) "
          + "octets; what could be read of it is kept.")
    }
  }

  private func readSection(_ octets: RawSpan, _ block: PcapNGBlock) -> Bool {
    if let variant = unreadVersion(octets, bigEndian: block.isBigEndian) {
      stop(.unsupported, at: block.offset, packet: nil, "\(variant) is not read")
      return true
    }
    guard sections.count < Self.mostInterfaces else {
      stop(
        .unsupported, at: block.offset, packet: nil,
        "more than \(Self.mostInterfaces) sections are not read")
      return true
    }
    var isWellFormed = true
    sections.append(
      CaptureSection(octets, block, &pcapng.allowances.descriptions, isWellFormed: &isWellFormed))
    pcapng.isBigEndian = block.isBigEndian
    pcapng.firstInterface = pcapng.origins.count
    return isWellFormed && block.length >= PcapNGBlock.smallestSectionHeader
  }

  private func readInterface(_ octets: RawSpan, _ block: PcapNGBlock) -> Bool {
    guard interfaces.count < Self.mostInterfaces else {
      stop(
        .unsupported, at: block.offset, packet: nil,
        "more than \(Self.mostInterfaces) interfaces are not read")
      return true
    }
    var clock = TimestampClock.microseconds
    var isWellFormed = true
    guard
      let interface = CaptureInterface(
        octets, block, index: Int32(truncatingIfNeeded: interfaces.count),
        section: Int32(truncatingIfNeeded: sections.count - 1), clock: &clock,
        &pcapng.allowances.descriptions, isWellFormed: &isWellFormed)
    else {
      // Without it the later interfaces would be counted wrongly.
      stop(
        .malformed, at: block.offset, packet: nil,
        "the \(block.name) after packet \(packetNumber) has only \(block.length) octets")
      return true
    }
    interfaces.append(interface)
    pcapng.origins.append(
      .init(linkType: interface.linkType, snapLength: interface.snapLength, clock: clock))
    return isWellFormed
  }

  private func readStatistics(_ octets: RawSpan, _ block: PcapNGBlock) -> Bool {
    guard block.bodyEnd >= 20,
      let identifier: UInt32 = octets.integer(at: 8, bigEndian: block.isBigEndian)
    else { return false }
    let index = pcapng.firstInterface + Int(identifier)
    guard interfaces.indices.contains(index) else { return false }
    return interfaces[index].update(statistics: octets, block)
  }

  private func readNames(_ octets: RawSpan, _ block: PcapNGBlock) -> Bool {
    PcapNGNames.forEach(octets, block, &pcapng.allowances.names) { resolution in
      nameOctets += resolution.name.utf8.count + TextAllowance.overhead
      names.append(resolution)
    }
  }
}
