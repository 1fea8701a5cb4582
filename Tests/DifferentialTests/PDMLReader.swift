import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads what `tshark -T pdml` prints: every layer and field of every packet, nested as in Wireshark's
/// tree, so that a tunnel's headers are told from those inside it, and a quoted datagram's from the
/// packet's own; `-T fields` joins them all.
final class PDMLReader: NSObject, XMLParserDelegate {
  private var packets: [DissectedPacket] = []
  /// The layers that are open, as indexes into the packet's.
  private var open: [Int] = []
  /// Whether the packet's quote has begun. What the quoted datagram carries, such as its DNS message, may
  /// stand beside the ICMP layer instead of inside it.
  private var isQuoted = false
  private var isCustomBlock = false

  struct Malformed: Error, CustomStringConvertible {
    var description: String
  }

  /// The packets of a file, numbered as Wirecase numbers them.
  ///
  /// - Throws: `Malformed` when the text is no PDML.
  static func packets(_ text: String) throws -> [DissectedPacket] {
    let reader = PDMLReader()
    var rest = Data(text.utf8)[...]
    // Packet by packet: libxml2 refuses a document of more than 10 MB.
    while let start = rest.range(of: Data("<packet>".utf8)),
      let end = rest.range(of: Data("</packet>".utf8))
    {
      let parser = XMLParser(data: Data(rest[start.lowerBound..<end.upperBound]))
      parser.delegate = reader
      guard parser.parse() else {
        throw Malformed(
          description:
            "tshark's PDML of packet \(reader.packets.count), line \(parser.lineNumber): "
            + (parser.parserError.map { "\($0)" } ?? "unknown error"))
      }
      rest = rest[end.upperBound...]
    }
    return reader.packets
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    switch element {
    case "packet":
      packets.append(DissectedPacket(number: Int64(packets.count) + 1))
      (open, isQuoted, isCustomBlock) = ([], false, false)
    case "proto":
      guard let packet = packets.indices.last, let name = attributes["name"] else { return }
      if name == "ip" || name == "ipv6" {
        let around = open.map { packets[packet].layers[$0].name }
        if around.contains("icmp") || around.contains("icmpv6") { isQuoted = true }
      }
      open.append(packets[packet].layers.count)
      packets[packet].layers.append(.init(name: name, isQuoted: isQuoted))
    case "field":
      guard let packet = packets.indices.last, let layer = open.last,
        let name = attributes["name"]
      else { return }
      // Its private enterprise number: a pcapng block with an application's own data, which tshark
      // counts as a packet and Wirecase does not.
      if name == "frame.cb_pen" { isCustomBlock = true }
      packets[packet].layers[layer].fields.append(
        .init(
          name: name, show: attributes["show"] ?? "", line: attributes["showname"] ?? "",
          octets: attributes["value"] ?? ""))
    default: break
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    switch element {
    case "proto": _ = open.popLast()
    case "packet": if isCustomBlock { packets.removeLast() }
    default: break
    }
  }
}
