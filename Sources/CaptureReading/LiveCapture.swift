import Foundation

/// What a user asks of a live capture.
public struct LiveRequest: Sendable {
  public var interface: String
  /// A BPF expression that the kernel chooses packets by.
  public var filter: String?
  /// The most octets that are kept of a packet.
  public var snapLength = LiveInterface.longestSnapLength
  /// Seconds after which it ends.
  public var duration: Double?
  /// Packets after which it ends.
  public var packetLimit: Int64?
  /// Seconds after which a file is closed and the next begun, once it holds a packet.
  public var rotateSeconds: Double?
  /// Octets that no file exceeds, unless its only packet does.
  public var rotateOctets: Int64?
  /// Where its files go; made when it is not there.
  public var folder: String
  /// What the files say wrote them, such as `wirecase 0.1.0`.
  public var application: String

  public init(interface: String, folder: String, application: String) {
    (self.interface, self.folder, self.application) = (interface, folder, application)
  }

  /// What was asked for, by the option's name.
  public var asked: [String: String] {
    [
      "live": interface, "filter": filter, "snap-length": String(snapLength),
      "duration": duration.map { "\($0)" }, "limit-packets": packetLimit.map(String.init),
      "rotate-seconds": rotateSeconds.map { "\($0)" },
      "rotate-bytes": rotateOctets.map(String.init),
    ].compactMapValues { $0 }
  }
}

/// What became of a live capture.
public struct LiveSummary: Sendable {
  /// Packets that were written.
  public var packets: Int64 = 0
  /// What libpcap counted.
  public var counts = LiveInterface.Counts()
  /// What ended it before anybody asked for the end, if anything did.
  public var trouble: String?
}

/// Captures from an interface into pcapng files, one after the other, on the thread that runs it.
///
/// Packets go from the kernel's buffer to the file's; what the disk does not take in time, the
/// kernel drops and counts, so that memory does not grow.
public final class LiveCapture {
  private let request: LiveRequest
  private let interface: LiveInterface
  private var file: LiveFile
  /// What was counted when the file began.
  private var countsBefore = LiveInterface.Counts()
  private var summary = LiveSummary()
  private var fileBegan = ContinuousClock.now
  private var fileBeganAt = Date()

  /// Packets that are taken before time and signals are looked at again.
  private static let burst = 1024

  /// Opens the interface, which holds packets back from then on, and the first file.
  ///
  /// - Throws: `LiveError`, and `ReadingError.filter`.
  public init(_ request: LiveRequest) throws {
    self.request = request
    interface = try LiveInterface(
      name: request.interface, snapLength: request.snapLength, filter: request.filter)
    file = try LiveFile(folder: request.folder, interface: request.interface, at: fileBeganAt)
    do { try begin() } catch {
      file.discard()
      throw LiveError.noFile(path: file.path, reason: LiveFile.words(error))
    }
  }

  /// Where the first file will stand.
  public var path: String { file.path }

  /// Captures until a limit, or until `isStopped` says so, which is asked some ten times a second;
  /// then takes what had come until that moment.
  ///
  /// - Parameters:
  ///   - tick: Called about once a second with the packets so far.
  ///   - closed: Gets each file when its last octet is written, in their order.
  public func run(
    isStopped: () -> Bool, tick: (Int64) -> Void = { _ in }, closed: (ClosedLiveFile) -> Void
  ) -> LiveSummary {
    let began = ContinuousClock.now
    var lastTick = began
    do {
      while true {
        let pause = try takeBurst(before: .max, closed)
        if pause == .ended { break }
        if pause == .noneThere { interface.wait(milliseconds: LiveInterface.patience) }
        let now = ContinuousClock.now
        if now - lastTick >= .seconds(1) {
          lastTick = now
          try file.flush()
          summary.counts = interface.counts()
          tick(summary.packets)
        }
        if isStopped() || request.duration.map({ now - began >= .seconds($0) }) ?? false {
          try takeRest(closed)
          break
        }
        if let seconds = request.rotateSeconds, file.packets > 0,
          now - fileBegan >= .seconds(seconds)
        {
          try rotate(closed)
        }
      }
    } catch {
      summary.trouble =
        "\(file.path): cannot be written: \(LiveFile.words(error)). What was written before is "
        + "kept; check the space on its disk"
    }
    finish(closed)
    return summary
  }

  /// Why no more packets are taken for now.
  private enum Pause {
    /// None: more may be there.
    case burstTaken
    case noneThere
    /// None is to be taken any more.
    case ended
  }

