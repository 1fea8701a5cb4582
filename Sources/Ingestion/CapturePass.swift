import CaptureReading
import CaseStore
import Correlation
import PacketDecoding

/// One capture's way from octets to placed records: reading, decoding, conversations, questions
/// and the digest, all on one thread, a batch at a time.
struct CapturePass {
  /// Packets of a batch: enough to make the hand-over cheap, few enough to keep it in the
  /// processor's cache.
  static let batchSize = 4096
  /// Octets of names, answers and comments after which a batch is full all the same: a hostile DNS message
  /// can unfold to 64 KiB of text.
  private static let batchText = 8 << 20
  /// Faults after which a batch is full all the same: four to a packet, which damaged captures
  /// hardly have.
  private static let batchFaults = 4 * batchSize

  private let reader: CaptureReader
  private let options: IngestOptions
  private let session: Numbers
  private var decoder: PacketDecoder
  private var printed: PrintedCaptureDecoder?
  private var conversations: ConversationTable?
  private var questions: QuestionFeed?
  /// `nil` before the first packet with a time, and where there is nothing to tell.
  private var sightings: SightingFeed?
  private var isSightingsBegun = false
  /// Packets of octets that were taken; a printed capture's are in `printed`.
  private var taken: Int64 = 0
  private var previousTime: Int64?
  private var previousInterface: Int32 = 0
  /// The time of the last packet of each interface but the previous packet's.
  private var lastTimes: [Int32: Int64] = [:]
  private var previousNumber: Int64?
  private(set) var facts: CaptureFacts
  /// Whether every packet was read, and whether all that was open then was handed over as well.
  private var isRead = false
  private(set) var isFinished = false

  /// What of a `CaptureSession` the pass needs.
  struct Numbers: Sendable {
    var captureID: Int64
    var firstConversationID: Int64
    var firstLinkID: Int64
    var knownServices: Set<UInt32>
    /// The captures whose packets may be those of this one.
    var earlier: EarlierCaptures?

    init(_ session: CaptureSession) {
      captureID = session.captureID
      firstConversationID = session.firstConversationID
      firstLinkID = session.firstLinkID
      knownServices = session.knownServices
      earlier = session.earlier
    }
  }

  /// What a pass leaves behind.
  struct End: Sendable {
    var facts: CaptureFacts
    /// What stopped it altogether.
    var error: ReadingError?
  }

  init(_ reader: CaptureReader, session: Numbers, options: IngestOptions, facts: CaptureFacts) {
    (self.reader, self.session, self.options, self.facts) = (reader, session, options, facts)
    decoder = PacketDecoder(depth: options.depth)
    if reader.format == .tcpdumpText {
      var printedOptions = options.printed
      printedOptions.packetLimit = options.packetLimit
      printed = PrintedCaptureDecoder(options: printedOptions)
    }
  }

  /// The names that a printed capture uses for hosts, by number.
  var hostNames: [String] { printed?.names.names ?? [] }

  /// Fills `batch` with the next packets; the last time, with what was still open.
  ///
  /// - Throws: `ReadingError` when the filter does not compile for the first packet's link type.
  mutating func fill(_ batch: inout FactBatch) throws {
    if !isRead {
      isRead = try printed == nil ? !fillFromPackets(&batch) : !fillFromLines(&batch)
      place(&batch)
      if isRead { sightings?.finish() }
      settle(&batch)
      collect(&batch)
      return
    }
    let isEmptied = conversations?.finish(Self.batchSize, to: &batch) ?? true
    sightings?.conclude(&batch)
    guard isEmptied else { return }
    questions?.finish(to: &batch)
    conclude(&batch)
    isFinished = true
  }

  // MARK: - Reading and decoding

