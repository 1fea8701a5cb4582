import ArgumentParser
import CaptureReading
import CaseStore
import Foundation
import Ingestion

/// A live capture and the ingest of its files, from the beginning to the end.
struct LiveSession {
  let casePath: String
  let request: LiveRequest
  let options: IngestOptions
  /// Files that stay; `nil` for all.
  let keep: Int?
  let telling: IngestTelling

  /// Where a case's live captures go when the user names no folder.
  static func folder(ofCase path: String) -> String { path + ".live" }

  /// What became of a session.
  struct Outcome {
    var results: [IngestResult]
    /// Whether the capture ended before anybody asked for its end.
    var hadTrouble: Bool
  }

  /// Captures until a limit or a signal, and takes each file in when it closes.
  ///
  /// - Throws: `LiveError`, `ReadingError.filter` and `CaseError` before the first packet;
  ///   afterwards the exit code of what kept a file out of the case, which was said.
  func run() throws -> Outcome {
    // A case that cannot be written is to be known before the capture, not after it.
    let writer = try CaseWriter(path: casePath, by: .current) {
      Terminal.say("\(casePath) is being written by \($0); waiting")
    }
    try? writer.finish()
    sayAbandonedCaptures(ofCase: casePath, in: [request.folder])

    let capture = try LiveCapture(request)
    Interruption.begin()
    let intake = LiveIntake(casePath: casePath, options: options, keep: keep, telling: telling)
    Terminal.say(
      "\(request.interface): capturing to \(capture.path); "
        + (request.duration.map { "for \($0.formatted()) s, or until " } ?? "until ") + "Ctrl-C")
    let name = request.interface
    let summary = capture.run(
      isStopped: { Interruption.isAsked },
      tick: { packets in
        if Terminal.errorIsTerminal { Terminal.show("\r\u{1b}[K\(name): \(packets) packets") }
      },
      closed: { intake.add($0) })
    Interruption.end()
    if Terminal.errorIsTerminal { Terminal.show("\r\u{1b}[K") }
    if let trouble = summary.trouble { Terminal.say("\(trouble).") }
    Terminal.say(
      "\(name): \(summary.packets) packets, \(summary.counts.dropped) dropped by the kernel, "
        + "\(summary.counts.interfaceDropped) by the interface")
    return Outcome(results: try intake.end(), hadTrouble: summary.trouble != nil)
  }
}

/// Says which files killed captures left beside a case and in `folders`, but for those that were
/// taken in since.
func sayAbandonedCaptures(ofCase path: String, in folders: Set<String> = []) {
  let all = folders.union([LiveSession.folder(ofCase: path)])
  let files = all.sorted().flatMap(abandonedLiveFiles)
  if files.isEmpty { return }
  let rows = try? CaseReader(path: path).rows("SELECT path FROM captures")
  let known = Set((rows ?? []).compactMap { $0["path"].text })
  for file in files where !known.contains(URL(filePath: file).path) {
    Terminal.say(
      "\(file): left by a capture that was killed; 'wirecase ingest \(path) \(file)' takes it in")
  }
}
