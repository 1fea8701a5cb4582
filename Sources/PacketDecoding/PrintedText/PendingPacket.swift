/// A printed packet whose lines are being collected: the text that joins them.
struct PendingPacket: Sendable {
  private(set) var octets: [UInt8]
  /// Where the text begins to say what the packet is, behind the time.
  let contentStart: Int
  let time: PrintedTimestamp
  let firstLine: Int64
  var lastLine: Int64
  /// Octets before the first line in the capture.
  let offset: Int64
  private(set) var lines: [PrintedPacketDecoder.PhysicalLine]
  /// Whether the lines behind it are its octets in ASCII, `-A`.
  private(set) var isFollowedByASCII = false

  init(
    _ octets: [UInt8], contentStart: Int, time: PrintedTimestamp, line: Int64, offset: Int64
  ) {
    (self.octets, self.contentStart, self.time) = (octets, contentStart, time)
    (firstLine, lastLine, self.offset) = (line, line, offset)
    lines = [.init(start: 0, number: line, offset: offset)]
  }

  /// Joins another line, without its indentation, by a blank.
  mutating func append(_ line: [UInt8], line number: Int64, offset: Int64, limit: Int) {
    lastLine = number
    guard !isFollowedByASCII, octets.count < limit else { return }
    let indentation = line.prefix(while: PrintedText.isBlank).count
    octets.append(UInt8(ascii: " "))
    lines.append(
      .init(start: octets.count, number: number, offset: offset &+ Int64(indentation)))
    octets.append(contentsOf: line.dropFirst(indentation).prefix(limit))
  }

  /// Joins a line that is not indented: the rest of one that was broken.
  ///
  /// Behind a text that is complete nothing can be broken off. There, and where the line looks
  /// like it, begin the packet's octets in ASCII, which are left out.
  ///
  /// - Parameter expectsASCII: Whether such octets followed other packets of the capture.
  /// - Returns: `false` when the line belongs to nothing.
  mutating func appendBroken(
    _ line: [UInt8], line number: Int64, offset: Int64, limit: Int, expectsASCII: Bool
  ) -> Bool {
    if isFollowedByASCII || Self.looksLikeASCII(line) || expectsASCII && isComplete {
      isFollowedByASCII = true
      lastLine = number
      return true
    }
    if isComplete { return false }
    append(line, line: number, offset: offset, limit: limit)
    return true
  }

  /// Whether a line is an IP datagram's first octets in ASCII: version and header length are `E`
  /// or `` ` ``, or there is a link-level header before them; octets that are no ASCII are dots,
  /// and an IP header has some in a row. Nothing else begins with a `` ` ``, and a flow label may
  /// hold a line feed just behind it.
  private static func looksLikeASCII(_ line: [UInt8]) -> Bool {
    guard let first = line.first else { return false }
    if first == UInt8(ascii: "`") { return true }
    guard first == UInt8(ascii: "E") || first == UInt8(ascii: ".") || line.count >= 14
    else { return false }
    let dot = UInt8(ascii: ".")
    return zip(line, line.dropFirst()).prefix(64).contains { $0 == dot && $1 == dot }
  }

  /// Octets at the end of a text that are looked at for a number: tcpdump prints none of more than
  /// ten digits there, and a text of digits alone would be looked through for each line behind it.
  private static let longestNumber = 16

  /// Whether the text ends as the last line of most packets does: `length 20`, or DNS's `(24)`.
  private var isComplete: Bool {
    var index = octets.count
    let closes = octets.last == UInt8(ascii: ")")
    if closes { index -= 1 }
    let digitsEnd = index
    let lowest = max(0, index - Self.longestNumber)
    while index > lowest, PrintedText.isDigit(octets[index - 1]) { index -= 1 }
    guard index > 0, index < digitsEnd else { return false }
    if closes { return octets[index - 1] == UInt8(ascii: "(") }
    return octets[..<index].suffix(7).elementsEqual("length ".utf8)
  }

  /// Whether the text ends with the identifier of a virtual network, behind which tcpdump begins
  /// a line for the frame or datagram that the packet encapsulates: VXLAN, Geneve.
  var awaitsEncapsulated: Bool {
    var index = octets.count
    let lowest = max(0, index - Self.longestNumber)
    while index > lowest, octets[index - 1] != UInt8(ascii: " ") { index -= 1 }
    return index < octets.count && octets[..<index].suffix(5).elementsEqual(" vni ".utf8)
  }
}
