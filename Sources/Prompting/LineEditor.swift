import CEdit
import Foundation
import Synchronization

// The one file that calls libedit. Sound: the editor and its history are made and ended with the
// object that owns them, and used on the thread that reads lines. libedit calls back only while
// `read` runs, when the owner that it hands over is alive, since its method is running. What libedit
// lends (the line) is copied at once; the prompt that it is lent stays until another takes its place,
// which happens between two lines alone.

/// Lines typed on a terminal: edited, with a history and completion.
@safe final class LineEditor {
  /// What was typed.
  enum Input: Equatable {
    /// Without its line end.
    case line(String)
    /// Ctrl-C; what stood there is gone.
    case dropped(wasEmpty: Bool)
    /// Ctrl-D on an empty line, or nobody is there any more.
    case end
  }

  /// Lines that the arrow keys reach.
  static let historyLimit = Int32(HistoryFile.mostEntries)

  private let editor: OpaquePointer
  private let entries: OpaquePointer
  private let complete: (_ before: String, _ after: String) -> Completion
  private var prompt: UnsafeMutablePointer<CChar>?
  private var dropped: (isDropped: Bool, wasEmpty: Bool) = (false, false)

  /// - Parameters:
  ///   - history: Oldest first.
  ///   - complete: What could stand between the parts of a line.
  /// - Returns: `nil` where the terminal cannot be used so.
  init?(
    history: [String], complete: @escaping (_ before: String, _ after: String) -> Completion
  ) {
    // What is typed is read as UTF-8 wherever the system knows it.
    if unsafe setlocale(LC_CTYPE, "") == nil || wirecase_longest_character() == 1 {
      _ = unsafe setlocale(LC_CTYPE, "C.UTF-8")
    }
    guard let editor = unsafe wirecase_edit_begin("wirecase") else { return nil }
    guard let entries = unsafe history_init() else {
      unsafe el_end(editor)
      return nil
    }
    unsafe (self.editor, self.entries) = unsafe (editor, entries)
    self.complete = complete
    unsafe wirecase_history_limit(entries, Self.historyLimit)
    for entry in history { unsafe wirecase_history_enter(entries, entry) }
    unsafe wirecase_edit_set_owner(editor, Unmanaged.passUnretained(self).toOpaque())
    unsafe wirecase_edit_use_prompt(editor) { unsafe LineEditor.owner(of: $0)?.prompt }
    unsafe wirecase_edit_use_emacs_keys(editor)
    unsafe wirecase_edit_use_history(editor, entries)
    unsafe wirecase_edit_handle_signals(editor)
    unsafe wirecase_edit_take_signal_keys(editor)
    unsafe wirecase_edit_add_function(editor, "wirecase-complete") { editor, _ in
      unsafe LineEditor.owner(of: editor)?.completeWord() ?? UInt8(CC_ERROR)
    }
    unsafe wirecase_edit_add_function(editor, "wirecase-drop") { editor, _ in
      unsafe LineEditor.owner(of: editor)?.dropLine() ?? UInt8(CC_ERROR)
    }
    unsafe wirecase_edit_add_function(editor, "wirecase-suspend") { _, _ in
      _ = raise(SIGTSTP)
      return UInt8(CC_REDISPLAY)
    }
    for (key, function) in [
      ("^I", "wirecase-complete"), ("^C", "wirecase-drop"), ("^Z", "wirecase-suspend"),
      ("^R", "em-inc-search-prev"),
    ] {
      unsafe wirecase_edit_bind(editor, key, function)
    }
    // The user's own keys, from ~/.editrc.
    unsafe el_source(editor, nil)
  }

  deinit {
    unsafe el_end(editor)
    unsafe history_end(entries)
    unsafe free(prompt)
  }

  /// Waits for a line.
  func read(prompt text: String) -> Input {
    unsafe free(prompt)
    unsafe prompt = strdup(text)
    dropped = (false, false)
    // Else Ctrl-C would be a signal still while the prompt is shown, and nobody's.
    unsafe wirecase_edit_prepare_terminal(editor)
    var count: Int32 = 0
    let start = unsafe el_gets(editor, &count)
    if dropped.isDropped { return .dropped(wasEmpty: dropped.wasEmpty) }
    guard let start = unsafe start, count > 0 else { return .end }
    let octets = unsafe UnsafeRawBufferPointer(start: start, count: Int(count))
    let line = unsafe String(decoding: octets, as: UTF8.self)
    return .line(line.hasSuffix("\n") ? String(line.dropLast()) : line)
  }

  /// Lets the arrow keys reach a line.
  func remember(_ entry: String) { unsafe wirecase_history_enter(entries, entry) }

  // MARK: - Keys

  private static func owner(of editor: OpaquePointer?) -> LineEditor? {
    guard let owner = unsafe wirecase_edit_owner(editor) else { return nil }
    return unsafe Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue()
  }

  /// What stands before the cursor, and behind it.
  private var typed: (before: String, after: String) {
    guard let line = unsafe el_line(editor)?.pointee else { return ("", "") }
    let before = unsafe UnsafeRawBufferPointer(
      start: line.buffer, count: max(0, line.cursor - line.buffer))
    let after = unsafe UnsafeRawBufferPointer(
      start: line.cursor, count: max(0, line.lastchar - line.cursor))
    return unsafe (String(decoding: before, as: UTF8.self), String(decoding: after, as: UTF8.self))
  }

  private func dropLine() -> UInt8 {
    let (before, after) = typed
    dropped = (true, before.isEmpty && after.isEmpty)
    Self.show("^C\r\n")
    return UInt8(CC_NEWLINE)
  }

  private func completeWord() -> UInt8 {
    let (before, after) = typed
    // Pasted text has more behind it, and its tabs are blanks, as at the beginning of a line.
    if before.allSatisfy(\.isWhitespace) || Self.hasMoreInput {
      return unsafe el_insertstr(editor, "  ") == 0 ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
    }
    let completion = complete(before, after)
    guard !completion.choices.isEmpty else { return UInt8(CC_REFRESH_BEEP) }
    let isShortened = completion.text.count < completion.word.count
    if completion.text != completion.word, !isShortened {
      unsafe el_deletestr(editor, Int32(clamping: completion.word.count))
      return unsafe el_insertstr(editor, completion.text) == 0
        ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
    }
    guard completion.choices.count > 1 else { return UInt8(CC_NORM) }
    Self.show("\r\n" + completion.listing.replacing("\n", with: "\r\n"))
    return UInt8(CC_REDISPLAY)
  }

  private static var hasMoreInput: Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&input, 1, 0) > 0
  }

  private static func show(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }
}

/// Ctrl-C while a statement runs.
enum StatementStop {
  private static let asked = Atomic<Bool>(false)

  /// From now on SIGINT ends no program: it asks for the end of the statement in work.
  static func begin() {
    // A signal may come at any instruction: the handler only stores.
    _ = signal(SIGINT) { _ in StatementStop.asked.store(true, ordering: .sequentiallyConsistent) }
    reset()
  }

  static var isAsked: Bool { asked.load(ordering: .sequentiallyConsistent) }

  static func reset() { asked.store(false, ordering: .sequentiallyConsistent) }

  /// SIGINT ends the program again.
  static func end() { _ = signal(SIGINT, SIG_DFL) }
}
