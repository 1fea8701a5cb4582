import CaseFixtures
import Foundation

/// Wireshark's own dissectors, run once per file.
enum TShark {
  /// The version that `disagreements.tsv` was written with; another may err elsewhere.
  static let listed = "4.0.17"

  static let program = OtherPrograms.find("tshark")

  static let version: String = {
    guard let program,
      let text = try? OtherPrograms.run(program, ["--version"], in: NSTemporaryDirectory()),
      let match = text.firstMatch(of: /[0-9]+\.[0-9]+\.[0-9]+/)
    else { return "unknown" }
    return String(match.output)
  }()

  private static let options = [
    // No names for addresses and ports.
    "-n",
    // Two passes: a datagram's fragments and a message's segments are known before the packet that
    // completes them is shown, as they are in a case.
    "-2",
    // Sequence numbers as they are on the wire, also in quotes, where tshark has no `tcp.seq_raw`.
    "-o", "tcp.relative_sequence_numbers:FALSE",
    // Each segment is dissected for what it says. With its analysis on, tshark takes a packet that a
    // second interface saw for a retransmission, and shows nothing of what it carries. Without it, a
    // message is shown as often as its segments were captured.
    "-o", "tcp.analyze_sequence_numbers:FALSE",
    // Messages that span segments stand with the segment that completes them, also when these came
    // out of order.
    "-o", "tcp.desegment_tcp_streams:TRUE",
    "-o", "tcp.reassemble_out_of_order:TRUE",
    // HTTP's headers are compared where they stand, not where their body ends.
    "-o", "http.desegment_body:FALSE",
    // Else it guesses DNS at any port, and takes QUIC for it. Wirecase goes by the port.
    "--disable-heuristic", "dns_udp",
  ]

  /// The packets of a file.
  ///
  /// - Parameter folder: Where files may be put for the time that it runs.
  static func packets(of path: String, in folder: String) throws -> [DissectedPacket] {
    guard let program else { return [] }
    // 2: the file ends early, or is none that it knows; what it could read, it has printed.
    let text = try OtherPrograms.run(
      program, options + ["-T", "pdml", "-r", path], in: folder,
      // Wireshark's own preferences, and none of the user's.
      environment: ["WIRESHARK_CONFIG_DIR": folder], accepting: [0, 2])
    return PDMLReader.packets(text)
  }
}
