import CPcap
import Foundation

/// A network interface that packets are captured from, through libpcap. For one thread.
///
/// Packets wait in a buffer of the kernel's; what does not fit there, the kernel drops and counts.
///
/// Sound because: the handle is opened, used and closed here alone, and never handed out; strings
/// are lent for one call, or copied before the next; a packet's header and octets, which libpcap
/// keeps valid until it is asked for the next, are only lent to a closure, and `isLent` keeps that
/// closure from asking.
@safe public final class LiveInterface {
  /// Octets of the kernel's buffer: room for a tenth of a second of 10 Gbit/s, a small part of what
  /// machines have today, whatever the rate.
  static let bufferSize: Int32 = 32 << 20
  /// Milliseconds after which the kernel hands over packets though few have come.
  static let patience: Int32 = 100
  /// The most octets of a packet that libpcap hands out.
  public static let longestSnapLength = 262_144

  /// As the system calls it.
  public let name: String
  /// The LINKTYPE_ value of its packets.
  public let linkType: Int32
  /// What one second is in the times that it gives: 10 to the power of that.
  public let decimals: UInt8
  private let handle: OpaquePointer
  private var isLent = false
  private var previous = Counts()
  private var total = Counts()

  /// What libpcap counted since the capture began.
  public struct Counts: Equatable, Sendable {
    /// Packets that the filter took, dropped ones among them.
    public var received: UInt64 = 0
    /// Packets that found no room in the kernel's buffer.
    public var dropped: UInt64 = 0
    /// Packets that the interface or its driver dropped.
    public var interfaceDropped: UInt64 = 0
  }

  /// What a call for a packet brought.
  enum Outcome: Equatable {
    case packet
    /// None is there at this moment.
    case none
    /// None will come, in libpcap's words.
    case ended(reason: String)
  }

  /// Begins to capture, in promiscuous mode where the interface has it.
  ///
  /// - Parameters:
  ///   - snapLength: The most octets that are kept of a packet, up to `longestSnapLength`.
  ///   - filter: The kernel hands over only packets that it takes.
  /// - Throws: `LiveError`, and `ReadingError.filter` when the filter does not compile for the
  ///   link type of the interface.
  public init(name: String, snapLength: Int, filter: String?) throws {
    var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(name, &words) else {
      throw LiveError.unusable(interface: name, reason: Self.text(words))
    }
    do {
      unsafe pcap_set_snaplen(handle, Int32(clamping: min(snapLength, Self.longestSnapLength)))
      unsafe pcap_set_promisc(handle, 1)
      unsafe pcap_set_timeout(handle, Self.patience)
      unsafe pcap_set_buffer_size(handle, Self.bufferSize)
      unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
      let code = unsafe pcap_activate(handle)
      // Above zero are warnings, such as an interface that has no promiscuous mode.
      if code < 0 { throw Self.error(code, name: name, words: unsafe Self.words(handle)) }
      // "any" can tell the interface of each packet, in a header of its second version.
      if name == "any" { unsafe pcap_set_datalink(handle, Self.linuxCooked2) }
      let dataLink = unsafe pcap_datalink(handle)
      if let filter { try unsafe Self.set(filter, handle, dataLink) }
      guard unsafe pcap_setnonblock(handle, 1, &words) == 0 else {
        throw LiveError.unusable(interface: name, reason: Self.text(words))
      }
      linkType = CaptureReading.linkType(ofDataLink: dataLink)
      decimals = unsafe pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO ? 9 : 6
    } catch {
      unsafe pcap_close(handle)
      throw error
    }
    self.name = name
    unsafe self.handle = handle
  }

  deinit { unsafe pcap_close(handle) }