  private mutating func fillFromPackets(_ batch: inout FactBatch) throws -> Bool {
    let end = min(Int64(Self.batchSize), (options.packetLimit ?? .max) - taken)
    var count: Int64 = 0
    while count < end && !Self.isFull(batch.records) && reader.collectedText < Self.batchText {
      let found = try reader.next { packet, octets in
        if let first = packet.repeats {
          batch.repetitions.append(Repetition(number: packet.number, firstNumber: first))
        }
        decoder.decode(
          octets,
          of: Frame(
            number: packet.number, timestamp: packet.timestamp, offset: packet.offset,
            length: packet.length, interface: packet.interface, linkType: packet.linkType,
            isRepetition: packet.repeats != nil),
          into: &batch.records)
      }
      if !found {
        decoder.finish(into: &batch.records)
        return false
      }
      count += 1
    }
    taken += count
    if taken < options.packetLimit ?? .max { return true }
    decoder.finish(into: &batch.records)
    return false
  }

  private mutating func fillFromLines(_ batch: inout FactBatch) throws -> Bool {
    guard var decoder = printed else { return false }
    defer { printed = decoder }
    while !Self.isFull(batch.records) {
      guard !decoder.isFull, let line = reader.nextLine() else {
        decoder.finish(into: &batch.records)
        return false
      }
      decoder.decode(
        line: line.text, number: line.number, offset: line.offset, into: &batch.records)
    }
    return true
  }

  /// Whether a batch holds as much of anything as one may.
  @inline(__always)
  private static func isFull(_ records: RecordBatch) -> Bool {
    records.packets.count >= batchSize || records.text.count >= batchText
      || records.faults.count >= batchFaults
  }

  // MARK: - Placing

  /// Gives each packet of the batch its stream, and each question its match.
  private mutating func place(_ batch: inout FactBatch) {
    let records = batch.records
    guard !records.packets.isEmpty else { return }
    let domain = beginIfNeeded()
    guard var conversations, var questions else { return }
    (self.conversations, self.questions) = (nil, nil)
    var (nextDNS, nextICMP, nextRepetition) = (0, 0, 0)
    for packet in records.packets {
      let isRepetition =
        nextRepetition < batch.repetitions.count
        && batch.repetitions[nextRepetition].number == packet.number
      if isRepetition { nextRepetition += 1 }
      let (stream, key) = conversations.add(packet, isRepetition: isRepetition, to: &batch)
      batch.streamIDs.append(stream)
      note(packet, &questions)
      beginSightings(packet, &questions)
      if isRepetition { sightings?.giveUp() }
      // A message may be of an earlier packet, which waited for others: deriving then matches anew.
      while nextDNS < records.dns.count, records.dns[nextDNS].packetNumber < packet.number {
        questions.giveUp()
        sightings?.giveUp()
        nextDNS += 1
      }
      sightings?.add(
        packet, streamID: stream, key: key,
        message: Self.message(of: packet, records, dns: nextDNS, icmp: nextICMP))
      let firstDNS = nextDNS
      while nextDNS < records.dns.count, records.dns[nextDNS].packetNumber == packet.number {
        questions.add(
          records.dns[nextDNS], at: Int64(nextDNS - firstDNS), of: packet, streamID: stream,
          key: key, in: records)
        nextDNS += 1
      }
      while nextICMP < records.icmp.count, records.icmp[nextICMP].packetNumber == packet.number {
        let message = records.icmp[nextICMP]
        let quotedKey = quotedKey(of: message, domain: domain)
        batch.quotedKeys.append(quotedKey)
        questions.add(message, of: packet, quotedKey: quotedKey, in: records)
        nextICMP += 1
      }
    }
    if nextDNS < records.dns.count {
      questions.giveUp()
      sightings?.giveUp()
    }
    (self.conversations, self.questions) = (conversations, questions)
  }

