import Foundation
import Testing

@testable import PacketDecoding

@Suite("Addresses as text, RFC 5952")
struct NetworkAddressTests {
  /// The address whose eight groups of 16 bits are `groups`.
  private func text(_ groups: [UInt64]) -> String {
    let words = [0, 4].map { groups[$0..<$0 + 4].reduce(0) { $0 << 16 | $1 } }
    return NetworkAddress(ipv6High: words[0], low: words[1]).text
  }

  // The sections' own examples.
  @Test("Section 4.1: leading zeros are left out, and a group of zero is one")
  func leadingZeros() {
    #expect(text([0x2001, 0xdb8, 1, 1, 1, 1, 1, 1]) == "2001:db8:1:1:1:1:1:1")
    #expect(text([0x2001, 0xdb8, 0, 1, 1, 1, 1, 1]) == "2001:db8:0:1:1:1:1:1")
    #expect(
      text([0x2001, 0xdb8, 0xaaaa, 0xbbbb, 0xcccc, 0xdddd, 0xeeee, 1])
        == "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1")
  }

  @Test("Section 4.2.1: zeros are shortened as far as possible")
  func shortest() {
    #expect(text([0x2001, 0xdb8, 0, 0, 0, 0, 2, 1]) == "2001:db8::2:1")
    #expect(text([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]) == "2001:db8::1")
  }

  @Test("Section 4.2.2: one group of zeros is not shortened")
  func singleGroup() {
    #expect(text([0x2001, 0xdb8, 0, 1, 1, 1, 1, 1]) == "2001:db8:0:1:1:1:1:1")
    #expect(text([0, 1, 1, 1, 1, 1, 1, 0]) == "0:1:1:1:1:1:1:0")
  }

  @Test("Section 4.2.3: the longest run is shortened, the first of equals")
  func longestRun() {
    #expect(text([0x2001, 0, 0, 1, 0, 0, 0, 1]) == "2001:0:0:1::1")
    #expect(text([0x2001, 0xdb8, 0, 0, 1, 0, 0, 1]) == "2001:db8::1:0:0:1")
  }

  @Test("Section 4.3: letters are small")
  func lowerCase() {
    #expect(text([0xabcd, 0xef01, 0, 0, 0, 0, 0, 0xffff]) == "abcd:ef01::ffff")
  }

  @Test("Section 5: addresses that hold one of IPv4 are written with it")
  func mapped() {
    #expect(text([0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201]) == "::ffff:192.0.2.1")
    #expect(text([0, 0, 0, 0, 0, 0xffff, 0, 0]) == "::ffff:0.0.0.0")
    #expect(text([0, 0, 0, 0, 1, 0xffff, 0xc000, 0x0201]) == "::1:ffff:c000:201")
  }

  @Test("Runs of zeros at either end, and nothing but zeros")
  func ends() {
    #expect(text([0, 0, 0, 0, 0, 0, 0, 0]) == "::")
    #expect(text([0, 0, 0, 0, 0, 0, 0, 1]) == "::1")
    #expect(text([1, 0, 0, 0, 0, 0, 0, 0]) == "1::")
    #expect(text([0, 0, 1, 1, 1, 1, 0, 0]) == "::1:1:1:1:0:0")
    #expect(text([1, 1, 1, 1, 1, 1, 0, 0]) == "1:1:1:1:1:1::")
    #expect(text([1, 2, 3, 4, 5, 6, 7, 8]) == "1:2:3:4:5:6:7:8")
  }

  // The C library writes IPv6 as RFC 5952 asks, but for ::/96, which it writes in mixed form.
  @Test("Every pattern of zero groups is written as the C library writes it")
  func patterns() throws {
    for pattern in 4..<256 where pattern & 0x3f != 0 {
      let groups = (0..<8).map { UInt64(pattern >> $0 & 1) * UInt64(0x10 + $0) }
      var octets = groups.flatMap { Octets.two(Int($0)) }
      var text = [CChar](repeating: 0, count: 64)
      _ = try #require(inet_ntop(AF_INET6, &octets, &text, socklen_t(text.count)))
      let written = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      #expect(self.text(groups) == written)
    }
  }

  @Test("IPv4 is written in dotted decimals")
  func ipv4() {
    #expect(NetworkAddress(ipv4: 0).text == "0.0.0.0")
    #expect(NetworkAddress(ipv4: .max).text == "255.255.255.255")
    #expect(NetworkAddress(ipv4: 0x0a01_6409).text == "10.1.100.9")
  }

  @Test("A name is written as nothing, and has one number however often it is asked for")
  func names() {
    var names = HostNames()
    let numbers = ["a", "b", "a"].map { names.number(of: $0) }
    #expect(numbers == [0, 1, 0] && names.names == ["a", "b"])
    #expect(NetworkAddress(name: 1).text == "" && NetworkAddress(name: 1).kind == .name)
    #expect(NetworkAddress(name: 1) != NetworkAddress(ipv4: 1))
  }

  @Test("The table of names has an end; what it holds is found behind it, what it refuses counted")
  func fullTable() {
    var names = HostNames()
    for number in 0..<HostNames.most { _ = names.number(of: "host\(number)") }
    #expect(names.number(of: "another") == nil && names.number(of: "a third") == nil)
    #expect(names.number(of: "host7") == 7 && names.refusals == 2)
    // 66,000 names of 254 octets are less than 16 MiB, 66,053 are more.
    var long = HostNames()
    let label = String(repeating: "a", count: 246)
    let numbered = (0..<66_100).count { long.number(of: label + String(10_000_000 + $0)) != nil }
    #expect(numbered == 16 * 1_024 * 1_024 / 254 && long.refusals == Int64(66_100 - numbered))
  }
}
