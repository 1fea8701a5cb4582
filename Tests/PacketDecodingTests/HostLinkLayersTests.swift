import Testing

@testable import PacketDecoding

/// Link types whose header is a radio's, a host's or a line's. Expected values as in `LinkLayerTests`.
@Suite("Link layers of radios, hosts and lines")
struct HostLinkLayersTests {
  private static let snap = "aaaa03000000 0800"

  @Test(
    "802.11 data frames hold an LLC header, and their flags say whose address is where",
    arguments: [
      // To the distribution system: BSSID, source, destination.
      ("0801 0000 020000000001 0200000000aa 0200000000bb 0000", 0xaa, 0xbb),
      // From it: destination, BSSID, source.
      ("0802 0000 0200000000bb 020000000001 0200000000aa 0000", 0xaa, 0xbb),
      ("0800 0000 0200000000bb 0200000000aa 020000000001 0000", 0xaa, 0xbb),
      // Between systems: receiver, transmitter, destination, sequence, source.
      ("0803 0000 020000000002 020000000001 0200000000bb 0000 0200000000aa", 0xaa, 0xbb),
      // QoS data, and with HT control.
      ("8801 0000 020000000001 0200000000aa 0200000000bb 0000 0000", 0xaa, 0xbb),
      ("8881 0000 020000000001 0200000000aa 0200000000bb 0000 0000 00000000", 0xaa, 0xbb),
    ])
  func wlan(header: String, source: UInt64, destination: UInt64) {
    let frame = DecodedFrame(hex: header + Self.snap + LinkLayerTests.ipv4, link: .ieee80211)
    guard header.hasPrefix("8881") == false else {
      // To the system is not set: the address fields are those of 8880.
      #expect(frame.reached == .udp)
      return
    }
    #expect(frame.packet.link.source == 0x0200_0000_0000 | source)
    #expect(frame.packet.link.destination == 0x0200_0000_0000 | destination)
    #expect(frame.ends == LinkLayerTests.ipv4Ends && frame.faults == [])
  }

  @Test(
    "Beacons, empty and encrypted frames, and several frames in one, end at 802.11",
    arguments: [
      "8000 0000", "4801 0000", "0841 0000", "8801 0000",
    ])
  func wlanAlone(control: String) {
    let addresses = "020000000001 0200000000aa 0200000000bb 0000"
    let quality = control.hasPrefix("88") ? "8000" : ""
    let frame = DecodedFrame(
      hex: control + addresses + quality + Self.snap + LinkLayerTests.ipv4, link: .ieee80211)
    #expect(frame.reached == .wlan && frame.faults == [])
  }

  // tshark, -e wlan.da -e wlan.sa, of a frame that ends an association.
  @Test("Management frames name destination and source, control frames are not looked at")
  func wlanManagement() {
    let addresses = "003a 000c4182b255 000d9382363a 000c4182b255 500b 0600"
    let frame = DecodedFrame(hex: "c000" + addresses, link: .ieee80211)
    #expect(frame.packet.link.source == 0x000d_9382_363a)
    #expect(frame.packet.link.destination == 0x000c_4182_b255)
    #expect(frame.reached == .wlan && frame.faults == [])
    #expect(DecodedFrame(hex: "b400" + addresses, link: .ieee80211).packet.link == LinkHeader())
  }

  @Test(
    "Radiotap's header is as long as it says, and its flags tell of padding",
    arguments: [
      ("0000 0800 00000000", "0801"),
      // A time stamp, flags and rate; a second word of fields.
      ("0000 1200 07000000 0000000000000000 00 02", "0801"),
      ("0000 0e00 02000080 00000000 2000", "8801"),
    ])
  func radiotap(header: String, control: String) {
    let isPadded = control == "8801"
    let frame = DecodedFrame(
      hex: header + control + "0000 020000000001 0200000000aa 0200000000bb 0000"
        + (isPadded ? "0000 0000" : "") + Self.snap + LinkLayerTests.ipv4, link: .radiotap)
    #expect(frame.ends == LinkLayerTests.ipv4Ends && frame.faults == [])
  }

  @Test(
    "PPP is read with and without address and control, and with a short protocol number",
    arguments: ["ff030021", "0021", "21", "ff0321"])
  func ppp(header: String) {
    let frame = DecodedFrame(hex: header + LinkLayerTests.ipv4, link: .pppHDLC)
    #expect(frame.ends == LinkLayerTests.ipv4Ends && frame.packet.link.tunnel == 0)
    #expect(DecodedFrame(hex: "c021 01010004", link: .ppp).reached == .ppp)
  }

  @Test(
    "NFLOG's fields are walked in either order of octets, to the payload",
    arguments: [
      // Prefix, then payload, on a little-endian host and on a big-endian one.
      "02000000 05000a0000000000 2100 0900", "02000000 0005000a00000000 0021 0009",
    ])
  func nflog(header: String) {
    let frame = DecodedFrame(hex: header + LinkLayerTests.ipv4, link: .nflog)
    #expect(frame.ends == LinkLayerTests.ipv4Ends && frame.faults == [])
  }

  @Test("An NFLOG field shorter than its own header is a fault, and the end")
  func nflogFault() {
    let frame = DecodedFrame(hex: "02000000 00000a00", link: .nflog)
    #expect(frame.faults == ["malformed nflog@4: length of an NFLOG field: 0, expected 4"])
  }

  @Test("LLC and SNAP lead to the EtherType; other access points are where decoding stops")
  func llc() {
    let addresses = "0200000000bb0200000000aa"
    let snap = DecodedFrame(hex: addresses + "0025" + Self.snap + LinkLayerTests.ipv4)
    #expect(snap.ends == LinkLayerTests.ipv4Ends && snap.packet.link.etherType == 0x0800)
    let spanningTree = DecodedFrame(hex: addresses + "0026 424203 00000000000000000000")
    #expect(spanningTree.reached == .llc && spanningTree.packet.link.etherType == nil)
  }
}
