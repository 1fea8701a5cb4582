/// A section of a DNS message, as Wirecase writes it and as tshark's fields give it, in one form:
/// `owner TTL [class] type data`, parted by `; `. Of types that are not in `dataFields`, the data are
/// left out on both sides.
enum DNSRecordText {
  /// Types whose data are compared, and tshark's fields of the data, in order; of a name, a number or an
  /// address alike.
  private static let dataFields = [
    "A": ["dns.a"], "AAAA": ["dns.aaaa"], "CNAME": ["dns.cname"], "DNAME": ["dns.dname"],
    "NS": ["dns.ns"], "PTR": ["dns.ptr.domain_name"],
    "MX": ["dns.mx.preference", "dns.mx.mail_exchange"],
    "SRV": ["dns.srv.priority", "dns.srv.weight", "dns.srv.port", "dns.srv.target"],
    "SOA": [
      "dns.soa.mname", "dns.soa.rname", "dns.soa.serial_number", "dns.soa.refresh_interval",
      "dns.soa.retry_interval", "dns.soa.expire_limit", "dns.soa.minimum_ttl",
    ], "TXT": ["dns.txt"],
  ]

  /// Wirecase's text of a section with each owner written out, which it leaves out where it is the
  /// question's name.
  static func whole(_ section: String, _ question: String?) -> String {
    split(section).map { record in
      var words = record.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      // An owner, then the TTL; or the TTL, then a class or type, which is no number.
      if words.count > 1, Int(words[1]) == nil { words.insert(question ?? "", at: 0) }
      let hasClass = words.count > 2 && isClass(words[2])
      let type = words.count > (hasClass ? 3 : 2) ? words[hasClass ? 3 : 2] : ""
      let isCompared = dataFields[type] != nil && !words.contains("\\#")
      return (isCompared ? words : Array(words.prefix(hasClass ? 4 : 3))).joined(separator: " ")
    }.joined(separator: "; ")
  }

  private static func isClass(_ word: String) -> Bool {
    word.hasPrefix("CLASS") || ["CH", "HS", "NONE", "ANY"].contains(word)
  }

  /// The records of a section; a `; ` between quotation marks parts none.
  private static func split(_ section: String) -> [String] {
    var records = [""]
    var (isInQuotes, isEscaped) = (false, false)
    for character in section {
      if character == "\"", !isEscaped { isInQuotes.toggle() }
      isEscaped = character == "\\" && !isEscaped
      if character == ";", !isInQuotes, !isEscaped {
        records.append("")
      } else {
        records[records.count - 1].append(character)
      }
    }
    return records.map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }
  }

  /// Answers, authority and additional section by tshark, without the OPT record, which Wirecase keeps
  /// as other columns; `nil` for an empty one.
  static func records(of dns: DissectedPacket.Layer) -> [String?] {
    let counts = ["answers", "auth_rr", "add_rr"].map {
      dns["dns.count." + $0].flatMap { Int($0) } ?? 0
    }
    // Each record begins with its owner's name.
    let starts = dns.fields.indices.filter { dns.fields[$0].name == "dns.resp.name" }
    var sections: [[String]] = [[], [], []]
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : dns.fields.endIndex
      let section = index < counts[0] ? 0 : index < counts[0] + counts[1] ? 1 : 2
      if let record = record(Array(dns.fields[start..<end])) { sections[section].append(record) }
    }
    return sections.map { $0.isEmpty ? nil : $0.joined(separator: "; ") }
  }

  private static func record(_ fields: [DissectedPacket.Field]) -> String? {
    func first(_ name: String) -> DissectedPacket.Field? { fields.first { $0.name == name } }
    guard let owner = first("dns.resp.name"), let ttl = first("dns.resp.ttl"),
      let type = first("dns.resp.type").flatMap(DissectedPacket.Layer.mnemonic), type != "OPT"
    else { return nil }
    var words = [FieldGroup.dnsName(owner.show), ttl.show]
    if let recordClass = first("dns.resp.class").map({ DissectedPacket.Layer.decimal($0.show) }),
      recordClass != "1"
    {
      words.append(classes[recordClass] ?? "CLASS" + recordClass)
    }
    words.append(FieldGroup.dnsType(type))
    for name in dataFields[type] ?? [] {
      words += fields.filter { $0.name == name }.map {
        name == "dns.txt" ? quoted($0.octets) : FieldGroup.dnsName($0.show)
      }
    }
    return words.joined(separator: " ")
  }

  private static let classes = ["3": "CH", "4": "HS", "254": "NONE", "255": "ANY"]

  /// A character string out of its octets in hexadecimal: RFC 1035, 5.1.
  private static func quoted(_ octets: String) -> String {
    var text = "\""
    var rest = Substring(octets)
    while let octet = UInt8(rest.prefix(2), radix: 16) {
      rest = rest.dropFirst(2)
      switch octet {
      case 0x22, 0x5c: text += "\\" + String(UnicodeScalar(octet))
      case 0x20...0x7e: text += String(UnicodeScalar(octet))
      default:
        let digits = String(octet)
        text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return text + "\""
  }
}
