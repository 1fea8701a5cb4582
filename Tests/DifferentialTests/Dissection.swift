/// A packet as tshark dissects it: its layers in the order of the octets.
struct DissectedPacket {
  /// 1 for the first packet of the file.
  var number: Int64
  var layers: [Layer] = []

  /// A protocol's part of a packet.
  struct Layer {
    /// Wireshark's name of the protocol, such as `ip`.
    var name: String
    /// Whether it belongs to the datagram that an ICMP error quotes.
    var isQuoted: Bool
    /// Its fields in order, those of inner trees among them; not those of layers inside it.
    var fields: [Field] = []
  }

  /// A field of a layer. Of the hundreds that a packet has, few are looked at: only then is more read than
  /// the name.
  struct Field {
    /// Wireshark's name, such as `ip.src`; empty for a line of text.
    let name: String
    private let tag: PDMLTag

    init(_ tag: PDMLTag) { (name, self.tag) = (tag["name"], tag) }

    /// The value as `-T fields` prints it.
    var show: String { tag["show"] }
    /// The line that Wireshark's tree has, such as `Type: A (Host Address) (1)`.
    var line: String { tag["showname"] }
    /// The octets, hexadecimal.
    var octets: String { tag["value"] }
  }
}

extension DissectedPacket {
  /// The layers down to what an ICMP error quotes, and to TCP: what TCP carries, such as the frames
  /// in OpenFlow's messages, is an application's matter and no encapsulation.
  var carried: [Layer] {
    var carried: [Layer] = []
    for layer in layers {
      if layer.isQuoted { break }
      carried.append(layer)
      if layer.name == "tcp" { break }
    }
    return carried
  }

  /// The innermost IP header, which `packets` has; `nil` when there is none.
  var ip: Layer? { carried.last { $0.isIP } }

  /// The innermost IP header and what it carries.
  var datagram: [Layer] {
    let carried = carried
    return carried.lastIndex { $0.isIP }.map { Array(carried[$0...]) } ?? []
  }

  /// The layers of what an ICMP error quotes.
  var quoted: [Layer] { layers.filter(\.isQuoted) }

  /// The layers of a protocol that the packet itself carries, such as the DNS messages of a segment.
  func messages(_ name: String) -> [Layer] { layers.filter { $0.name == name && !$0.isQuoted } }
}

extension DissectedPacket.Layer {
  var isIP: Bool { name == "ip" || name == "ipv6" }

  /// The first value of a field; `nil` where it is not there or empty.
  subscript(_ field: String) -> String? {
    fields.first { $0.name == field && !$0.show.isEmpty }?.show
  }

  /// The first value of a field, in decimal: Wireshark shows numbers as `12`, `0x000c` or, since 4.2,
  /// `True`.
  func number(_ field: String) -> String? { self[field].map(Self.decimal) }

  static func decimal(_ text: String) -> String {
    switch text {
    case "True": return "1"
    case "False": return "0"
    default:
      guard text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16)
      else { return text }
      return String(value)
    }
  }

  /// The first value of a field in seconds, as nanoseconds.
  func nanoseconds(_ field: String) -> String? {
    guard let text = self[field] else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let seconds = Int64(parts[0]), parts[1].count == 9,
      let fraction = Int64(parts[1])
    else { return text }
    return String(seconds * 1_000_000_000 + (text.hasPrefix("-") ? -fraction : fraction))
  }

  /// The mnemonic in the line of a field: `AAAA` of `Type: AAAA (IPv6 Address) (28)`.
  static func mnemonic(_ field: DissectedPacket.Field) -> String? {
    field.line.split(separator: " ").dropFirst().first.map(String.init)
  }
}