  /// Takes packets that are there, up to `burst`.
  ///
  /// - Parameter end: A packet at that time of the interface or later is left, and ends it.
  private func takeBurst(before end: UInt64, _ closed: (ClosedLiveFile) -> Void) throws -> Pause {
    let reserve = Int64(PcapNGOctets.statisticsLength)
    for _ in 0..<Self.burst {
      var isBeyond = false
      let outcome = try interface.next { time, length, octets in
        guard time < end else {
          isBeyond = true
          return
        }
        if let limit = request.rotateOctets, file.packets > 0,
          file.size + Int64(PcapNGOctets.packetLength(octets.byteCount)) > limit - reserve
        {
          try rotate(closed)
        }
        try file.add(packets: 1) {
          $0.addPacket(interface: 0, time: time, length: length, octets)
        }
        summary.packets += 1
      }
      switch outcome {
      case .packet:
        if isBeyond || summary.packets >= request.packetLimit ?? .max { return .ended }
      case .none:
        return .noneThere
      case .ended(let reason):
        summary.trouble = "\(request.interface): \(reason). What had come before is kept"
        return .ended
      }
    }
    return .burstTaken
  }

  /// Takes what had come before this moment: the kernel may hold it back for `patience`.
  private func takeRest(_ closed: (ClosedLiveFile) -> Void) throws {
    let end = units(Date()) &+ 1
    let deadline = ContinuousClock.now + .milliseconds(2 * Int(LiveInterface.patience))
    // An interface whose clock stands still would never reach the end; the buffer holds no more.
    var bursts = Int(LiveInterface.bufferSize) / 64 / Self.burst
    while bursts > 0 {
      switch try takeBurst(before: end, closed) {
      case .burstTaken:
        bursts -= 1
      case .noneThere:
        guard ContinuousClock.now < deadline else { return }
        interface.wait(milliseconds: LiveInterface.patience / 5)
      case .ended:
        return
      }
    }
  }

  // MARK: - Files

  /// Begins a file: its section and its interface.
  private func begin() throws {
    let system = ProcessInfo.processInfo.operatingSystemVersionString
    let section = CaptureSection(
      hardware: Self.hardware, operatingSystem: system, application: request.application)
    try file.add {
      $0.addSection(section)
      $0.addInterface(
        linkType: UInt16(truncatingIfNeeded: interface.linkType),
        snapLength: UInt32(clamping: request.snapLength), name: request.interface,
        decimals: interface.decimals, filter: request.filter, operatingSystem: system)
    }
    try file.flush()
  }

  /// Ends a file with the statistics of its time, and begins the next.
  private func rotate(_ closed: (ClosedLiveFile) -> Void) throws {
    let date = Date()
    let next = try LiveFile(folder: request.folder, interface: request.interface, at: date)
    summary.counts = interface.counts()
    do { try end() } catch {
      next.discard()
      throw error
    }
    closed(file.close())
    (fileBegan, fileBeganAt) = (.now, date)
    (countsBefore, file) = (summary.counts, next)
    try begin()
  }

  private func end() throws {
    let counts = summary.counts
    let statistics = PcapNGOctets.Statistics(
      received: counts.received - countsBefore.received,
      dropped: counts.interfaceDropped - countsBefore.interfaceDropped,
      osDropped: counts.dropped - countsBefore.dropped,
      delivered: UInt64(clamping: file.packets), start: units(fileBeganAt), end: units(Date()))
    try file.add { $0.addStatistics(interface: 0, statistics) }
    try file.flush()
  }

  /// Ends the last file. One that says nothing, after others, is left out.
  private func finish(_ closed: (ClosedLiveFile) -> Void) {
    summary.counts = interface.counts()
    let isFirst = file.packets == summary.packets
    if file.packets == 0, !isFirst, summary.counts.dropped == countsBefore.dropped,
      summary.counts.interfaceDropped == countsBefore.interfaceDropped
    {
      return file.discard()
    }
    do { try end() } catch {
      summary.trouble =
        summary.trouble ?? "\(file.path): cannot be written: \(LiveFile.words(error))"
    }
    closed(file.close())
  }

  /// A date in the units of the interface's times.
  private func units(_ date: Date) -> UInt64 {
    let scale = interface.decimals == 9 ? 1e9 : 1e6
    return UInt64(max(0, date.timeIntervalSince1970 * scale))
  }

  /// What the program was built for, as the machine calls it.
  private static var hardware: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}
