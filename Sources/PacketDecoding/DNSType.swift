/// The mnemonics of resource record types and classes: IANA, Domain Name System Parameters.
enum DNSType {
  static let opt: UInt16 = 41

  /// The mnemonic, or `nil` for a type that RFC 3597 writes as `TYPEn`.
  static func mnemonic(_ type: UInt16) -> String? {
    switch type {
    case 1: "A"
    case 2: "NS"
    case 5: "CNAME"
    case 6: "SOA"
    case 10: "NULL"
    case 12: "PTR"
    case 13: "HINFO"
    case 15: "MX"
    case 16: "TXT"
    case 17: "RP"
    case 18: "AFSDB"
    case 24: "SIG"
    case 25: "KEY"
    case 28: "AAAA"
    case 29: "LOC"
    case 33: "SRV"
    case 35: "NAPTR"
    case 36: "KX"
    case 37: "CERT"
    case 39: "DNAME"
    case 41: "OPT"
    case 42: "APL"
    case 43: "DS"
    case 44: "SSHFP"
    case 45: "IPSECKEY"
    case 46: "RRSIG"
    case 47: "NSEC"
    case 48: "DNSKEY"
    case 49: "DHCID"
    case 50: "NSEC3"
    case 51: "NSEC3PARAM"
    case 52: "TLSA"
    case 53: "SMIMEA"
    case 55: "HIP"
    case 59: "CDS"
    case 60: "CDNSKEY"
    case 61: "OPENPGPKEY"
    case 62: "CSYNC"
    case 63: "ZONEMD"
    case 64: "SVCB"
    case 65: "HTTPS"
    case 99: "SPF"
    case 108: "EUI48"
    case 109: "EUI64"
    case 249: "TKEY"
    case 250: "TSIG"
    case 251: "IXFR"
    case 252: "AXFR"
    case 255: "ANY"
    case 256: "URI"
    case 257: "CAA"
    default: nil
    }
  }

  /// The type's mnemonic, or `TYPEn`: RFC 3597, section 5.
  static func append(_ type: UInt16, to text: inout [UInt8]) {
    if let mnemonic = mnemonic(type) {
      text.append(contentsOf: mnemonic.utf8)
    } else {
      text.append(contentsOf: "TYPE".utf8)
      text.append(decimal: UInt64(type))
    }
  }

  /// The class's mnemonic, or `CLASSn`: RFC 3597, section 5.
  static func appendClass(_ value: UInt16, to text: inout [UInt8]) {
    switch value {
    case 1: text.append(contentsOf: "IN".utf8)
    case 3: text.append(contentsOf: "CH".utf8)
    case 4: text.append(contentsOf: "HS".utf8)
    case 254: text.append(contentsOf: "NONE".utf8)
    case 255: text.append(contentsOf: "ANY".utf8)
    default:
      text.append(contentsOf: "CLASS".utf8)
      text.append(decimal: UInt64(value))
    }
  }
}
