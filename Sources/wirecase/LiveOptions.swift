import ArgumentParser
import CaptureReading
import Foundation

/// The options of a live capture, beside those that every source has.
struct LiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Live: octets that are kept of a packet; 262144, the most, when not given.", valueName: "n"))
  var snapLength: Int?

  @Option(help: ArgumentHelp("Live: stop after that many seconds.", valueName: "s"))
  var duration: Double?

  @Option(
    help: ArgumentHelp(
      "Live: the folder for the capture's file or files; CASE.live when not given.",
      valueName: "folder"),
    completion: .directory)
  var write: String?

  @Option(
    help: ArgumentHelp(
      """
      Live, with --write: close a file after that many seconds, take it into the case as a \
      capture of its own, and go on in the next.
      """, valueName: "s"))
  var rotateSeconds: Double?

  @Option(
    help: ArgumentHelp(
      "Live, with --write: the same, before a file exceeds that many octets.", valueName: "n"))
  var rotateBytes: Int64?

  @Option(
    help: ArgumentHelp(
      """
      Live, with --rotate-…: keep the last files, and remove older ones once they are in the \
      case.
      """, valueName: "n"))
  var keep: Int?

  func validate() throws {
    if let snapLength, !(1...LiveInterface.longestSnapLength).contains(snapLength) {
      throw ValidationError(
        "--snap-length takes a number from 1 to \(LiveInterface.longestSnapLength)")
    }
    for (name, seconds) in [("duration", duration), ("rotate-seconds", rotateSeconds)] {
      if let seconds, !(0.1...1e9).contains(seconds) {
        throw ValidationError("--\(name) takes a number of seconds from 0.1")
      }
    }
    if let rotateBytes, rotateBytes < 4096 {
      throw ValidationError("--rotate-bytes takes a number from 4096")
    }
    if let keep, keep < 1 { throw ValidationError("--keep takes a number from 1") }
    let rotates = rotateSeconds != nil || rotateBytes != nil
    if rotates && write == nil {
      throw ValidationError("--rotate-seconds and --rotate-bytes go with --write")
    }
    if keep != nil && !rotates {
      throw ValidationError("--keep goes with --rotate-seconds or --rotate-bytes")
    }
  }

  /// Whether any of them was given.
  var isGiven: Bool {
    snapLength != nil || duration != nil || write != nil || rotateSeconds != nil
      || rotateBytes != nil || keep != nil
  }

  /// What they ask for.
  func request(
    interface: String, casePath: String, filter: String?, packetLimit: Int64?
  ) -> LiveRequest {
    var request = LiveRequest(
      interface: interface, folder: write ?? LiveSession.folder(ofCase: casePath),
      application: "wirecase \(Wirecase.version)")
    request.filter = filter
    request.packetLimit = packetLimit
    request.duration = duration
    request.rotateSeconds = rotateSeconds
    request.rotateOctets = rotateBytes
    if let snapLength { request.snapLength = snapLength }
    return request
  }
}
