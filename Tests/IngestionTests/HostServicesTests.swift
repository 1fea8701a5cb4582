import CaseFixtures
import CaseStore
import Testing

/// Rows as tshark 4.0.17 has them, `-T fields -e dhcp.option.dhcp -e dhcp.hw.mac_addr -e dhcp.ip.your -e ntp.stratum`
/// and so on, of captures of others.
@Suite("DHCP, DHCPv6, NTP and syslog of captures beside the repository")
struct HostServicesTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private func rows(_ capture: String, _ sql: String) throws -> [String] {
    try folder.ingest([#require(Places.shared(capture))])
    return try folder.read().lines(sql)
  }

  @Test("An address is given by way of a relay", .besideCaptures("public"))
  func relayed() throws {
    #expect(
      try rows(
        "public/tcpdump-dhcp-rfc4388.pcap",
        """
        SELECT packet_id & 4294967295, message_type, op, xid, client_mac, client_ip, your_ip,
          relay_ip, server_id, requested_ip, lease_seconds, subnet_mask, routers
        FROM dhcp_messages ORDER BY packet_id LIMIT 6
        """) == [
          "1|DISCOVER|request|1020309374|5a:4f:34:b1:af:66|||10.30.1.1|||||",
          "3|OFFER|reply|1020309374|5a:4f:34:b1:af:66||10.30.4.4|10.30.1.1|10.40.2.3||43200|255.255.0.0|10.30.1.1",
          "4|REQUEST|request|1020309374|5a:4f:34:b1:af:66|||10.30.1.1|10.40.2.3|10.30.4.4|||",
          "5|ACK|reply|1020309374|5a:4f:34:b1:af:66||10.30.4.4|10.30.1.1|10.40.2.3||43200|255.255.0.0|10.30.1.1",
          "9|LEASEQUERY|request|1|5a:4f:34:b1:af:66|||10.30.1.1|||||",
          "10|LEASEACTIVE|reply|1|5a:4f:34:b1:af:66|10.30.4.4||10.30.1.1|10.40.2.3||43187||",
        ])
  }

  @Test(
    "What a capture cut before its options is told as far as it goes", .besideCaptures("public"))
  func cut() throws {
    #expect(
      try rows(
        "public/pcapng-advanced-test101.pcapng",
        "SELECT message_type, op, xid, client_mac, your_ip, server_ip FROM dhcp_messages"
          + " ORDER BY packet_id") == [
          "|request|15645|00:0b:82:01:fc:42||",
          "|reply|15645|00:0b:82:01:fc:42|192.168.0.10|192.168.0.1",
          "|request|15646|00:0b:82:01:fc:42||",
        ])
  }

  @Test("DHCPv6 in a tunnel", .besideCaptures("public"))
  func version6() throws {
    #expect(
      try rows(
        "public/zeek-erspan.pcap",
        """
        SELECT DISTINCT message_type, transaction_id, client_duid, fqdn, parameters
        FROM dhcpv6_messages
        """) == ["SOLICIT|9340525|000100011d110a8c0050568208d1|tfdsp.sp.local|24,23,17,39"])
  }

  @Test("A client's and a server's time", .besideCaptures("public"))
  func time() throws {
    #expect(
      try rows(
        "public/tcpdump-ntp-time-ef.pcap",
        """
        SELECT version, mode, stratum, poll, precision, root_delay_ns, root_dispersion_ns,
          reference_id, reference_ts, origin_ts, receive_ts, transmit_ts
        FROM ntp_messages ORDER BY packet_id
        """) == [
          "4|client|0|6|32|0|0|||||1447713215307509582",
          "4|server|3|6|-25|17074584|732421|10.31.8.128|1660224159224956389|1447713215307509582|1660224210188058000|1660224210188123546",
        ])
  }

  @Test("Questions to a server about itself", .besideCaptures("public"))
  func control() throws {
    #expect(
      try rows(
        "public/tcpdump-ntp-control.pcap",
        """
        SELECT version, mode, operation, is_response, count(*), sum(items) FROM ntp_messages
        GROUP BY 1, 2, 3, 4 ORDER BY 3, 4
        """) == [
          "2|control|read status|0|2|0", "2|control|read status|1|2|40",
          "2|control|read variables|0|6|0", "2|control|read variables|1|11|3244",
        ])
  }

  @Test("Messages of syslog, of which two bring a host's name", .besideCaptures("tcpdump-text"))
  func syslog() throws {
    #expect(
      try rows(
        "tcpdump-text/syslog_udp.pcap",
        "SELECT facility, severity, timestamp, host, app, message FROM syslog_messages"
          + " ORDER BY packet_id") == [
          "kern|notice|Sep 12 19:16:12|through|logger|test message 21",
          "user|alert|Sep 12 19:16:18|through|logger|test message 22",
          "user|notice|2013-09-12T19:16:34.457849+04:00|localhost||through rsyslog: test message 23",
          "user|alert|2013-09-12T19:16:43.513746+04:00|localhost||through rsyslog: test message 24",
        ])
  }
}
