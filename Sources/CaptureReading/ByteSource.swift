/// One stream of octets with its compression undone, seen through a window that is read on.
///
/// Compression is told by content, never by name, and undone once. Memory is bounded by what is
/// asked for with `require`. The observer sees every octet of the source file, as it is there,
/// once and in order.
final class ByteSource {
  /// Octets that are read at a time: enough to make the calls cheap, few enough to stay in a
  /// processor's second-level cache until they have been looked at.
  private static let chunk = 256 * 1024

  /// Octets that stay to be looked at again after they were taken.
  private static let lookBack = 64 * 1024

  enum Compression: String {
    case gzip, zstd

    /// RFC 1952, 2.3.1; RFC 8878, 3.1.1 and 3.1.2 (skippable frames).
    init?(_ octets: RawSpan) {
      if octets.starts(with: [0x1f, 0x8b, 0x08]) {
        self = .gzip
      } else if octets.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
        || (octets.octet(at: 0).map { $0 & 0xf0 == 0x50 } == true
          && octets.octet(at: 1) == 0x2a && octets.octet(at: 2) == 0x4d
          && octets.octet(at: 3) == 0x18)
      {
        self = .zstd
      } else {
        return nil
      }
    }
  }

  private enum Unpacking {
    case none
    case gzip(GzipInflation)
    case zstd(ZstdDecompression)
  }

  /// Why the octets end before their end.
  struct Failure {
    var kind: ReadingFault.Kind
    /// A sentence without its full stop.
    var reason: String
  }

  let name: String
  let compression: Compression?
  private let file: any OctetOrigin
  private let observer: ((RawSpan) -> Void)?
  private let window: OctetBuffer
  /// Compressed octets that were read and not yet undone; the window itself without compression.
  private let packed: OctetBuffer
  private let unpacking: Unpacking
  /// Whether the source file has been read to its end.
  private(set) var fileHasEnded = false
  private var isInsideFrame = true

  /// Octets from the start of the decompressed stream to the window.
  private(set) var position: Int64 = 0
  /// Octets read from the source file so far.
  private(set) var sourceOctets: Int64 = 0
  /// Set once no further octets come.
  private(set) var hasEnded = false
  private(set) var failure: Failure?

  /// Octets of a regular file; `nil` for pipes.
  var sourceSize: Int64? { file.size }

  convenience init(
    _ location: CaptureLocation, observer: ((RawSpan) -> Void)? = nil
  ) throws(ReadingError) {
    try self.init(SourceFile(location), name: location.name, observer: observer)
  }

  init(
    _ file: any OctetOrigin, name: String, observer: ((RawSpan) -> Void)? = nil
  ) throws(ReadingError) {
    self.name = name
    self.file = file
    self.observer = observer
    packed = OctetBuffer(capacity: Self.chunk, lookBack: Self.lookBack)
    var ending = SourceFile.Outcome.octets(0)
    while packed.count < 4 {
      ending = Self.readOnce(file, into: packed, observer, &sourceOctets)
      guard case .octets = ending else { break }
    }
    if case .failed(let reason) = ending { throw .unreadable(name: name, reason: reason) }
    guard packed.count > 0 else { throw .empty(name: name) }
    compression = packed.withOctets(4) { Compression($0) }
    switch compression {
    case nil:
      (window, unpacking) = (packed, .none)
    case .gzip:
      guard let inflation = GzipInflation() else {
        throw .unreadable(name: name, reason: "zlib has no memory")
      }
      (window, unpacking) = (
        OctetBuffer(capacity: Self.chunk, lookBack: Self.lookBack), .gzip(inflation)
      )
    case .zstd:
      guard let decompression = ZstdDecompression() else {
        throw .unreadable(name: name, reason: "libzstd has no memory")
      }
      (window, unpacking) = (
        OctetBuffer(capacity: Self.chunk, lookBack: Self.lookBack), .zstd(decompression)
      )
    }
    fileHasEnded = ending == .end
    if compression == nil { hasEnded = fileHasEnded }
  }

  /// Octets that can be looked at without reading.
  var available: Int { window.count }

  /// Reads until the window holds `count` octets; `false` when the source ends before.
  @inline(__always)
  func require(_ count: Int) -> Bool {
    window.count >= count || readOn(until: count)
  }

  /// Lends the first `count` octets of the window, or all when there are fewer.
  @inline(__always)
  func withOctets<Result, Failure: Error>(
    _ count: Int, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try window.withOctets(count, body)
  }

