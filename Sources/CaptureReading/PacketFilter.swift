import CPcap

/// A packet filter in libpcap's language (pcap-filter(7)), compiled by libpcap for each link type
/// that it meets.
///
/// For one thread at a time.
public final class PacketFilter {
  /// As it was given.
  public let expression: String
  private var programs: [FilterProgram] = []

  /// Link types that between them know every word of the language: an expression is accepted
  /// when it compiles for one of them. Ethernet, 802.11, LINUX_SLL2, PFLOG, raw IP, ATM, SS7.
  private static let judges: [Int32] = [1, 105, 276, 117, 101, 123, 140]

  /// - Throws: `ReadingError.filter` with libpcap's words when no link type knows such an
  ///   expression.
  public init(_ expression: String) throws(ReadingError) {
    self.expression = expression
    var objection: ReadingError?
    for linkType in Self.judges {
      do throws(ReadingError) {
        try prepare(for: linkType)
        return
      } catch {
        objection = objection ?? error
      }
    }
    if let objection { throw objection }
  }

  /// Compiles the filter for a link type before its first packet.
  ///
  /// - Throws: `ReadingError.filter` when it does not compile.
  public func prepare(for linkType: Int32) throws(ReadingError) {
    if programs.contains(where: { $0.linkType == linkType }) { return }
    programs.append(try FilterProgram(expression, linkType: linkType))
  }

  /// Whether the filter takes a packet.
  ///
  /// - Parameters:
  ///   - octets: The packet as captured.
  ///   - length: Its octets on the wire.
  /// - Throws: `ReadingError.filter` when the expression does not compile for `linkType`.
  public func matches(
    _ octets: RawSpan, length: Int64, linkType: Int32
  ) throws(ReadingError) -> Bool {
    for program in programs where program.linkType == linkType {
      return program.matches(octets, length: length)
    }
    try prepare(for: linkType)
    return programs.last?.matches(octets, length: length) ?? false
  }
}

/// A filter compiled for one link type.
///
/// Sound because: the program is compiled by libpcap into a value of ours at one address, and
/// freed once; it is run by libpcap, which checks each access against the captured length given.
@safe private final class FilterProgram {
  let linkType: Int32
  private let program: UnsafeMutablePointer<bpf_program>

  /// The netmask that pcap_compile(3) takes as "not known"; a macro that Swift does not import.
  private static let unknownNetmask: UInt32 = 0xffff_ffff

  init(_ expression: String, linkType: Int32) throws(ReadingError) {
    // The snapshot length is what a matching program returns; any but 0 serves.
    guard let handle = unsafe pcap_open_dead(dataLinkType(linkType), 262_144) else {
      throw .filter(
        expression: expression, linkType: linkTypeName(linkType), reason: "libpcap has no memory")
    }
    defer { unsafe pcap_close(handle) }
    let compiled = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
    unsafe compiled.initialize(to: bpf_program())
    guard unsafe pcap_compile(handle, compiled, expression, 1, Self.unknownNetmask) == 0 else {
      let words = unsafe pcap_geterr(handle).map { unsafe String(cString: $0) } ?? "not understood"
      unsafe compiled.deallocate()
      throw .filter(expression: expression, linkType: linkTypeName(linkType), reason: words)
    }
    self.linkType = linkType
    unsafe program = compiled
  }

  deinit {
    unsafe pcap_freecode(program)
    unsafe program.deallocate()
  }

  func matches(_ octets: RawSpan, length: Int64) -> Bool {
    var header = pcap_pkthdr()
    header.caplen = UInt32(clamping: octets.byteCount)
    header.len = UInt32(clamping: length)
    return unsafe octets.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return unsafe run(&header, [0]) }
      return unsafe run(&header, base.assumingMemoryBound(to: UInt8.self))
    }
  }

  private func run(
    _ header: UnsafePointer<pcap_pkthdr>, _ octets: UnsafePointer<UInt8>
  ) -> Bool {
    unsafe pcap_offline_filter(program, header, octets) != 0
  }
}
