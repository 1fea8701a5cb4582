#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What octets are read from, one after the other.
protocol OctetOrigin: AnyObject {
  /// Octets of all that can be read; `nil` for pipes and devices.
  var size: Int64? { get }

  /// Reads once into the free memory of `buffer`, at most as much as there is.
  func read(into buffer: OctetBuffer) -> SourceFile.Outcome

  /// Goes to octet `offset`; whether that went well.
  func seek(to offset: Int64) -> Bool
}

/// An open descriptor that octets are read from: read(2), so that a file which shrinks while it
/// is read ends early instead of ending the process, as a mapped one would.
final class SourceFile: OctetOrigin {
  private let descriptor: Int32
  private let isOwned: Bool
  /// Octets of a regular file when it was opened; `nil` for pipes and devices.
  let size: Int64?

  /// What a read brought.
  enum Outcome: Equatable {
    case octets(Int)
    case end
    /// In the system's words.
    case failed(reason: String)
  }

  /// What an entry of the file system is, and which: links to one file have one identity.
  struct Status {
    enum Kind { case file, folder, other }
    struct Identity: Hashable {
      var device: UInt64
      var node: UInt64
    }
    var kind: Kind
    var identity: Identity
  }

  init(_ location: CaptureLocation) throws(ReadingError) {
    switch location {
    case .standardInput:
      (descriptor, isOwned) = (0, false)
    case .file(let path):
      // Sound: the path is lent for the call as a C string, and only read.
      descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
      isOwned = true
      guard descriptor >= 0 else {
        throw Self.error(errno, name: location.name)
      }
    }
    var status = stat()
    // Sound: `status` is a value of ours which the call fills.
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      if isOwned { close(descriptor) }
      throw Self.error(code, name: location.name)
    }
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR {
      if isOwned { close(descriptor) }
      throw .folder(name: location.name)
    }
    size = type == S_IFREG ? Int64(status.st_size) : nil
  }

  deinit { if isOwned { close(descriptor) } }

  /// Reads once into the free memory of `buffer`, as much as there is, waiting for a pipe.
  func read(into buffer: OctetBuffer) -> Outcome {
    // Sound: read(2) writes at most `count` octets to what the buffer lends for the call.
    unsafe buffer.fill { tail -> (filled: Int, outcome: Outcome) in
      while true {
        let count = unsafe systemRead(descriptor, tail.baseAddress, tail.count)
        if count > 0 { return (count, .octets(count)) }
        if count == 0 { return (0, .end) }
        switch errno {
        case EINTR: continue
        case EAGAIN:
          // Whoever gave us the descriptor had made it non-blocking.
          var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
          _ = unsafe poll(&request, 1, -1)
        default: return (0, .failed(reason: Self.words(errno)))
        }
      }
    }
  }

  /// Goes to octet `offset` of the file; whether that went well.
  func seek(to offset: Int64) -> Bool {
    lseek(descriptor, off_t(offset), SEEK_SET) == offset
  }

  /// What stands at `path`, links followed.
  static func status(path: String) throws(ReadingError) -> Status {
    var status = stat()
    // Sound: the path is lent for the call and `status` is a value of ours which it fills.
    guard unsafe stat(path, &status) == 0 else { throw error(errno, name: path) }
    let kind: Status.Kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFREG: .file
      default: .other
      }
    return Status(
      kind: kind,
      identity: .init(
        device: UInt64(truncatingIfNeeded: status.st_dev),
        node: UInt64(truncatingIfNeeded: status.st_ino)))
  }

  private static func error(_ code: Int32, name: String) -> ReadingError {
    code == ENOENT ? .missing(name: name) : .unreadable(name: name, reason: words(code))
  }

  private static func words(_ code: Int32) -> String {
    // Sound: strerror answers a terminated string for any code, and the text is a copy.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

/// read(2), by a name that the members of `SourceFile` do not hide.
private func systemRead(_ descriptor: Int32, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int
{
  unsafe read(descriptor, base, count)
}