  /// Hands the next packet to `body`, if one is there: its time in the interface's units since
  /// 1970-01-01 UTC, its octets on the wire and those captured, which stay where they are only while
  /// `body` runs.
  @inline(__always)
  func next(_ body: (UInt64, UInt32, RawSpan) throws -> Void) rethrows -> Outcome {
    precondition(!isLent, "an interface is read on while a packet is looked at")
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var octets: UnsafePointer<UInt8>?
    switch unsafe pcap_next_ex(handle, &header, &octets) {
    case 1:
      guard let found = unsafe header?.pointee, let base = unsafe octets else { return .none }
      isLent = true
      defer { isLent = false }
      let seconds = UInt64(truncatingIfNeeded: found.ts.tv_sec)
      let time =
        seconds &* (decimals == 9 ? 1_000_000_000 : 1_000_000)
        &+ UInt64(truncatingIfNeeded: found.ts.tv_usec)
      let packet = unsafe RawSpan(
        _unsafeBytes: UnsafeRawBufferPointer(start: base, count: Int(found.caplen)))
      try body(time, found.len, packet)
      return .packet
    case 0:
      return .none
    default:
      return .ended(reason: unsafe Self.words(handle))
    }
  }

  /// Waits until a packet may be there, or so many milliseconds have passed, or a signal came.
  func wait(milliseconds: Int32) {
    let descriptor = unsafe pcap_get_selectable_fd(handle)
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let code = descriptor < 0 ? -1 : unsafe poll(&request, 1, milliseconds)
    // Where poll(2) cannot wait for it, waiting blindly keeps the processor free.
    let isReady = code > 0 && request.revents & Int16(POLLIN) != 0
    if code != 0 && !isReady { usleep(UInt32(clamping: min(milliseconds, 10)) * 1000) }
  }

  /// What was counted so far. Called at least once in some minutes, since libpcap counts in 32 bits.
  func counts() -> Counts {
    var found = pcap_stat()
    guard unsafe pcap_stats(handle, &found) == 0 else { return total }
    let now = Counts(
      received: UInt64(found.ps_recv), dropped: UInt64(found.ps_drop),
      interfaceDropped: UInt64(found.ps_ifdrop))
    func add(_ path: WritableKeyPath<Counts, UInt64>) {
      let step = UInt32(truncatingIfNeeded: now[keyPath: path] &- previous[keyPath: path])
      total[keyPath: path] += UInt64(step)
    }
    add(\.received)
    add(\.dropped)
    add(\.interfaceDropped)
    previous = now
    return total
  }

  /// The interfaces that there are, as libpcap names them.
  public static func names() -> [String] {
    var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard unsafe pcap_findalldevs(&first, &words) == 0 else { return [] }
    defer { unsafe pcap_freealldevs(first) }
    var names: [String] = []
    var next = unsafe first
    // libpcap's list, which ends with a null pointer and is freed after this loop.
    while let entry = unsafe next?.pointee {
      if let name = unsafe entry.name { names.append(unsafe String(cString: name)) }
      unsafe next = entry.next
    }
    return names
  }

  /// DLT_LINUX_SLL2, which not every system's headers know.
  private static let linuxCooked2: Int32 = 276

  private static func set(
    _ filter: String, _ handle: OpaquePointer, _ dataLink: Int32
  ) throws(ReadingError) {
    var program = unsafe bpf_program()
    // The netmask that pcap_compile(3) takes as "not known"; a macro that Swift does not import.
    guard unsafe pcap_compile(handle, &program, filter, 1, 0xffff_ffff) == 0 else {
      throw .filter(
        expression: filter, linkType: linkTypeName(CaptureReading.linkType(ofDataLink: dataLink)),
        reason: unsafe words(handle))
    }
    defer { unsafe pcap_freecode(&program) }
    guard unsafe pcap_setfilter(handle, &program) == 0 else {
      throw .filter(
        expression: filter, linkType: linkTypeName(CaptureReading.linkType(ofDataLink: dataLink)),
        reason: unsafe words(handle))
    }
  }

  private static func error(_ code: Int32, name: String, words: String) -> LiveError {
    switch code {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      .notPermitted(interface: name, program: Bundle.main.executablePath ?? "wirecase")
    case PCAP_ERROR_NO_SUCH_DEVICE:
      .noInterface(name: name, others: names())
    default:
      // Sound: the answer is a constant of libpcap's; the text is a copy.
      .unusable(
        interface: name,
        reason: words.isEmpty ? unsafe String(cString: pcap_statustostr(code)) : words)
    }
  }

  private static func words(_ handle: OpaquePointer) -> String {
    guard let words = unsafe pcap_geterr(handle) else { return "" }
    return unsafe String(cString: words)
  }

  /// The text of an error buffer that libpcap has filled.
  private static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
