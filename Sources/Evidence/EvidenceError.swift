/// Why packets cannot be shown or written. Each is one line: what, where, what to do.
public enum EvidenceError: Error, Equatable, CustomStringConvertible {
  /// Neither `capture:number` nor a number.
  case notAPacketName(String)
  /// A number alone, where the case holds several captures, or none.
  case captureNotNamed(String, captures: Int)
  case noPacket(String)
  case noFinding(Int64)
  case noFlow(Int64)
  /// The packet asked no question of DNS, nor belongs to one.
  case noTransaction(String)
  /// A condition that is no single expression; `place` is an octet of it.
  case condition(String, reason: String, place: Int?)
  /// Something stands where the file is to be written.
  case occupied(path: String, holds: String)
  case noFolder(path: String)
  case notWritable(path: String, reason: String)
  case unreadableManifest(path: String, reason: String)

  public var description: String {
    switch self {
    case .notAPacketName(let text):
      "'\(text)' names no packet; write capture:number, such as 2:65 or client.pcap:65, or a packet_id"
    case .captureNotNamed(let text, let captures):
      "'\(text)' does not say of which capture: the case holds \(captures); write 2:\(text) for "
        + "packet \(text) of capture 2, as findings cite it"
    case .noPacket(let text):
      "the case holds no packet \(text); 'SELECT capture_id, name, packets FROM captures' tells "
        + "what there is"
    case .noFinding(let id):
      "the case holds no finding \(id); 'SELECT finding_id, summary FROM findings' lists them, and "
        + "'wirecase run' looks for them"
    case .noFlow(let id):
      "the case holds no flow \(id); 'SELECT flow_id, client, server, service FROM flows' lists them"
    case .noTransaction(let text):
      "packet \(text) belongs to no DNS question; 'SELECT query_packet_id, qname FROM "
        + "dns_transactions' lists those that do"
    case .condition(let text, let reason, let place):
      "--where: \(reason)" + (place.map { Self.pointing(at: $0, in: text) } ?? "")
    case .occupied(let path, let holds):
      "\(path): \(holds), and is left alone; name another file, or remove it first"
    case .noFolder(let path):
      "\(path): the folder of the file does not exist; create it first"
    case .notWritable(let path, let reason):
      "\(path): cannot be written: \(reason); nothing is left there. Check the folder, its "
        + "permissions and the space on its disk"
    case .unreadableManifest(let path, let reason):
      "\(path): is no manifest of 'wirecase export': \(reason); name the file FILE.manifest.json "
        + "that stood beside the export"
    }
  }

  private static func pointing(at place: Int, in text: String) -> String {
    let before = String(decoding: text.utf8.prefix(place), as: UTF8.self)
    let rest = String(decoding: text.utf8.dropFirst(place), as: UTF8.self)
    let token = rest.prefix(while: { !$0.isWhitespace }).prefix(40)
    let column = "column \(before.count + 1)"
    return token.isEmpty ? " (\(column))" : " (\(column), at '\(token)')"
  }
}
