import CaseFixtures
import CaseStore
import Testing

/// Expected: tshark 4.0.17, -T fields -e frame.number -e sip.Method -e sip.r-uri -e sip.From -e sip.Call-ID
/// -e sip.CSeq.seq -e sip.User-Agent -e sdp.media.media -e sdp.connection_info.address -e sdp.media.port.
@Suite("SIP in captures by others", .besideCaptures("public"))
struct SIPTests {
  @Test("Requests over UDP, inside of PPPoE too, are tshark's")
  func requests() throws {
    let folder = try CaseFolder()
    try folder.ingest([try #require(Places.shared("public/pcapplusplus-sip_reqs.pcap"))])
    let desktop = "2091060b-146f-e011-809a-0019cb53db77@admind-desktop"
    #expect(
      try folder.read().lines(
        """
        SELECT packet_id % 4294967296, method, request_uri, call_id, cseq, user_agent, media_type,
          media_address, media_port, from_header FROM sip_messages
        """) == [
          "1|INVITE|sip:francisco@bestel.com:55060|12013223@200.57.7.195|1||audio|200.57.7.196|40376|"
            + "<sip:200.57.7.195:55061;user=phone>;tag=GR52RWG346-34",
          "2|CANCEL|sip:echo@iptel.org|\(desktop)|2|||||"
            + "\"sam netmon \" <sip:admind@178.45.73.241>;tag=bc86060b-146f-e011-809a-0019cb53db77",
          "3|ACK|sip:admind@178.45.73.241|\(desktop)|11|||||"
            + "<sip:echo@iptel.org>;tag=420976BC-4DB7D064000EE90C-B692BBB0",
          "4|BYE|sip:sipp@10.0.2.20:5060|1-4247@10.0.2.20|99791795|"
            + "FreeSWITCH-mod_sofia/1.6.12-20-b91a0a6~64bit||||"
            + "test <sip:test@10.0.2.15:5060>;tag=j6QZcFDB22vSN",
        ])
    // tshark as well: "[Malformed Packet: SIP]", for it ends in "Content-Lengt".
    #expect(
      try folder.read().lines("SELECT packet_id % 4294967296, layer, message FROM faults") == [
        "4|sip|a SIP message's header has no end"
      ])
  }
}