  /// Begins to tell sightings with the first packet that has a time.
  private mutating func beginSightings(_ packet: PacketRecord, _ questions: inout QuestionFeed) {
    guard !isSightingsBegun, let time = packet.timestamp else { return }
    isSightingsBegun = true
    guard let earlier = session.earlier, printed == nil else { return }
    sightings = SightingFeed(
      earlier, from: time, size: facts.size > 0 ? facts.size : nil,
      sha256: facts.sha256.isEmpty ? nil : facts.sha256)
    if sightings != nil { questions.waitForSightings() }
  }

  /// What tells the message of a packet from others; where it holds several, the first.
  private static func message(
    of packet: PacketRecord, _ records: RecordBatch, dns: Int, icmp: Int
  ) -> Int64 {
    switch packet.protocolReached {
    case .dns:
      guard dns < records.dns.count, records.dns[dns].packetNumber == packet.number else {
        return 0
      }
      return PacketIdentity.Marks.message(
        dns: records.dns[dns].identifier, isResponse: records.dns[dns].isResponse)
    case .icmp, .icmpv6:
      guard icmp < records.icmp.count, records.icmp[icmp].packetNumber == packet.number else {
        return 0
      }
      return PacketIdentity.Marks.message(
        icmp: records.icmp[icmp].type, code: records.icmp[icmp].code)
    default: return PacketIdentity.Marks.noMessage
    }
  }

  /// Hands over what is known by now of packets that were seen before, and of questions.
  private mutating func settle(_ batch: inout FactBatch) {
    guard var questions else { return }
    self.questions = nil
    sightings?.drain(to: &batch)
    if let settled = sightings?.settledTime {
      questions.note(seen: batch.duplicates)
      questions.match(before: settled)
      sightings?.conclude(&batch)
    } else {
      questions.stopWaiting()
    }
    questions.drain(to: &batch)
    self.questions = questions
  }

  /// Whether it is known of every packet whether it was seen before.
  ///
  /// - Parameter sha256: Of the source, lower-case hexadecimal.
  func areSightingsTold(size: Int64, sha256: String) -> Bool {
    sightings?.isRight(size: size, sha256: sha256) ?? false
  }

  /// Times in UTC can be compared across captures; any other capture is a world of its own.
  private mutating func beginIfNeeded() -> UInt64 {
    if let printed {
      facts.timeBasis = .init(rawValue: printed.timeBasis.rawValue) ?? .none
      if printed.printsEpoch { facts.assumedTimeZone = "UTC" }
    }
    let domain: UInt64 = facts.timeBasis == .utc ? 0 : UInt64(clamping: session.captureID)
    if conversations == nil {
      conversations = ConversationTable(
        numbers: session, domain: domain, followsTCP: printed == nil)
      questions = QuestionFeed(
        captureID: session.captureID, domain: domain, isUsable: printed == nil)
    }
    return domain
  }

  /// The key of the conversation that an error quotes; `nil` when it does not quote enough of it.
  private func quotedKey(of message: ICMPRecord, domain: UInt64) -> Int64? {
    guard let quoted = message.quoted, let source = quoted.source,
      let destination = quoted.destination, let number = quoted.protocolNumber
    else { return nil }
    let hasPorts = number == 6 || number == 17
    guard !hasPorts || (quoted.sourcePort != nil && quoted.destinationPort != nil) else {
      return nil
    }
    return ConversationKey(
      source: source, sourcePort: quoted.sourcePort, destination: destination,
      destinationPort: quoted.destinationPort, protocolNumber: number, domain: domain
    ).value
  }

