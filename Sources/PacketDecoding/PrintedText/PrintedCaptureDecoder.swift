/// Decodes what tcpdump printed, a line at a time.
///
/// A packet is its first line and all lines behind it up to the next packet's: details of `-v`,
/// octets of `-x`, `-X` and `-A`, and the rest of lines that an editor or a document broke, which
/// are joined by a blank. Its records go to the batch when the next packet begins, or at `finish`.
///
/// ```swift
/// var decoder = PrintedCaptureDecoder(options: .init())
/// for line in lines { decoder.decode(line: …, number: …, offset: …, into: &batch) }
/// decoder.finish(into: &batch)
/// ```
///
/// What a line does not say is `nil` in its records. A line that is no part of a packet is a
/// fault, kind `notUnderstood`, of packet 0, at its octet in the capture, which names the line;
/// the first `mostListedLines` are listed, and `finish` tells how many more there were. So is
/// what a packet's line says without being understood, under the packet's number.
public struct PrintedCaptureDecoder: Sendable {
  /// What the text does not say of its times.
  public struct Options: Sendable {
    /// Midnight of the first line's day, where it was printed, in nanoseconds since 1970-01-01 UTC;
    /// times of day count from it. `nil`: a clock stays a clock.
    public var firstDayStart: Int64?
    /// How far the clock of printed dates (`-tttt`) is ahead of UTC, in seconds.
    public var secondsEastOfUTC: Int32
    /// Year, month, day, hour, minute and second of a printed date to nanoseconds since 1970-01-01
    /// UTC, for zones whose clocks change; `secondsEastOfUTC` counts when there is none.
    public var instant: (@Sendable (Int, Int, Int, Int, Int, Int) -> Int64?)?
    /// Packets after which none is decoded.
    public var packetLimit: Int64?

    public init(
      firstDayStart: Int64? = nil, secondsEastOfUTC: Int32 = 0,
      instant: (@Sendable (Int, Int, Int, Int, Int, Int) -> Int64?)? = nil
    ) {
      (self.firstDayStart, self.secondsEastOfUTC) = (firstDayStart, secondsEastOfUTC)
      self.instant = instant
    }
  }

  /// What a capture's timestamps count from.
  public enum TimeBasis: String, Sendable {
    /// 1970-01-01 UTC: the lines print dates (`-tttt`) or seconds (`-tt`), or the options give
    /// the day.
    case utc
    /// Midnight before the first line. Each clock that goes back by more than twelve hours is
    /// another midnight; times go on growing.
    case clock
    /// The first packet: `-ttttt` prints that, and the differences of `-ttt` add up to it.
    case relative
    /// The lines have no times (`-t`), or none have been read.
    case none
  }

  private let packetLimit: Int64
  private var packet = PrintedPacketDecoder()
  private var clock: PrintedClock
  /// The packet whose lines are being collected.
  private var pending: PendingPacket?
  /// The first packets of a capture of differences, until they tell of which kind.
  private var held: [PendingPacket] = []
  private var isHolding = false
  /// Whether the capture's first packet had no time, so that others may have none.
  private var isUntimed: Bool?
  /// Whether packets are followed by their octets in ASCII.
  private var hasASCII = false

  /// The packets that were decoded: those that were held back are counted when they are.
  public private(set) var packetCount: Int64 = 0
  /// Whether the packets that were asked for are decoded, so that further lines say nothing.
  ///
  /// A capture of differences is read up to its 64th packet all the same: fewer do not tell of
  /// which kind the differences are.
  public var isFull: Bool { packetCount >= packetLimit }
  /// The host names that the lines use instead of addresses.
  public var names: HostNames { packet.names }
  /// As the lines that were read established it.
  public var timeBasis: TimeBasis { clock.basis }
  /// Whether the lines print seconds since 1970 (`-tt`), which no zone changes.
  public var printsEpoch: Bool { clock.isEpoch }

  /// Packets that are held back at most, and octets kept of one packet's text: enough for any
  /// that tcpdump prints without the octets themselves.
  private static let heldPackets = 64, longestText = 16 * 1024

  /// The most lines of a capture that are listed as no part of a packet, one by one: whoever looks
  /// knows by then that the text is something else. The others are counted, since a text of a few
  /// hundred kilobytes, compressed, may hold millions of them.
  public static let mostListedLines = 1_000

  /// Lines that are no part of a packet, and where the first that is not listed begins.
  private var strayLines: Int64 = 0
  private var firstUnlisted: Int64 = 0

  public init(options: Options) {
    clock = PrintedClock(options: options)
    packetLimit = options.packetLimit ?? .max
  }

