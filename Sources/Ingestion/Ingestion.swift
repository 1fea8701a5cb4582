import CaptureReading
import CaseStore
import Foundation
import PacketDecoding

/// What a user can ask of an ingest.
public struct IngestOptions: Sendable {
  /// `nil` to tell the format by content.
  public var format: CaptureFormat?
  /// A BPF expression; packets that it does not take are not stored.
  public var filter: String?
  /// The capture's name in the case; `nil` for the file's.
  public var name: String?
  /// Packets after which reading stops. Of a regular file the rest is still read for its digest; of
  /// a pipe it is not, and the digest is that of the octets that were read, as a fault says.
  public var packetLimit: Int64?
  /// How the times of printed captures are read, and what the user said of them.
  public var printed = PrintedCaptureDecoder.Options()
  /// The day of a printed capture's first line, `YYYY-MM-DD`, as the user gave it: `printed` obeys
  /// it, this is kept with the capture.
  public var assumedDate: String?
  /// The zone of a printed capture's times, as the user gave it, likewise.
  public var assumedTimeZone: String?
  /// Whether the source's own octets are kept in the case, packed.
  public var embedsSource = false
  /// Whether SHA-1 and MD5 are taken beside SHA-256.
  public var takesOldDigests = false
  /// The SHA-256 that the source must have, lower-case hexadecimal; `nil` for what a list of
  /// digests beside it says, if there is one.
  public var expectedSHA256: String?
  /// How far packets are decoded.
  public var depth = DecodingDepth.applications
  /// What was asked of the live capture that wrote the source, if one did: kept with it.
  public var live: LiveRequest?
  /// Kept with each capture.
  public var programVersion: String

  public init(programVersion: String) {
    self.programVersion = programVersion
  }

  /// What differs from a plain ingest, by the option's name: kept with each capture.
  var asked: [String: String] {
    [
      "format": format?.rawValue, "filter": filter, "name": name,
      "limit-packets": packetLimit.map(String.init), "date": assumedDate,
      "time-zone": assumedTimeZone, "embed": embedsSource ? "yes" : nil,
      "decode": depth == .applications ? nil : depth.rawValue,
    ].compactMapValues { $0 }.merging(live?.asked ?? [:]) { $1 }
  }
}

/// What became of one source.
public struct IngestResult: Sendable {
  /// What became of it.
  public enum Outcome: Sendable {
    /// It is in the case; `isComplete` is false when it was cut short or could not be followed.
    case added(isComplete: Bool)
    /// Its bytes are in the case already, under that name; `isPart` when they were read with a
    /// filter or up to a number of packets.
    case known(name: String, isPart: Bool)
    /// It is in the case already, under that name, and its octets are from now on.
    case embedded(name: String)
    /// Nothing of it could be read.
    case failed(ReadingError)
  }
  /// How the times of a printed log were taken, where that is not what its user may think.
  public enum PrintedTimes: Sendable {
    /// A date and a clock without a zone, which nobody gave.
    case utcAssumed
    /// A clock without a date, so that the zone that was given says nothing.
    case zoneUnused
  }
  /// As messages call the source: its path, or `-`.
  public var source: String
  /// Its name in the case, when it was added.
  public var name: String
  /// What became of it.
  public var outcome: Outcome
  /// Packets that are in the case: those that the filter took, up to the limit.
  public var packets: Int64 = 0
  /// Octets of the source.
  public var size: Int64 = 0
  /// The format that it was read by, a raw value of `CaptureFormat`; `nil` when nothing was read.
  public var format: String?
  /// What is to be known of the times of a printed log.
  public var printedTimes: PrintedTimes?
  /// Whether its octets were to be kept, and are not: it is known, and can be read only once.
  public var isLeftUnembedded = false
  /// What could not be read of it.
  public var faults: [String] = []

  /// Whether the case holds it, as far as it could be read.
  public var isInCase: Bool {
    if case .failed = outcome { return false }
    return true
  }

  public init(source: String, name: String, outcome: Outcome) {
    (self.source, self.name, self.outcome) = (source, name, outcome)
  }
}

/// Puts sources into a case, one after the other; `IngestionAhead` decodes others meanwhile.
public struct Ingestion {
  let writer: CaseWriter
  let options: IngestOptions
  /// Asked before each batch is written: whether nobody wants the capture any more.
  var isCancelled: () -> Bool = { false }

  public init(into writer: CaseWriter, options: IngestOptions) {
    (self.writer, self.options) = (writer, options)
  }

  /// Batches that may wait between decoding and storing.
  private static let waitingBatches = 3

