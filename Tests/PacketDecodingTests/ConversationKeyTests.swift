import Foundation
import Testing

@testable import PacketDecoding

@Suite("Keys of conversations")
struct ConversationKeyTests {
  /// The hash of the octets 0, 1, 2, … `count - 1` under the key 0, 1, 2, … 15.
  private func reference(_ count: Int) -> UInt64 {
    var hash = SipHash24(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    let word = { (start: Int) in
      (start..<min(count, start + 8)).reduce(UInt64(0)) {
        $0 | UInt64($1) << UInt64(8 * ($1 - start))
      }
    }
    let rest = count - count % 8
    for start in stride(from: 0, to: rest, by: 8) { hash.add(word(start)) }
    return hash.finish(octetCount: count, rest: word(rest))
  }

  // 15 octets: Aumasson and Bernstein, "SipHash: a fast short-input PRF", appendix A. The others:
  // openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:8 SIPHASH, which
  // writes the least significant octet first.
  @Test("SipHash-2-4 gives its published values")
  func sipHash() {
    #expect(reference(15) == 0xa129_ca61_49be_45e5)
    #expect(reference(0) == 0x726f_db47_dd0e_0e31)
    #expect(reference(1) == 0x74f8_39c5_93dc_67fd)
    #expect(reference(7) == 0xab02_00f5_8b01_d137)
    #expect(reference(8) == 0x93f5_f579_9a93_2462)
    #expect(reference(16) == 0x3f2a_cc7f_57c2_9bdb)
    #expect(reference(63) == 0x958a_324c_eb06_4572)
  }

  // openssl mac -macopt hexkey:657361636572697765737265766e6f63 -macopt size:8 SIPHASH. Cases
  // store these: a change here makes old cases unreadable.
  @Test("The hash of a text under the project's key never changes")
  func textHash() {
    #expect(RecordBatch.hash([]) == 0x428a_db88_995b_0f92)
    #expect(RecordBatch.hash("example.com".utf8) == 0x6a6f_be46_4723_b04f)
    #expect(RecordBatch.hash("12345678".utf8) == 0x974a_654e_aefb_ad78)
    var batch = RecordBatch()
    _ = batch.append(text: "www.")
    let range = batch.append(text: "example.com")
    #expect(batch.hash(range) == RecordBatch.hash("example.com".utf8))
  }

  private let client = NetworkAddress(ipv4: 0xc000_020a)
  private let server = NetworkAddress(ipv4: 0xc633_6407)

  private func key(
    _ source: NetworkAddress, _ sourcePort: UInt16?, _ destination: NetworkAddress,
    _ destinationPort: UInt16?, _ number: UInt8? = 17, domain: UInt64 = 0
  ) -> ConversationKey {
    ConversationKey(
      source: source, sourcePort: sourcePort, destination: destination,
      destinationPort: destinationPort, protocolNumber: number, domain: domain)
  }

  // The same program and key, over eight words of 64 bits, least significant octet first: high
  // and low half of the lower address, its kind << 32 | port, the same of the other, the protocol
  // (1 << 16 for no port), zero; of a domain, exclusive or the hash of its one word.
  @Test("The key of a conversation never changes")
  func stable() {
    #expect(
      key(client, 50001, server, 53).value == Int64(bitPattern: 0x7f2d_aeff_5827_33b3))
    let one = NetworkAddress(ipv6High: 0x2001_0db8_0001_0000, low: 0x10)
    let other = NetworkAddress(ipv6High: 0x2001_0db8_0002_0000, low: 0x53)
    #expect(
      key(one, nil, other, nil, 58, domain: 7).value == Int64(bitPattern: 0xd59a_6343_185c_b992))
    let arp = DecodedFrame(ARPPacketTests.request)
    #expect(
      ConversationKey(of: arp.packet, domain: 0).value
        == Int64(bitPattern: 0x183e_2844_2ad7_5b8b))
  }

  @Test("The marks of two domains lead from the key in one to that in the other")
  func marks() {
    let (one, other) = (key(client, 1, server, 2, domain: 3), key(client, 1, server, 2, domain: 9))
    let way = ConversationKey.mark(ofDomain: 3) ^ ConversationKey.mark(ofDomain: 9)
    #expect(one != other && one.value ^ way == other.value)
    #expect(ConversationKey.mark(ofDomain: 0) == 0)
  }

  @Test("Both directions have one key, and a packet that of its ends")
  func directions() {
    #expect(key(client, 50001, server, 53) == key(server, 53, client, 50001))
    #expect(key(client, 1, client, 2) == key(client, 2, client, 1))
    let query = DecodedFrame(Octets.ipv4(17, Octets.udp(Octets.query)), link: .raw)
    #expect(ConversationKey(of: query.packet, domain: 0) == key(client, 50001, server, 53))
    let echo = DecodedFrame(Octets.ipv4(1, Octets.icmp(8, 0, [])), link: .raw)
    #expect(
      ConversationKey(of: echo.packet, domain: 3) == key(client, nil, server, nil, 1, domain: 3))
  }

  @Test("Whatever differs gives another key")
  func differences() {
    let keys = [
      key(client, 50001, server, 53), key(client, 53, server, 50001),
      key(client, 50001, server, 53, 6), key(client, 50001, server, 53, nil),
      key(client, 50001, server, 53, 0), key(client, 50001, server, 53, domain: 1),
      key(client, nil, server, 53), key(client, 0, server, 53), key(client, nil, server, nil),
      key(client, 50001, client, 53), key(server, 50001, client, 53),
      key(NetworkAddress(name: Int(client.low)), 50001, server, 53),
      key(NetworkAddress(ipv6High: 0, low: client.low), 50001, server, 53),
    ]
    #expect(Set(keys).count == keys.count - 1, "one pair is the other direction of another")
    #expect(key(client, 53, server, 50001) == key(server, 50001, client, 53))
  }

  @Test("Of two different ends one is lower, whichever is the source")
  func lower() {
    let ends: [(NetworkAddress, UInt16?)] = [
      (client, 1), (client, 2), (server, 1), (NetworkAddress(name: Int(client.low)), 1),
      (NetworkAddress(ipv6High: 1, low: 0), 1), (NetworkAddress(ipv6High: 0, low: 1), 9),
    ]
    for (index, one) in ends.enumerated() {
      for other in ends[(index + 1)...] {
        #expect(
          ConversationKey.isLower(one.0, one.1, other.0, other.1)
            != ConversationKey.isLower(other.0, other.1, one.0, one.1))
      }
    }
    #expect(ConversationKey.isLower(client, 9, server, 1))
    #expect(ConversationKey.isLower(client, 1, client, 1))
  }
}