  /// Keeps what the capture's own row says of all its packets.
  private mutating func note(_ packet: PacketRecord, _ questions: inout QuestionFeed) {
    facts.packets += 1
    if let captured = packet.capturedLength, let length = packet.length, captured < length {
      facts.cutPackets += 1
    }
    guard let time = packet.timestamp else { return questions.giveUp() }
    facts.firstTime = min(facts.firstTime ?? time, time)
    facts.lastTime = max(facts.lastTime ?? time, time)
    if let previousTime {
      if time < previousTime {
        // Packets of several interfaces are written as their buffers come: no clock went back.
        let before =
          packet.interface == previousInterface ? previousTime : lastTimes[packet.interface]
        if let before, time < before { facts.backwardSteps += 1 }
        questions.giveUp()
      } else {
        let gap = time.subtractingReportingOverflow(previousTime)
        if !gap.overflow, gap.partialValue > facts.longestGap ?? -1 {
          facts.longestGap = gap.partialValue
          facts.longestGapTime = previousTime
          facts.longestGapPacket = previousNumber
        }
      }
    }
    if packet.interface != previousInterface {
      if let previousTime { lastTimes[previousInterface] = previousTime }
      previousInterface = packet.interface
    }
    (previousTime, previousNumber) = (time, packet.number)
  }

  // MARK: - What the capture says beside its packets

  private mutating func collect(_ batch: inout FactBatch) {
    for comment in reader.takePacketComments() {
      batch.comments.append(.init(packetNumber: comment.packetNumber, text: comment.text))
    }
    for resolution in reader.takeNameResolutions() {
      batch.names.append(.init(address: Self.text(resolution.address), name: resolution.name))
    }
    for fault in reader.takeFaults() {
      facts.faults.append(
        .init(
          packetNumber: fault.packetNumber, byteOffset: fault.byteOffset, kind: fault.kind.rawValue,
          message: fault.message))
    }
  }

  /// Dotted decimal for IPv4, RFC 5952 for IPv6.
  private static func text(_ address: NameResolution.Address) -> String {
    var text: [UInt8] = []
    switch address {
    case .ipv4(let value): NetworkAddress(ipv4: value).write(to: &text)
    case .ipv6(let high, let low): NetworkAddress(ipv6High: high, low: low).write(to: &text)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func conclude(_ batch: inout FactBatch) {
    if printed?.isFull ?? (taken >= options.packetLimit ?? .max) {
      reader.leaveRest()
    } else {
      reader.drain()
    }
    collect(&batch)
    facts.isComplete = reader.isComplete
    facts.isMatched = questions?.isUsable ?? true
    facts.unmatchedKeys = questions?.unmatchedKeys ?? []
    facts.followedSegments = printed == nil ? conversations?.followedSegments ?? 0 : nil
    facts.interfaces = reader.interfaces.map(CaptureFacts.Interface.init)
    facts.received = Self.sum(reader.interfaces.map(\.received))
    facts.dropped = Self.sum(
      reader.interfaces.map { Self.sum([$0.dropped, $0.osDropped]).map(UInt64.init(clamping:)) })
    if let section = reader.sections.first {
      facts.hardware = section.hardware
      facts.operatingSystem = section.operatingSystem
      facts.application = section.application
      facts.comments = reader.sections.flatMap(\.comments).map {
        .init(packetNumber: nil, text: $0)
      }
    }
  }

  /// The sum of the counts that are there; `nil` when none is.
  private static func sum(_ counts: [UInt64?]) -> Int64? {
    let known = counts.compactMap(\.self)
    guard !known.isEmpty else { return nil }
    return Int64(
      clamping: known.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 })
  }
}

extension CaptureFacts.Interface {
  init(_ interface: CaptureInterface) {
    self.init(
      index: interface.index, linkType: interface.linkType,
      linkTypeName: CaptureReading.linkTypeName(interface.linkType),
      unitsPerSecond: Int64(clamping: interface.timestampUnitsPerSecond ?? 0))
    name = interface.name
    description = interface.description
    snapLength = interface.snapLength.map(Int64.init)
    filter = interface.filter
    operatingSystem = interface.operatingSystem
    hardware = interface.hardware
    received = interface.received.map { Int64(clamping: $0) }
    dropped = interface.dropped.map { Int64(clamping: $0) }
    osDropped = interface.osDropped.map { Int64(clamping: $0) }
  }
}
