import Testing

@testable import PacketDecoding

@Suite("Mnemonics of DNS types and classes")
struct DNSTypeTests {
  private func type(_ value: UInt16) -> String {
    var text: [UInt8] = []
    DNSType.append(value, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private func dnsClass(_ value: UInt16) -> String {
    var text: [UInt8] = []
    DNSType.appendClass(value, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  // IANA, Domain Name System (DNS) Parameters, "Resource Record (RR) TYPEs".
  @Test("Types have IANA's mnemonics")
  func types() {
    let expected: [(UInt16, String)] = [
      (1, "A"), (2, "NS"), (5, "CNAME"), (6, "SOA"), (12, "PTR"), (13, "HINFO"), (15, "MX"),
      (16, "TXT"), (28, "AAAA"), (33, "SRV"), (35, "NAPTR"), (39, "DNAME"), (41, "OPT"),
      (43, "DS"), (44, "SSHFP"), (46, "RRSIG"), (47, "NSEC"), (48, "DNSKEY"), (50, "NSEC3"),
      (51, "NSEC3PARAM"), (52, "TLSA"), (59, "CDS"), (60, "CDNSKEY"), (64, "SVCB"), (65, "HTTPS"),
      (99, "SPF"), (249, "TKEY"), (250, "TSIG"), (251, "IXFR"), (252, "AXFR"), (255, "ANY"),
      (256, "URI"), (257, "CAA"),
    ]
    for (value, mnemonic) in expected { #expect(type(value) == mnemonic) }
  }

  // RFC 3597, section 5.
  @Test("Types and classes without a mnemonic are written with their number")
  func unknown() {
    #expect(type(0) == "TYPE0" && type(731) == "TYPE731" && type(65535) == "TYPE65535")
    #expect(dnsClass(0) == "CLASS0" && dnsClass(32) == "CLASS32" && dnsClass(65535) == "CLASS65535")
  }

  @Test("No two types have one mnemonic")
  func unique() {
    let mnemonics = (0...UInt16.max).compactMap(DNSType.mnemonic)
    #expect(Set(mnemonics).count == mnemonics.count && mnemonics.count > 40)
  }

  // IANA, Domain Name System (DNS) Parameters, "DNS CLASSes".
  @Test("Classes have IANA's mnemonics")
  func classes() {
    #expect([1, 3, 4, 254, 255].map(dnsClass) == ["IN", "CH", "HS", "NONE", "ANY"])
  }
}