  /// Lends `count` octets from `offset` of the decompressed stream on, which were taken before; `nil`
  /// where they are not kept any more.
  @inline(__always)
  func withEarlier<Result>(
    at offset: Int64, _ count: Int, _ body: (RawSpan) -> Result
  ) -> Result? {
    window.withOctets(before: Int(clamping: position &- offset), count, body)
  }

  /// The place of the first `octet` among the first `limit` of the window.
  func firstIndex(of octet: UInt8, limit: Int) -> Int? {
    window.firstIndex(of: octet, limit: limit)
  }

  /// Takes `count` octets, which the window holds, away.
  @inline(__always)
  func consume(_ count: Int) {
    window.consume(count)
    position &+= Int64(count)
  }

  /// Takes `count` octets away, in the window or not; answers how many there were.
  func skip(_ count: Int64) -> Int64 {
    var left = count
    while left > 0 {
      guard require(1) else { break }
      let step = Int(clamping: min(left, Int64(available)))
      consume(step)
      left -= Int64(step)
    }
    return count - left
  }

  /// Goes to octet `offset` of the decompressed stream: by seeking in a plain file, else by reading
  /// on; `false` when the stream ends before, or lies behind and cannot be had again.
  func move(to offset: Int64) -> Bool {
    guard offset >= 0 else { return false }
    let ahead = offset - position
    if ahead >= 0 && ahead <= Int64(available) {
      consume(Int(ahead))
      return true
    }
    if compression == nil && observer == nil && file.size != nil {
      guard file.seek(to: offset) else { return false }
      consume(available)
      window.forgetBehind()
      (position, sourceOctets) = (offset, offset)
      (fileHasEnded, hasEnded, failure) = (false, false, nil)
      return true
    }
    return ahead > 0 && skip(ahead) == ahead
  }

  /// Reads the source file to its end for the observer's sake; the octets are not kept.
  func drain() {
    consume(available)
    hasEnded = true
    while !fileHasEnded {
      packed.consume(packed.count)
      packed.makeRoom(for: Self.chunk)
      readFile()
    }
  }

  private func readOn(until count: Int) -> Bool {
    if hasEnded { return false }
    window.makeRoom(for: max(count, Self.chunk))
    while window.count < count && !hasEnded {
      switch unpacking {
      case .none:
        readFile()
        hasEnded = fileHasEnded
      case .gzip(let inflation):
        unpack { inflation.decompress(packed, into: window) }
      case .zstd(let decompression):
        unpack { decompression.decompress(packed, into: window) }
      }
    }
    return window.count >= count
  }

  private func unpack(_ step: () -> DecompressionOutcome) {
    if packed.count == 0 {
      packed.makeRoom(for: Self.chunk)
      readFile()
    }
    if packed.count == 0 && fileHasEnded {
      // What the decompressor still holds back comes without input; only then is it the end.
      let before = window.count
      if isInsideFrame, case .frameEnded = step() { isInsideFrame = false }
      if window.count > before { return }
      hasEnded = true
      if isInsideFrame && failure == nil {
        failure = Failure(
          kind: .cut,
          reason: "the \(compression?.rawValue ?? "") data end before their end, at octet "
            + "\(sourceOctets) of the file")
      }
      return
    }
    switch step() {
    case .goesOn:
      isInsideFrame = true
    case .frameEnded:
      isInsideFrame = false
    case .malformed(let reason):
      hasEnded = true
      failure = Failure(
        kind: .malformed,
        reason: "\(reason), near octet \(sourceOctets - Int64(packed.count)) of the file")
    }
  }

  private func readFile() {
    switch Self.readOnce(file, into: packed, observer, &sourceOctets) {
    case .octets: break
    case .end: fileHasEnded = true
    case .failed(let reason):
      fileHasEnded = true
      failure = Failure(
        kind: .cut, reason: "reading fails at octet \(sourceOctets) of the file: \(reason)")
    }
  }

  private static func readOnce(
    _ file: any OctetOrigin, into buffer: OctetBuffer, _ observer: ((RawSpan) -> Void)?,
    _ total: inout Int64
  ) -> SourceFile.Outcome {
    let outcome = file.read(into: buffer)
    if case .octets(let count) = outcome {
      total &+= Int64(count)
      if let observer { buffer.withLast(count, observer) }
    }
    return outcome
  }
}
