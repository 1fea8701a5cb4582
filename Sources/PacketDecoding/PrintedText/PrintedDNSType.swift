/// Record types and classes under tcpdump's names: IANA, Domain Name System Parameters.
enum PrintedDNSType {
  private static let numbers: [String: UInt16] = [
    "A": 1, "NS": 2, "MD": 3, "MF": 4, "CNAME": 5, "SOA": 6, "MB": 7, "MG": 8, "MR": 9,
    "NULL": 10, "WKS": 11, "PTR": 12, "HINFO": 13, "MINFO": 14, "MX": 15, "TXT": 16, "RP": 17,
    "AFSDB": 18, "X25": 19, "ISDN": 20, "RT": 21, "NSAP": 22, "NSAP_PTR": 23, "SIG": 24,
    "KEY": 25, "PX": 26, "GPOS": 27, "AAAA": 28, "LOC": 29, "NXT": 30, "EID": 31, "NIMLOC": 32,
    "SRV": 33, "ATMA": 34, "NAPTR": 35, "KX": 36, "CERT": 37, "A6": 38, "DNAME": 39, "SINK": 40,
    "OPT": 41, "APL": 42, "DS": 43, "SSHFP": 44, "IPSECKEY": 45, "RRSIG": 46, "NSEC": 47,
    "DNSKEY": 48, "DHCID": 49, "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52, "SMIMEA": 53, "HIP": 55,
    "CDS": 59, "CDNSKEY": 60, "OPENPGPKEY": 61, "CSYNC": 62, "ZONEMD": 63, "SVCB": 64,
    "HTTPS": 65, "SPF": 99, "UINFO": 100, "UID": 101, "GID": 102, "UNSPEC": 103, "UNSPECA": 103,
    "EUI48": 108, "EUI64": 109, "TKEY": 249, "TSIG": 250, "IXFR": 251, "AXFR": 252,
    "MAILB": 253, "MAILA": 254, "ANY": 255, "URI": 256, "CAA": 257,
  ]

  /// The type that the octets of `word` name: a mnemonic, or `Type65`.
  static func number(_ text: PrintedText, _ word: Range<Int>) -> UInt16? {
    // The common ones, without a string.
    if text.equals(word, "A") { return 1 }
    if text.equals(word, "AAAA") { return 28 }
    if text.has("Type", at: word.lowerBound) || text.has("TYPE", at: word.lowerBound),
      word.count > 4
    {
      return text.number(word.lowerBound + 4..<word.upperBound, as: UInt16.self)
    }
    guard (1...10).contains(word.count) else { return nil }
    return numbers[text.string(word)]
  }

  /// Takes a class away: `CHAOS`, `(Class 254)`, mDNS's `(QU)` and `(Cache flush)`; 1, IN, where
  /// none is printed.
  ///
  /// In multicast DNS the highest bit of the class asks for a unicast answer or flushes caches:
  /// RFC 6762, 5.4 and 10.2.
  static func classNumber(_ text: inout PrintedText) -> UInt16 {
    var number: UInt16 = 1
    while true {
      if text.take("CHAOS") {
        number = 3
      } else if text.take("HS") {
        number = 4
      } else if text.take("ANY") {
        number = 255
      } else if text.take("(QM)") {
      } else if text.take("(QU)") || text.take("(Cache flush)") {
        number |= 0x8000
      } else if text.take("(Class ") {
        number = text.takeNumber(as: UInt16.self) ?? number
        text.take(")")
      } else {
        return number
      }
      text.skipBlanks()
    }
  }
}

/// A domain name as tcpdump prints it: with its final dot, and with octets that are no printable
/// ASCII as `^A` or `M-a`, which cannot be told from names that are spelled so.
enum PrintedDNSName {
  /// Octets that a printed name has at most: 255, of which each may print as four.
  private static let longest = 1020

  /// Takes a name and its final dot away: the name's range, empty for the root. A blank may be
  /// part of a label, so that the name ends at a dot before a blank; where there is none, as in
  /// text that was typed, it ends at the blank.
  static func take(_ text: inout PrintedText) -> Range<Int> {
    let start = text.position
    var index = start
    while index - start < longest, let octet = text.octet(at: index) {
      if octet == UInt8(ascii: "."), text.octet(at: index + 1).map(PrintedText.isBlank) != false {
        text.move(to: index + 1)
        return start..<index
      }
      index += 1
    }
    return text.takeWord()
  }

  /// Appends the name in `range`, without its final dot, as binary captures' names are kept:
  /// lower case, `.` for the root, blanks as `\032`, backslashes doubled (RFC 1035, 5.1).
  @discardableResult
  static func append(
    _ text: PrintedText, _ range: Range<Int>, to octets: inout [UInt8]
  ) -> TextRange {
    let start = octets.count
    for index in range {
      guard let octet = text.octet(at: index) else { break }
      switch octet {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): octets.append(octet | 0x20)
      case UInt8(ascii: "\\"): octets.append(contentsOf: [octet, octet])
      case 0x21...0x7e: octets.append(octet)
      default: DNSName.appendEscaped(octet, to: &octets)
      }
    }
    if octets.count == start { octets.append(UInt8(ascii: ".")) }
    return TextRange(start: start, count: octets.count - start)
  }
}
