import Testing

@testable import PacketDecoding

@Suite("Syslog messages")
struct SyslogMessageTests {
  /// Facility, severity, time, host, application, process, identifier, structured data and text.
  private static func fields(
    _ message: SyslogMessage?, _ text: (TextRange?) -> String?
  ) -> [String] {
    guard let message else { return [] }
    return ["\(message.facility).\(message.severity)"]
      + [
        message.timestamp, message.host, message.app, message.process, message.messageID,
        message.structuredData, message.message,
      ].map { text($0) ?? "" }
  }

  private static func fields(_ message: String) -> [String] {
    let frame = DecodedFrame(udp: 50_001, 514, Array(message.utf8))
    return fields(frame.batch.syslog.first, frame.text)
  }

  // The examples of RFC 5424, section 6.5.
  @Test(
    "RFC 5424's examples",
    arguments: [
      (
        "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \u{feff}'su root' failed for lonvick",
        [
          "4.2", "2003-10-11T22:14:15.003Z", "mymachine.example.com", "su", "", "ID47", "",
          "'su root' failed for lonvick",
        ]
      ),
      (
        "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
        [
          "20.5", "2003-08-24T05:14:15.000003-07:00", "192.0.2.1", "myproc", "8710", "", "",
          "%% It's time to make the do-nuts.",
        ]
      ),
      (
        "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"Application\" eventID=\"1011\"][examplePriority@32473 class=\"high\"]",
        [
          "20.5", "2003-10-11T22:14:15.003Z", "mymachine.example.com", "evntslog", "", "ID47",
          "[exampleSDID@32473 iut=\"3\" eventSource=\"Application\" eventID=\"1011\"][examplePriority@32473 class=\"high\"]",
          "",
        ]
      ),
      (
        "<13>1 - - - - - [a b=\"] \\\" c\"] text",
        ["1.5", "", "", "", "", "", "[a b=\"] \\\" c\"]", "text"]
      ),
    ] as [(String, [String])])
  func standard(message: String, expected: [String]) {
    #expect(Self.fields(message) == expected)
  }

  // The first two of RFC 3164, section 5.4; the others as rsyslog, sudo, Cisco's routers and firewalls send them.
  @Test(
    "The ways in which RFC 3164 is written",
    arguments: [
      (
        "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
        [
          "4.2", "Oct 11 22:14:15", "mymachine", "su", "", "", "",
          "'su root' failed for lonvick on /dev/pts/8",
        ]
      ),
      ("<13>Use the BFG!", ["1.5", "", "", "", "", "", "", "Use the BFG!"]),
      (
        "<30>Feb  5 17:32:18 10.0.0.99 sshd[812]: Accepted\n",
        ["3.6", "Feb  5 17:32:18", "10.0.0.99", "sshd", "812", "", "", "Accepted"]
      ),
      (
        "<13>2013-09-12T19:16:34.457849+04:00 2001:db8::1 logger: a: b",
        ["1.5", "2013-09-12T19:16:34.457849+04:00", "2001:db8::1", "logger", "", "", "", "a: b"]
      ),
      (
        "<86>Oct 11 22:14:15 sudo: pam_unix",
        ["10.6", "Oct 11 22:14:15", "", "sudo", "", "", "", "pam_unix"]
      ),
      (
        "<189>29: *Mar  1 00:00:39: %SYS-5-CONFIG_I: Configured",
        ["23.5", "", "", "", "", "", "", "29: *Mar  1 00:00:39: %SYS-5-CONFIG_I: Configured"]
      ),
      (
        "<166>Oct 27 2010 14:21:05 fw1 : %ASA-6-302016: Teardown",
        ["20.6", "Oct 27 2010 14:21:05", "fw1", "", "", "", "", ": %ASA-6-302016: Teardown"]
      ),
    ] as [(String, [String])])
  func old(message: String, expected: [String]) {
    #expect(Self.fields(message) == expected)
  }

  @Test(
    "What has no priority is no syslog",
    arguments: ["", "<>", "<192>x", "<1", "<1234>x", "<-1>x", "hello", "<a>"])
  func none(text: String) {
    let frame = DecodedFrame(udp: 50_001, 514, Array(text.utf8))
    #expect(frame.batch.syslog.isEmpty && frame.reached == .udp && frame.faults.isEmpty)
  }

  @Test("Text that a terminal would obey is made harmless, and long text cut")
  func hostile() throws {
    #expect(Self.fields("<0>\u{1b}[31mred\u{0}").last == "\u{fffd}[31mred")
    let long = try #require(Self.fields("<0>" + String(repeating: "x", count: 9000)).last)
    #expect(long.utf8.count == 4099 && long.hasSuffix("x…"))
  }

  // RFC 6587, 3.4.1 and 3.4.2.
  @Test(
    "Over TCP messages stand behind their lengths, or are lines, however segments part them",
    arguments: ["9 <13>a: xy8 <14>b: z", "<13>a: xy\n<14>b: z\r\n"], [1, 3, 100])
  func stream(text: String, size: Int) {
    var stream = DecodedStream(port: 601)
    let octets = Array(text.utf8)
    for start in stride(from: 0, to: octets.count, by: size) {
      stream.send(.client, Array(octets[start..<min(start + size, octets.count)]))
    }
    let found = stream.batch.syslog.map { Self.fields($0, stream.text) }
    #expect(found.map { $0.first } == ["1.5", "1.6"])
    #expect(found.map { $0.last } == ["a: xy", "b: z"])
  }
}
