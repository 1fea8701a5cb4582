import Foundation

/// The pcapng file that a live capture goes into: under `NAME.partial` until it is closed, so that
/// a name without that is a whole capture.
///
/// While it is written it is locked (flock(2)): a `.partial` file that nobody has locked is what a
/// killed capture left. For one thread.
final class LiveFile {
  /// What the name ends with while the file is written.
  static let partialSuffix = ".partial"
  /// Octets that are gathered before they are written: enough to make the calls cheap.
  private static let chunk = 1 << 20

  /// Where it stands once it is closed.
  let path: String
  private(set) var packets: Int64 = 0
  /// Octets so far, those not yet written included.
  private(set) var size: Int64 = 0
  private let handle: FileHandle
  private var pending = PcapNGOctets()
  /// Whether octets could not be written: blocks behind the gap could not be told from it.
  private var isCut = false

  /// Makes a file in `folder` whose name says interface and time, and which is not there yet.
  ///
  /// - Throws: `LiveError.noFile`.
  init(folder: String, interface: String, at date: Date) throws(LiveError) {
    let time = date.formatted(
      .verbatim(
        "\(year: .padded(4))\(month: .twoDigits)\(day: .twoDigits)T\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\(second: .twoDigits)Z",
        timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    let stem = interface.replacing("/", with: "_") + "-" + time
    var (candidate, number) = ("", 1)
    repeat {
      let name = number == 1 ? stem : "\(stem)-\(number)"
      candidate = URL(filePath: folder).appending(path: name + ".pcapng").relativePath
      number += 1
    } while FileManager.default.fileExists(atPath: candidate)
      || FileManager.default.fileExists(atPath: candidate + Self.partialSuffix)
    path = candidate
    do {
      let url = URL(filePath: candidate + Self.partialSuffix)
      try FileManager.default.createDirectory(
        at: URL(filePath: folder), withIntermediateDirectories: true)
      try Data().write(to: url, options: .withoutOverwriting)
      handle = try FileHandle(forWritingTo: url)
    } catch {
      throw .noFile(path: candidate, reason: Self.words(error))
    }
    _ = flock(handle.fileDescriptor, LOCK_EX | LOCK_NB)
    pending.reserve(Self.chunk + (1 << 19))
  }

  /// Adds blocks that `body` makes.
  ///
  /// - Throws: When the octets that were gathered cannot be written.
  @inline(__always)
  func add(packets added: Int64 = 0, _ body: (inout PcapNGOctets) -> Void) throws {
    let before = pending.count
    body(&pending)
    size += Int64(pending.count - before)
    packets += added
    if pending.count >= Self.chunk { try flush() }
  }

  /// Writes what was gathered. A writer that is killed later has lost nothing before this.
  func flush() throws {
    guard pending.count > 0, !isCut else { return pending.removeAll() }
    defer { pending.removeAll() }
    isCut = true
    try handle.write(contentsOf: Data(pending.octets))
    isCut = false
  }

  /// Ends the writing; what is left to do takes its time and may be done on another thread.
  func close() -> ClosedLiveFile {
    ClosedLiveFile(path: path, packets: packets, handle: handle)
  }

  /// Removes the file.
  func discard() {
    try? handle.close()
    try? FileManager.default.removeItem(atPath: path + Self.partialSuffix)
  }

  static func words(_ error: any Error) -> String {
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    let words = cause.localizedFailureReason ?? cause.localizedDescription
    return words.hasSuffix(".") ? String(words.dropLast()) : words
  }
}

/// A file of a live capture whose last octet is written, but not yet synced and named.
public struct ClosedLiveFile: Sendable {
  /// Where `settle` puts it.
  public var path: String
  /// Packets in it.
  public var packets: Int64
  let handle: FileHandle

  /// Forces the octets to the disk, and gives the file its name.
  ///
  /// - Throws: `LiveError.noFile`; the packets are in `PATH.partial` then.
  public func settle() throws(LiveError) {
    do {
      try handle.synchronize()
      try FileManager.default.moveItem(atPath: path + LiveFile.partialSuffix, toPath: path)
      try handle.close()
    } catch {
      throw .noFile(path: path + LiveFile.partialSuffix, reason: LiveFile.words(error))
    }
  }
}

/// The files in `folder` that killed captures left behind, by name; those that are being written
/// are none.
public func abandonedLiveFiles(in folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".pcapng" + LiveFile.partialSuffix) }.sorted()
    .map { URL(filePath: folder).appending(path: $0).relativePath }
    .filter { path in
      guard let handle = FileHandle(forReadingAtPath: path) else { return false }
      defer { try? handle.close() }
      return flock(handle.fileDescriptor, LOCK_SH | LOCK_NB) == 0
    }
}
