import CaseFixtures
import CaseStore
import Testing

/// Expected: tshark 4.0.17, -o http.desegment_body:FALSE -Y 'http.request || http.response', and
/// -Y 'smtp || imap || ftp', -T fields with the fields that the columns are named for.
@Suite("HTTP, commands and logins in captures by others", .besideCaptures("public"))
struct HTTPAndLoginsTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private func lines(_ name: String, _ sql: String) throws -> [String] {
    try folder.ingest([try #require(Places.shared("public/" + name))])
    return try folder.read().lines(sql)
  }

  private static let messages = """
    SELECT packet_id % 4294967296, method, host, uri, status, content_type, content_length,
      user_agent, request_packet_id % 4294967296
    FROM http_messages ORDER BY packet_id, position
    """
  private static let commands = """
    SELECT packet_id % 4294967296, command, argument, status FROM session_commands
    ORDER BY packet_id, position
    """

  @Test("Requests and responses are tshark's, and each response is to its request")
  func http() throws {
    #expect(
      try lines("zeek-http-http-non-printable-characters.pcap", Self.messages) == [
        "4|GET|172.24.0.3|/regular_file.html||||Python-urllib/3.12|",
        "6||||404|text/html;charset=utf-8|335||4",
        "15|GET|172.24.0.3|/printable_%F0%9F%98%84||||Python-urllib/3.12|",
        "17||||404|text/html;charset=utf-8|335||15",
        "26|GET|172.24.0.3|/non_printable_%07||||Python-urllib/3.12|",
        "28||||404|text/html;charset=utf-8|335||26",
        "37|GET|172.24.0.3|/non_printable_literal_%5Cx07||||Python-urllib/3.12|",
        "39||||404|text/html;charset=utf-8|335||37",
      ])
    #expect(try folder.read().lines("SELECT * FROM faults").isEmpty)
    // frame.time_epoch of packet 6 less that of 4, in nanoseconds.
    #expect(
      try folder.read().value("SELECT response_ns FROM http_messages WHERE status = 404 LIMIT 1")
        == "514000")
  }

  @Test("A request with two ends is told, and what is smuggled behind it is read")
  func smuggling() throws {
    #expect(
      try lines("zeek-261-variant-04-te_cl_desync.pcap", Self.messages) == [
        "4|POST|target|/|||50||", "4|GET|target|/smuggled-te-cl|||||",
      ])
    #expect(
      try folder.read().lines("SELECT packet_id % 4294967296, layer, kind, message FROM faults")
        == [
          "4|http|malformed|Transfer-Encoding and Content-Length together: two ends of one body"
        ])
  }

  @Test("Commands and replies of SMTP are tshark's")
  func smtp() throws {
    let rows = try lines("zeek-smtp-smtp-bdat-cmd-invalid.pcapng", Self.commands)
    #expect(
      rows == [
        // tshark takes QUIT in packet 20 for content of BDAT, which names no size.
        "4|||220", "6|EHLO|localhost|", "8|||250", "10|MAIL|FROM:<zeek@localhost>|", "11|||250",
        "13|RCPT|TO:<root@localhost>|", "14|||250", "16|BDAT||", "17|||521", "20|QUIT||",
        "26|||220", "28|EHLO|localhost|", "30|||250", "32|MAIL|FROM:<zeek@localhost>|", "33|||250",
        "35|RCPT|TO:<root@localhost>|", "36|||250", "38|BDAT|1234 SCRAMBLE|", "39|||521",
        "48|||220", "50|EHLO|localhost|", "52|||250", "54|MAIL|FROM:<zeek@localhost>|", "55|||250",
        "57|RCPT|TO:<root@localhost>|", "58|||250", "60|BDAT|SCRAMBLE|", "61|||521", "64|QUIT||",
      ])
  }

  @Test("Commands of IMAP and FTP are tshark's, and TLS goes on behind STARTTLS and AUTH TLS")
  func startTLS() throws {
    #expect(
      try lines("zeek-tls-imap-starttls.pcap", Self.commands) == [
        "4|||OK", "6|CAPABILITY||", "8|||OK", "10|STARTTLS||", "11|||OK",
      ])
    let first = "SELECT min(packet_id % 4294967296) FROM packets WHERE protocol = 'tls'"
    #expect(try folder.read().value(first) == "14")
    let other = try CaseFolder()
    try other.ingest([try #require(Places.shared("public/zeek-ftp-ftp-auth-tls.pcap"))])
    #expect(
      try other.read().lines(Self.commands) == [
        "4|||220", "6|FEAT||", "19|||211", "20|AUTH|TLS|", "21|||234",
      ])
    #expect(try other.read().value(first) == "22")
  }

  // The user: http.authbasic, before the colon.
  @Test("A login by Basic is one row, with its outcome")
  func basic() throws {
    #expect(
      try lines(
        "zeek-http-basic-auth-with-extra-space.pcap",
        """
        SELECT packet_id % 4294967296, protocol, user_name, mechanism, in_clear, outcome,
          result_packet_id % 4294967296 FROM logins
        """) == ["26|http|test|basic|1|success|28"])
  }
}
