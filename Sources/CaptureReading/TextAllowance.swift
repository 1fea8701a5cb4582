/// How much text of one kind a capture may bring beside its packets: what fits is kept, what does
/// not is counted. A capture that somebody made to fill memory has gigabytes of it in a few
/// megabytes, compressed.
struct TextAllowance {
  /// Octets that every piece counts for besides its own: about what holding it takes.
  static let overhead = 32

  /// What the pieces are called in the fault that counts them.
  let name: String
  /// Octets that are kept.
  let limit: Int
  private(set) var used = 0
  private(set) var leftOut: Int64 = 0

  init(_ name: String, limit: Int) { (self.name, self.limit) = (name, limit) }

  /// Whether a piece of `octets` still fits; it is counted either way. A long piece that does not
  /// fit leaves the room to shorter ones.
  mutating func takes(_ octets: Int) -> Bool {
    let needed = octets + Self.overhead
    guard needed <= limit - used else {
      leftOut += 1
      return false
    }
    used += needed
    return true
  }
}

/// What a pcapng file may say beside its packets.
///
/// Honest files stay far below: a comment on each of a million packets, as some converters write
/// the number of the sending process, is 40 MB with what holding it takes.
struct PcapNGAllowances {
  /// On packets: these go to the case as their packets do, so that the limit saves the disk.
  var packetComments = TextAllowance("comments on packets", limit: 64 << 20)
  /// On sections, and the texts that describe machines and interfaces: kept until the end.
  var descriptions = TextAllowance("descriptions and comments of sections", limit: 16 << 20)
  /// Of addresses.
  var names = TextAllowance("names of addresses", limit: 16 << 20)

  /// The faults to record at the end, one for each kind of which something was left out.
  var messages: [String] {
    [packetComments, descriptions, names].filter { $0.leftOut > 0 }.map { kind in
      "\(kind.leftOut) \(kind.name) are left out: more than the \(kind.limit) octets that are kept."
    }
  }
}