  /// Reads one source into the case, in one transaction: afterwards the capture is there whole,
  /// as far as it could be read, or not at all.
  ///
  /// - Parameter progress: Called now and then with the octets read, and those there are.
  /// - Throws: `CaseError`.
  public func ingest(
    _ location: CaptureLocation, progress: (Int64, Int64?) -> Void
  ) throws -> IngestResult {
    var result = IngestResult(
      source: location.name, name: "", outcome: .added(isComplete: true))
    do {
      let known = try known(location)
      if let name = known?.name {
        result.outcome =
          try embedIfAsked(location, as: name, progress)
          ? .embedded(name: name) : .known(name: name, isPart: try writer.isPart(name))
        return result
      }
      try add(location, sha256: known?.sha256, &result, progress)
    } catch let error as ReadingError {
      result.outcome = .failed(error)
      try note(error, of: location)
    }
    return result
  }

  /// Keeps that nothing of a source could be read, where that is the source's fault.
  func note(_ error: ReadingError, of location: CaptureLocation) throws {
    guard error.isAboutSource, case .file(let path) = location else { return }
    try writer.noteUnread(
      path: URL(filePath: path).path, message: error.description, at: Date().nanoseconds)
  }

  /// The digest of a source, and the name under which the case holds the same bytes, found by reading
  /// them once more; only where a capture of the same size, with the same time of its first packet, makes
  /// that likely.
  private func known(_ location: CaptureLocation) throws -> (name: String?, sha256: String)? {
    guard case .file(let path) = location else { return nil }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let size = attributes?[.size] as? Int64, try writer.hasCapture(size: size) else {
      return nil
    }
    var digest = ContentDigest()
    let reader = try CaptureReader(location: location, format: options.format) { digest.add($0) }
    var time: Int64?
    if reader.format != .tcpdumpText, try reader.next({ packet, _ in time = packet.timestamp }),
      try !writer.hasCapture(size: size, firstPacketAt: time)
    {
      return nil
    }
    reader.drain()
    try Self.check(digest.hexadecimal, of: location, options)
    return (try writer.captureName(sha256: digest.hexadecimal), digest.hexadecimal)
  }

  /// - Parameter sha256: What is known of the source's digest.
  private func add(
    _ location: CaptureLocation, sha256: String?, _ result: inout IngestResult,
    _ progress: (Int64, Int64?) -> Void
  ) throws {
    let digest = SourceDigest(forInventories: options.takesOldDigests)
    let embedding = options.embedsSource ? SourceEmbedding() : nil
    let reader = try CaptureReader(
      location: location, format: options.format,
      filter: try options.filter.map(PacketFilter.init)
    ) {
      digest.add($0)
      embedding?.add($0)
    }
    var facts = CaptureFacts(
      name: try writer.freeName(options.name ?? Self.baseName(location)), path: nil,
      format: reader.format.rawValue, sha256: sha256 ?? "", size: reader.sourceSize ?? 0)
    if case .file(let path) = location {
      facts.path = URL(filePath: path).path
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      facts.modifiedAt = (attributes?[.modificationDate] as? Date)?.nanoseconds
    }
    facts.options = options.asked
    facts.compression = reader.compression
    facts.filter = options.filter ?? options.live?.filter
    facts.packetLimit = options.packetLimit ?? options.live?.packetLimit
    facts.ingestedAt = Date().nanoseconds
    facts.programVersion = options.programVersion
    if reader.format == .tcpdumpText {
      facts.assumedDate = options.assumedDate
      facts.assumedTimeZone = options.assumedTimeZone
    }
    (result.name, result.format) = (facts.name, facts.format)
    let size = reader.sourceSize
    let isPipe = size == nil
    let work = Handover(
      Work(reader: reader, digest: digest, embedding: embedding, facts: facts))
    let options = options
    var known: String?
    try writer.addCapture { session in
      let read = try Self.decode(
        work, CapturePass.Numbers(session), options, isPipe: isPipe
      ) { batch in
        if isCancelled() { throw CancellationError() }
        if !batch.hostNames.isEmpty { session.hostNames = batch.hostNames }
        try session.write(batch)
        progress(batch.sourceOctets, size)
      } embed: { block in
        try session.write(block)
      }
      try Self.check(read.sha256, of: location, options)
      if let name = try session.captureName(sha256: read.sha256) {
        known = name
        return nil
      }
      result.packets = read.packets
      result.size = read.size
      result.faults = read.faults.map { "byte \($0.byteOffset): \($0.message)" }
      result.outcome = .added(isComplete: read.isComplete)
      result.printedTimes = Self.printedTimes(read)
      return read
    }
    if let known {
      result.outcome = .known(name: known, isPart: try writer.isPart(known))
      result.isLeftUnembedded = try options.embedsSource && !writer.isEmbedded(known)
    }
  }

