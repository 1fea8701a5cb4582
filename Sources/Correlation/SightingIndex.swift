/// Finds the slot of what is kept of a packet by its identity.
///
/// Millions of packets are looked for, put in and taken out again: open addressing in one array, where a
/// removal closes the gap, costs a third of a dictionary that is emptied as it is filled. Identities are
/// made of octets off the wire; the hash is mixed with numbers drawn for each process, so that nobody
/// can choose packets that are all found in one place.
struct SightingIndex: Sendable {
  private struct Entry {
    var hash: UInt32 = 0
    /// -1 for none.
    var slot: Int32 = -1
  }

  private static let secrets: (UInt64, UInt64, UInt64, UInt64) = (
    .random(in: 0 ... .max), .random(in: 0 ... .max), .random(in: 0 ... .max),
    .random(in: 0 ... .max)
  )

  private let secrets = Self.secrets
  private var entries = [Entry](repeating: Entry(), count: 1024)
  private(set) var count = 0

  /// The hash of an identity, in this process.
  @inline(__always)
  func hash(_ identity: PacketIdentity) -> UInt32 {
    let marks = identity.marks
    let one = Self.mix(
      UInt64(bitPattern: identity.conversation) ^ secrets.0,
      UInt64(bitPattern: marks.content) ^ secrets.1)
    let other = Self.mix(
      UInt64(bitPattern: marks.datagram) ^ secrets.2,
      UInt64(bitPattern: marks.segment &<< 24 ^ marks.message) ^ secrets.3)
    let both = Self.mix(one ^ (identity.isFromLower ? secrets.2 : secrets.3), other ^ secrets.0)
    return UInt32(truncatingIfNeeded: both ^ both >> 32)
  }

  /// Both halves of a product, which each bit of both numbers changes.
  @inline(__always)
  private static func mix(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let product = one.multipliedFullWidth(by: other)
    return product.high ^ product.low
  }

  /// The slot that was put in with that hash and fulfils `isEqual`.
  @inline(__always)
  func slot(_ hash: UInt32, where isEqual: (Int32) -> Bool) -> Int32? {
    var place = Int(hash) & (entries.count - 1)
    while entries[place].slot >= 0 {
      let entry = entries[place]
      if entry.hash == hash, isEqual(entry.slot) { return entry.slot }
      place = (place + 1) & (entries.count - 1)
    }
    return nil
  }

  /// Puts in a slot that is not there.
  mutating func insert(_ slot: Int32, _ hash: UInt32) {
    if count * 2 >= entries.count { grow() }
    place(Entry(hash: hash, slot: slot))
    count += 1
  }

  private mutating func place(_ entry: Entry) {
    var place = Int(entry.hash) & (entries.count - 1)
    while entries[place].slot >= 0 { place = (place + 1) & (entries.count - 1) }
    entries[place] = entry
  }

  private mutating func grow() {
    let old = entries
    entries = [Entry](repeating: Entry(), count: old.count * 2)
    for entry in old where entry.slot >= 0 { place(entry) }
  }

  /// Takes a slot out that was put in with that hash.
  mutating func remove(_ slot: Int32, _ hash: UInt32) {
    let mask = entries.count - 1
    var gap = Int(hash) & mask
    while entries[gap].slot != slot {
      guard entries[gap].slot >= 0 else { return }
      gap = (gap + 1) & mask
    }
    count -= 1
    // What stands behind moves up, unless it would come before the place that it belongs to.
    var next = (gap + 1) & mask
    while entries[next].slot >= 0 {
      let home = Int(entries[next].hash) & mask
      if (next &- home) & mask >= (next &- gap) & mask {
        entries[gap] = entries[next]
        gap = next
      }
      next = (next + 1) & mask
    }
    entries[gap] = Entry()
  }
}
