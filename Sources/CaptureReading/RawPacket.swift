/// What a capture says of one packet besides its octets.
public struct RawPacket: Equatable, Sendable {
  /// Its place among all packets of the capture, from 1; a filter leaves gaps.
  public var number: Int64
  /// Nanoseconds since 1970-01-01 UTC, finer units cut off; `nil` when the capture gives none (a
  /// simple packet block) or one beyond what 64 bits hold, from 1677 to 2262.
  public var timestamp: Int64?
  /// Octets from the start of the capture, decompressed, to the packet's record or block.
  public var offset: Int64
  /// Octets that the capture holds.
  public var capturedLength: Int
  /// Octets on the wire, as the capture says; fewer than `capturedLength` where it contradicts
  /// itself.
  public var length: Int64
  /// The index in `CaptureReader.interfaces` of where the packet was seen.
  public var interface: Int32
  /// The LINKTYPE_ value, as in the file: www.tcpdump.org/linktypes.html.
  public var linkType: Int32
  /// The number of a packet at most 1 ms before on the same interface whose octets are all the same:
  /// the first of several. `nil` for none among the last 64 KiB of the capture.
  public var repeats: Int64?

  /// A packet that is seen elsewhere than in a file, such as on an interface.
  public init(
    number: Int64, timestamp: Int64?, offset: Int64, capturedLength: Int, length: Int64,
    interface: Int32, linkType: Int32
  ) {
    (self.number, self.timestamp, self.offset) = (number, timestamp, offset)
    (self.capturedLength, self.length) = (capturedLength, length)
    (self.interface, self.linkType) = (interface, linkType)
  }
}

/// One physical line of a printed capture.
public struct PrintedLine: Equatable, Sendable {
  /// The line without its line feed, or carriage return and line feed; octets that are not UTF-8
  /// are U+FFFD.
  public var text: String
  /// From 1.
  public var number: Int64
  /// Octets from the start of the capture, decompressed, to the line.
  public var offset: Int64
}