  /// - Throws: `ReadingError.otherDigest` where another digest was expected.
  static func check(
    _ sha256: String, of location: CaptureLocation, _ options: IngestOptions
  ) throws {
    guard let expected = expectedDigest(of: location, options), expected.sha256 != sha256 else {
      return
    }
    throw ReadingError.otherDigest(
      name: location.name, expected: expected.sha256, found: sha256, file: expected.file)
  }

  private static func printedTimes(_ facts: CaptureFacts) -> IngestResult.PrintedTimes? {
    guard facts.format == CaptureFormat.tcpdumpText.rawValue else { return nil }
    switch facts.timeBasis {
    case .utc: return facts.assumedTimeZone == nil ? .utcAssumed : nil
    case .clock: return facts.assumedTimeZone != nil ? .zoneUnused : nil
    case .relative, .none: return nil
    }
  }

  private static func expectedDigest(
    of location: CaptureLocation, _ options: IngestOptions
  ) -> ExpectedDigest? {
    if let sha256 = options.expectedSHA256 { return ExpectedDigest(sha256: sha256) }
    guard case .file(let path) = location else { return nil }
    return .beside(path)
  }

  /// What the decoding thread takes over.
  struct Work {
    var reader: CaptureReader
    var digest: SourceDigest
    var embedding: SourceEmbedding?
    var facts: CaptureFacts
  }

  /// Decodes on a thread of its own, and has this one write each batch, and each piece of the source.
  ///
  /// - Parameter isPipe: Whether the source may keep the decoding thread waiting for ever. Then
  ///   a failed write does not wait for that thread, which ends with the pipe: all that it uses is
  ///   its own, but for the queue, which takes nothing any more.
  /// - Throws: What `write` and `embed` throw, and `ReadingError`.
  static func decode(
    _ work: Handover<Work>, _ numbers: CapturePass.Numbers, _ options: IngestOptions, isPipe: Bool,
    write: (FactBatch) throws -> Void, embed: (SourceBlockFact) throws -> Void = { _ in }
  ) throws -> CaptureFacts {
    try store(isPipe: isPipe, write: write, embed: embed) { queue in
      work.use { work in
        work.embedding?.begin(into: queue)
        var end = pass(work, numbers, options, into: queue)
        // Also where nothing is wanted any more, for the sake of the thread that packs.
        if let reason = work.embedding?.finish(), end.error == nil {
          end.error = .notKept(name: work.reader.location.name, reason: reason)
        }
        return end
      }
    }
  }

  /// Has `produce` fill the queue on a thread of its own, and stores on this one what comes out of it.
  static func store(
    isPipe: Bool, write: (FactBatch) throws -> Void, embed: (SourceBlockFact) throws -> Void,
    _ produce: @escaping @Sendable (BatchQueue) -> CapturePass.End
  ) throws -> CaptureFacts {
    let queue = BatchQueue(capacity: waitingBatches)
    Thread.detachNewThread { queue.close(produce(queue)) }
    do {
      while true {
        switch queue.take() {
        case .batch(let batch):
          try write(batch)
          queue.recycle(batch)
        case .block(let block):
          try embed(block)
        case .end(let end):
          if let error = end.error { throw error }
          return end.facts
        }
      }
    } catch let error as ReadingError {
      throw error
    } catch {
      queue.cancel()
      if !isPipe { queue.waitForEnd() }
      throw error
    }
  }

  /// Reads, decodes and places a capture.
  private static func pass(
    _ work: Work, _ numbers: CapturePass.Numbers, _ options: IngestOptions, into queue: BatchQueue
  ) -> CapturePass.End {
    var pass = CapturePass(
      work.reader, session: numbers, options: options, facts: work.facts)
    do {
      while !pass.isFinished {
        var batch = queue.spare()
        try pass.fill(&batch)
        batch.hostNames = pass.hostNames
        batch.sourceOctets = work.reader.sourceOctets
        if !queue.put(batch) { break }
      }
    } catch let error as ReadingError {
      return CapturePass.End(facts: pass.facts, error: error)
    } catch {
      return CapturePass.End(
        facts: pass.facts,
        error: .unreadable(name: work.reader.location.name, reason: "\(error)"))
    }
    var facts = pass.facts
    let digest = work.digest.content
    facts.sha256 = digest.hexadecimal
    facts.sha1 = digest.sha1Hexadecimal
    facts.md5 = digest.md5Hexadecimal
    facts.size = work.reader.sourceOctets
    facts.areSightingsTold = pass.areSightingsTold(size: facts.size, sha256: facts.sha256)
    return CapturePass.End(facts: facts)
  }

  private static func baseName(_ location: CaptureLocation) -> String {
    switch location {
    case .file(let path): URL(filePath: path).lastPathComponent
    case .standardInput: "stdin"
    }
  }
}
