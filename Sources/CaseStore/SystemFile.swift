import Foundation

// The one file of the store that calls the operating system's file functions. Sound: every pointer
// handed over is a Swift string's or a struct of ours, for the length of the call.

/// A file that is open, until it is closed.
struct SystemFile {
  let descriptor: Int32

  /// What the last call that failed says.
  static var lastError: String { unsafe String(cString: strerror(errno)) }

  /// Whether the last call that failed did for want of room.
  static var lastErrorIsFullDisk: Bool { errno == ENOSPC || errno == EDQUOT }

  /// - Returns: `nil` when it cannot be opened; `lastError` says why.
  init?(reading path: String) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  /// Opens the file for reading and writing, and creates it when it is not there.
  init?(creating path: String) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor < 0 { return nil }
  }

  func close() { _ = Glue.close(descriptor) }

  /// Takes flock(2)'s lock without waiting; whether it was to be had.
  func tryLock(shared: Bool) -> Bool {
    flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0
  }

  /// Whether `path` still names this very file.
  func isNamed(_ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    guard unsafe fstat(descriptor, &opened) == 0, unsafe stat(path, &named) == 0 else {
      return false
    }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// Makes `text` all that the file holds, or nothing where there is no room for it.
  func replace(with text: String) {
    ftruncate(descriptor, 0)
    try? FileHandle(fileDescriptor: descriptor).write(contentsOf: Data(text.utf8))
  }

  /// Forces what was written, or the names in a folder, to the disk; whether that went well.
  func sync() -> Bool { fsync(descriptor) == 0 }

  /// Gives the file at `path` another name in one step; whether that went well.
  static func rename(_ path: String, to other: String) -> Bool {
    Glue.rename(path, other) == 0
  }

  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// Removes a folder that is empty.
  static func removeFolder(_ path: String) { _ = unsafe rmdir(path) }

  /// The functions whose names this type uses itself.
  private enum Glue {
    static func close(_ descriptor: Int32) -> Int32 { Foundation.close(descriptor) }
    static func rename(_ path: String, _ other: String) -> Int32 {
      unsafe Foundation.rename(path, other)
    }
  }
}
