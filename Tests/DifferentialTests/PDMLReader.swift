import Foundation

/// Reads what `tshark -T pdml` prints: every layer and field of every packet, nested as in Wireshark's
/// tree, so that a tunnel's headers are told from those inside it, and a quoted datagram's from the
/// packet's own; `-T fields` joins them all.
///
/// It is XML of three elements, `packet`, `proto` and `field`, that hold no text; in attributes, tshark
/// escapes `<`, `>` and quotation marks. So a tag ends at the next `>`.
struct PDMLReader {
  private var packets: [DissectedPacket] = []
  /// The layers that are open, as indexes into the packet's.
  private var open: [Int] = []
  /// Whether the packet's quote has begun. What the quoted datagram carries, such as its DNS message, may
  /// stand beside the ICMP layer instead of inside it.
  private var isQuoted = false
  private var isCustomBlock = false

  /// The packets of a file, numbered as Wirecase numbers them.
  static func packets(_ text: String) -> [DissectedPacket] {
    var reader = PDMLReader()
    let octets = Array(text.utf8)
    var offset = 0
    while let start = octets[offset...].firstIndex(of: UInt8(ascii: "<")),
      let end = octets[start...].firstIndex(of: UInt8(ascii: ">"))
    {
      reader.read(PDMLTag(octets: octets[(start + 1)..<end]))
      offset = end + 1
    }
    return reader.packets
  }

  private mutating func read(_ tag: PDMLTag) {
    switch tag.element {
    case "packet":
      packets.append(DissectedPacket(number: Int64(packets.count) + 1))
      (open, isQuoted, isCustomBlock) = ([], false, false)
    case "/packet": if isCustomBlock { packets.removeLast() }
    case "proto":
      begin(tag["name"])
      if tag.octets.last == UInt8(ascii: "/") { open.removeLast() }
    case "/proto": _ = open.popLast()
    case "field":
      if let layer = open.last { add(.init(tag), to: layer) }
    default: break
    }
  }

  private mutating func begin(_ name: String) {
    guard let packet = packets.indices.last else { return }
    if name == "ip" || name == "ipv6" {
      let around = open.map { packets[packet].layers[$0].name }
      if around.contains("icmp") || around.contains("icmpv6") { isQuoted = true }
    }
    open.append(packets[packet].layers.count)
    packets[packet].layers.append(.init(name: name, isQuoted: isQuoted))
  }

  private mutating func add(_ field: DissectedPacket.Field, to layer: Int) {
    // Its private enterprise number: a pcapng block with an application's own data, which tshark counts
    // as a packet and Wirecase does not.
    if field.name == "frame.cb_pen" { isCustomBlock = true }
    packets[packets.count - 1].layers[layer].fields.append(field)
  }
}

/// What stands between `<` and `>`: an element's name, and attributes `name="value"` parted by blanks.
struct PDMLTag {
  var octets: ArraySlice<UInt8>

  var element: String { String(decoding: octets.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self) }

  /// The value of an attribute; empty where there is none.
  subscript(_ attribute: String) -> String {
    var rest = octets.drop { $0 != UInt8(ascii: " ") }
    while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
      let name = rest[..<equals].drop { $0 == UInt8(ascii: " ") }
      let value = rest[(equals + 1)...].dropFirst().prefix { $0 != UInt8(ascii: "\"") }
      if name.elementsEqual(attribute.utf8) { return Self.unescaped(value) }
      rest = rest[value.endIndex...].dropFirst()
    }
    return ""
  }

  private static func unescaped(_ value: ArraySlice<UInt8>) -> String {
    let text = String(decoding: value, as: UTF8.self)
    guard value.contains(UInt8(ascii: "&")) else { return text }
    return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
      .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }
}