  /// Reads one line, and appends the records of the packet before it when it begins another.
  ///
  /// - Parameters:
  ///   - line: Without its line feed.
  ///   - number: From 1.
  ///   - offset: Octets before the line in the capture.
  public mutating func decode(
    line: String, number: Int64, offset: Int64, into batch: inout RecordBatch
  ) {
    var octets = Array(line.utf8)
    while let last = octets.last, PrintedText.isBlank(last) || last == 0x0d || last == 0x0a {
      octets.removeLast()
    }
    let text = PrintedText(octets)
    // Without times, what is encapsulated prints as a packet would, below its network's identifier.
    let canBegin = isUntimed != false && pending?.awaitsEncapsulated != true
    switch PrintedLine(text, untimed: canBegin) {
    case .blank, .notice: break
    case .packet(let time, let contentStart):
      flush(into: &batch)
      if isUntimed == nil { isUntimed = time == .missing }
      pending = PendingPacket(
        octets, contentStart: contentStart, time: time, line: number, offset: offset)
    case .hexadecimalDump:
      if pending == nil { return notUnderstood(number, offset, &batch) }
      pending?.lastLine = number
    case .detail:
      if pending == nil { return notUnderstood(number, offset, &batch) }
      pending?.append(octets, line: number, offset: offset, limit: Self.longestText)
    case .other:
      let isPart = pending?.appendBroken(
        octets, line: number, offset: offset, limit: Self.longestText, expectsASCII: hasASCII)
      if isPart != true { notUnderstood(number, offset, &batch) }
      hasASCII = hasASCII || pending?.isFollowedByASCII == true
    }
  }

  /// Appends the records of the last packet, of those that were held back, and how many faults
  /// were not listed. No line may follow.
  public mutating func finish(into batch: inout RecordBatch) {
    flush(into: &batch)
    release(into: &batch)
    let unlisted = strayLines - Int64(Self.mostListedLines)
    if unlisted > 0 {
      batch.faults.append(
        DecodingFault(
          packetNumber: 0, kind: .notUnderstood, layer: .frame,
          offset: firstUnlisted,
          reason: "more lines are no packet and no part of one, and not listed", found: unlisted))
    }
    if names.refusals > 0 {
      batch.faults.append(
        DecodingFault(
          packetNumber: 0, kind: .notUnderstood, layer: .frame, offset: 0,
          reason: "times a host's name is left out: the capture has more names than are kept",
          found: names.refusals))
    }
  }

  private mutating func notUnderstood(_ line: Int64, _ offset: Int64, _ batch: inout RecordBatch) {
    strayLines += 1
    guard strayLines <= Self.mostListedLines else {
      if strayLines == Int64(Self.mostListedLines) + 1 { firstUnlisted = offset }
      return
    }
    batch.faults.append(
      DecodingFault(
        packetNumber: 0, kind: .notUnderstood, layer: .frame, offset: offset,
        reason: "no packet and no part of one, on line", found: line))
  }

  /// Decodes the packet whose lines were collected, or holds it back.
  private mutating func flush(into batch: inout RecordBatch) {
    guard let packet = pending else { return }
    pending = nil
    if clock.basis == .none, packetCount == 0, held.isEmpty {
      isHolding = PrintedClock.isDifference(packet.time)
    }
    guard isHolding else { return decode(packet, into: &batch) }
    held.append(packet)
    if held.count >= Self.heldPackets { release(into: &batch) }
  }

  /// Decodes the packets that were held back, now that they tell what their times are.
  private mutating func release(into batch: inout RecordBatch) {
    guard isHolding else { return }
    isHolding = false
    let values: [Int64] = held.compactMap {
      if case .clock(let nanoseconds, _) = $0.time { nanoseconds } else { nil }
    }
    clock.establish(PrintedClock.kind(ofDifferences: values))
    for packet in held { decode(packet, into: &batch) }
    held = []
  }

  private mutating func decode(_ pending: PendingPacket, into batch: inout RecordBatch) {
    if isFull { return }
    packetCount += 1
    let timestamp = clock.timestamp(pending.time)
    let record = PacketRecord(
      number: packetCount, timestamp: timestamp, offset: pending.offset)
    let text = PrintedText(pending.octets, from: pending.contentStart)
    if timestamp == nil, pending.time != .missing {
      batch.faults.append(
        DecodingFault(
          packetNumber: packetCount, kind: .notUnderstood, layer: .frame, offset: 0,
          reason: "a time that cannot be placed among the others, on line",
          found: pending.firstLine))
    }
    packet.decode(text, of: record, lines: pending.lines, into: &batch)
    batch.lines.append(
      PrintedLineRecord(
        packetNumber: packetCount, firstLine: pending.firstLine, lastLine: pending.lastLine))
  }
}
