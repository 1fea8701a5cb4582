extension PacketDecoder {
  /// An IEEE 802.11 frame. Data frames that are neither encrypted nor put together of several hold an
  /// LLC header. Of management frames the addresses are kept, of control frames nothing.
  ///
  /// Frame control (16 bits, least significant octet first: version in bits 0 and 1, type in 2 and 3,
  /// subtype in 4 to 7, then the flags), duration (16), three addresses, sequence control (16); a fourth
  /// address between distribution systems; QoS control (16) in subtypes from 8 up, and then, with the
  /// order flag, HT control (32).
  ///
  /// Source: IEEE 802.11-2020, 9.2.4, 9.3.2.1 and 9.3.3.1; LINKTYPE_IEEE802_11.
  ///
  /// - Parameter isPadded: Whether the header is filled up to a multiple of 4 octets.
  mutating func decodeIEEE80211(
    _ bytes: RawSpan, at start: Int, isPadded: Bool, _ batch: inout RecordBatch
  ) {
    guard let control = bytes.octet(at: start), let flags = bytes.octet(at: start + 1) else {
      return missing(
        .wlan, at: start, "octets of the 802.11 header", found: bytes.byteCount - start,
        expected: 2, &batch)
    }
    record.protocolReached = .wlan
    if control & 0b1100 == Self.managementFrame {
      // Destination and source are the first two: IEEE 802.11-2020, 9.3.3.1.
      return keepLinkAddresses(bytes.eui48(at: start + 10), bytes.eui48(at: start + 4))
    }
    guard control & 0b1100 == Self.dataFrame else { return }
    let (toSystem, fromSystem) = (flags & 0x01 != 0, flags & 0x02 != 0)
    let isQoS = control & 0x80 != 0
    let length =
      24 + (toSystem && fromSystem ? 6 : 0) + (isQoS ? 2 : 0)
      + (isQoS && flags & 0x80 != 0 ? 4 : 0)
    guard bytes.byteCount - start >= length else {
      return missing(
        .wlan, at: start, "octets of the 802.11 header", found: bytes.byteCount - start,
        expected: length, &batch)
    }
    // Which address is whose: IEEE 802.11-2020, table 9-60.
    keepLinkAddresses(
      bytes.eui48(at: start + (!fromSystem ? 10 : toSystem ? 24 : 16)),
      bytes.eui48(at: start + (toSystem ? 16 : 4)))
    let holdsNothing = control & 0x40 != 0
    let isEncrypted = flags & 0x40 != 0
    let quality = isQoS ? bytes.octet(at: start + (toSystem && fromSystem ? 30 : 24)) ?? 0 : 0
    let isOfSeveral = quality & 0x80 != 0
    guard !holdsNothing, !isEncrypted, !isOfSeveral else { return }
    decodeLLC(bytes, at: start + (isPadded ? (length + 3) / 4 * 4 : length), &batch)
  }

  private static let managementFrame: UInt8 = 0b0000
  private static let dataFrame: UInt8 = 0b1000

  /// What a radio tells of a frame, and the frame: version (8 bits), padding (8), length (16) and the
  /// fields that are present (32 bits, and as many more as their highest bits say), least significant
  /// octet first. Of the fields only the flags matter, behind a time stamp of 8 aligned octets.
  ///
  /// Source: https://www.radiotap.org; LINKTYPE_IEEE802_11_RADIOTAP.
  mutating func decodeRadiotap(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let length = bytes.bigEndian(at: start + 2, as: UInt16.self)?.byteSwapped,
      let present = bytes.bigEndian(at: start + 4, as: UInt32.self)?.byteSwapped
    else {
      return missing(
        .radiotap, at: start, "octets of the radiotap header",
        found: bytes.byteCount - start, expected: 8, &batch)
    }
    record.protocolReached = .radiotap
    guard length >= 8 else {
      return fault(
        .malformed, .radiotap, at: start + 2, "length of the radiotap header", found: Int(length),
        expected: 8, &batch)
    }
    let end = start + Int(length)
    var (offset, word) = (start + 8, present)
    while word & 1 << 31 != 0, offset + 4 <= end,
      let next = bytes.bigEndian(at: offset, as: UInt32.self)?.byteSwapped
    {
      (offset, word) = (offset + 4, next)
    }
    if present & 0x01 != 0 { offset += (start - offset) & 7 + 8 }
    let flags = present & 0x02 != 0 && offset < end ? bytes.octet(at: offset) ?? 0 : 0
    decodeIEEE80211(bytes, at: end, isPadded: flags & 0x20 != 0, &batch)
  }
}
