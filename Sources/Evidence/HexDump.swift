import CaptureReading

/// Octets in hexadecimal and as characters, 16 a line, in the form that `tshark -x` prints and
/// `text2pcap` reads.
public enum HexDump {
  /// - Returns: Lines such as `0010  00 54 …  .T…`: the offset, the octets, and those of them that
  ///   are printable ASCII, the others as dots.
  public static func lines(_ octets: [UInt8]) -> [String] {
    let width = octets.count > 0x1_0000 ? 8 : 4
    return stride(from: 0, to: octets.count, by: 16).map { start in
      let row = octets[start..<min(start + 16, octets.count)]
      let hexadecimal = row.map { digits(UInt64($0), 2) }.joined(separator: " ")
      let padding = String(repeating: " ", count: 16 * 3 - 1 - hexadecimal.count)
      let characters = String(
        decoding: row.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
      return digits(UInt64(start), width) + "  " + hexadecimal + padding + "   " + characters
    }
  }

  /// A number in hexadecimal, such as `0x0800`.
  static func number(_ value: Int64, _ width: Int) -> String {
    "0x" + digits(UInt64(clamping: value), width)
  }

  /// A number in hexadecimal with zeros before it.
  static func digits(_ value: UInt64, _ width: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
