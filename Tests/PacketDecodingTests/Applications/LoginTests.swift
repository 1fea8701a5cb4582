import Foundation
import Testing

@testable import PacketDecoding

@Suite("Logins and commands: SMTP, FTP, IMAP, POP3")
struct LoginTests {
  /// A conversation of one segment a line: `C: …` from the client, `S: …` from the server. `\n` within a
  /// line is CR LF.
  private func talk(port: Int, _ lines: String...) -> DecodedStream {
    var stream = DecodedStream(port: port)
    for line in lines {
      let text = line.dropFirst(3).replacing("\\n", with: "\r\n") + "\r\n"
      stream.send(line.hasPrefix("C") ? .client : .server, String(text))
    }
    return stream
  }

  private func commands(_ stream: DecodedStream) -> [String] {
    stream.batch.sessionLines.filter { !$0.isResponse }.map {
      [stream.text($0.command) ?? "?", stream.text($0.argument)].compactMap { $0 }
        .joined(separator: " ")
    }
  }

  private func replies(_ stream: DecodedStream) -> [String] {
    stream.batch.sessionLines.filter(\.isResponse).map {
      "\($0.packetNumber) \(stream.text($0.status) ?? "") \(stream.text($0.text) ?? "-")"
    }
  }

  /// Packet, protocol, user, mechanism, whether in clear, and the result with its packet.
  private func logins(_ stream: DecodedStream) -> [String] {
    stream.batch.logins.map { login in
      let results = stream.batch.loginResults.filter {
        $0.attempt.packetNumber == login.packetNumber
      }
      let result = results.map { "\($0.isSuccess) in \($0.packetNumber)" }.joined(separator: ",")
      return "\(login.packetNumber) \(login.protocolName.name) \(stream.text(login.user) ?? "-") "
        + "\(stream.text(login.mechanism) ?? "") \(login.isInClear) \(result)"
    }
  }

  private func keeps(_ stream: DecodedStream, _ word: String) -> Bool {
    String(decoding: stream.batch.text, as: UTF8.self).contains(word)
  }

  // RFC 5321, D.1, shortened; the message holds lines that look like commands.
  @Test("SMTP: commands, replies of several lines, and a message that is passed over")
  func mail() {
    let stream = talk(
      port: 25, "S: 220 foo.com Simple Mail Transfer Service Ready", "C: EHLO bar.com",
      "S: 250-foo.com greets bar.com\\n250-8BITMIME\\n250 HELP",
      "C: mail FROM:<Smith@bar.com>\\nRCPT TO:<Jones@foo.com>\\nDATA",
      "S: 250 OK\\n550 No such user here\\n354 Start mail input", "C: Blah\\n..\\nQUIT",
      "C: RSET", "C: .\\nQUIT", "S: 250 OK", "S: 221 bye")
    #expect(
      commands(stream) == [
        "EHLO bar.com", "MAIL FROM:<Smith@bar.com>", "RCPT TO:<Jones@foo.com>", "DATA", "QUIT",
      ])
    #expect(
      replies(stream) == [
        "4 220 foo.com Simple Mail Transfer Service Ready",
        "6 250 foo.com greets bar.com / 8BITMIME / HELP", "8 250 OK", "8 550 No such user here",
        "8 354 Start mail input", "12 250 OK", "13 221 bye",
      ])
    #expect(stream.faults == [])
  }

  @Test("SMTP: DATA that is refused is followed by commands, BDAT by its octets whatever they are")
  func data() {
    let stream = talk(
      port: 25, "S: 220 a ESMTP", "C: DATA", "S: 503 no recipients", "C: RSET", "S: 250 OK",
      "C: BDAT 6 LAST\\nQUIT", "C: NOOP", "S: 250 6 octets", "C: BDAT", "C: HELP")
    #expect(
      commands(stream) == ["DATA", "RSET", "BDAT 6 LAST", "NOOP", "BDAT", "HELP"])
  }

  // RFC 4954, 4: user "test", password "1234" by PLAIN. The others by hand: admin, hunter2.
  @Test("SMTP: AUTH by several mechanisms keeps the user, never the password")
  func auth() {
    let plain = talk(
      port: 587, "S: 220 a ESMTP", "C: AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=",
      "S: 235 2.7.0 Authentication successful", "C: MAIL FROM:<a@b>")
    #expect(logins(plain) == ["5 smtp test plain true true in 6"])
    #expect(commands(plain) == ["AUTH PLAIN", "MAIL FROM:<a@b>"])
    #expect(!keeps(plain, "1234") && !keeps(plain, "dGVz"))

    let login = talk(
      port: 25, "S: 220 a ESMTP", "C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: YWRtaW4=",
      "S: 334 UGFzc3dvcmQ6", "C: aHVudGVyMg==", "S: 535 5.7.8 no", "C: QUIT")
    #expect(logins(login) == ["9 smtp admin login true false in 10"])
    #expect(commands(login) == ["AUTH LOGIN", "QUIT"])
    #expect(!keeps(login, "aHVu") && !keeps(login, "hunter2"))

    // RFC 2195, 2: tim, and his digest.
    let cram = talk(
      port: 25, "S: 220 a ESMTP", "C: AUTH CRAM-MD5", "S: 334 PDE4OTYu",
      "C: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw", "S: 454 later")
    #expect(logins(cram) == ["7 smtp tim cram-md5 false "])

    // RFC 5802, 5: n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL
    let scram = talk(
      port: 25, "S: 220 a ESMTP",
      "C: AUTH SCRAM-SHA-1 biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM",
      "S: 334 cj1m", "C: Yz1iaXdz", "S: 334 dj1y", "C: ", "S: 235 ok", "C: QUIT")
    #expect(logins(scram) == ["5 smtp user scram-sha-1 false true in 10"])
    #expect(commands(scram) == ["AUTH SCRAM-SHA-1", "QUIT"])

    let refused = talk(port: 25, "S: 220 a ESMTP", "C: AUTH FOO", "S: 504 what", "C: AUTH PLAIN *")
    #expect(commands(refused) == ["AUTH FOO", "AUTH PLAIN"])
  }

  @Test("A password that nothing announced is no command, and is not kept")
  func unannounced() {
    var stream = talk(port: 25, "S: 220 a ESMTP", "C: EHLO x")
    stream.lose(.client, 12)
    stream.send(.client, "c3VwZXJzZWNyZXQ=\r\n")
    stream.segment(.server, at: stream.next.server, acknowledging: stream.next.client)
    #expect(commands(stream) == ["EHLO x", "?"])
    #expect(!keeps(stream, "c3Vw") && !keeps(stream, "C3VW"))
  }

  @Test("FTP: logins, replies of several lines, and commands whose argument may be secret")
  func ftp() {
    let stream = talk(
      port: 2121, "S: 220-Welcome to\\n  230 files\\n220 this FTP server", "C: USER anna",
      "S: 331 Password required", "C: PASS geheim", "S: 530 Login incorrect.", "C: PASS geheim2",
      "S: 230 Logged in", "C: ACCT geheim3", "C: SITE PSWD geheim geheim4", "C: RETR a file.txt",
      "S: 150 Opening\\n226 Done")
    #expect(
      commands(stream) == [
        "USER anna", "PASS", "PASS", "ACCT", "SITE PSWD", "RETR a file.txt",
      ])
    #expect(
      logins(stream) == [
        "7 ftp anna user-pass true false in 8", "9 ftp anna user-pass true true in 10",
      ])
    #expect(replies(stream).first == "4 220 Welcome to / 230 files / this FTP server")
    #expect(!keeps(stream, "geheim"))
  }

  @Test("POP3: USER and PASS, APOP, and messages that are passed over")
  func pop() {
    // RFC 1939, 10, and 7 for APOP.
    let stream = talk(
      port: 110, "S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>",
      "C: APOP mrose c4c9334bac560ecc979e58001b3e22fb", "S: -ERR permission denied",
      "C: USER mrose\\nPASS tanstaaf", "S: +OK\\n+OK mrose's maildrop has 2 messages",
      "C: LIST\\nRETR 1", "S: +OK 2 messages\\n1 120\\n+OK 2\\n.\\n+OK 120 octets\\n-ERR in it\\n.",
      "C: QUIT", "S: +OK bye")
    #expect(
      logins(stream) == [
        "5 pop mrose apop false false in 6", "7 pop mrose user-pass true true in 8",
      ])
    #expect(commands(stream) == ["APOP mrose", "USER mrose", "PASS", "LIST", "RETR 1", "QUIT"])
    #expect(
      replies(stream) == [
        "4 +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>", "6 -ERR -",
        "8 +OK -", "8 +OK -", "10 +OK 2 messages",
        "10 +OK 120 octets", "12 +OK bye",
      ])
    #expect(!keeps(stream, "tanstaaf") && !keeps(stream, "c4c9"))
  }

  @Test("IMAP: LOGIN with atoms, quoted strings and literals, and by AUTHENTICATE")
  func imap() {
    let stream = talk(
      port: 143, "S: * OK IMAP4rev1 ready", "C: a001 LOGIN mrc secret1",
      "S: a001 NO LOGIN failed", "C: a002 login \"an \\\"x\\\"\" \"secret2\"", "S: a002 OK done",
      "C: a003 LOGIN {4}", "S: + go", "C: anna {7+}\\nsecret3", "S: a003 OK done",
      "C: a004 AUTHENTICATE PLAIN", "S: +", "C: AHRlc3QAMTIzNA==", "S: a004 NO no")
    #expect(
      logins(stream) == [
        "5 imap mrc user-pass true false in 6", "7 imap an \"x\" user-pass true true in 8",
        "11 imap anna user-pass true true in 12", "15 imap test plain true false in 16",
      ])
    #expect(
      commands(stream) == [
        "LOGIN mrc", "LOGIN an \"x\"", "LOGIN anna", "AUTHENTICATE PLAIN",
      ])
    #expect(!keeps(stream, "secret") && !keeps(stream, "AHRl"))
  }

  @Test("IMAP: literals are passed over on both sides, and what the server tells of messages")
  func literals() {
    let stream = talk(
      port: 143, "S: * OK [CAPABILITY IMAP4rev1] ready", "C: A003 APPEND saved (\\Seen) {9}",
      "S: + ready", "C: x LOGIN y", "S: A003 OK done", "C: 5 uid fetch 1 body[]",
      "S: * 1 FETCH (BODY[] {6}\\n5 OK\\n UID 1)\\n5 OK done", "C: 6 IDLE\\nDONE\\nhello world")
    #expect(
      commands(stream) == [
        "APPEND saved (\\Seen) {9}", "UID fetch 1 body[]", "IDLE", "DONE", "?",
      ])
    #expect(
      replies(stream) == [
        "4 OK [CAPABILITY IMAP4rev1] ready", "8 OK done", "10 OK done",
      ])
  }

  @Test(
    "Behind STARTTLS, STLS and AUTH TLS goes on what it looks like, once the server has agreed",
    arguments: [
      (25, "S: 220 a ESMTP", "C: STARTTLS", "S: 220 go", "S: 454 no"),
      (110, "S: +OK ready", "C: STLS", "S: +OK go", "S: -ERR no"),
      (143, "S: * OK ready", "C: a STARTTLS", "S: a OK go", "S: a BAD no"),
      (21, "S: 220 FTP", "C: AUTH TLS", "S: 234 go", "S: 502 no"),
    ])
  func tls(_ port: Int, _ greeting: String, _ command: String, _ yes: String, _ no: String) {
    var stream = talk(port: port, greeting, command, yes)
    stream.send(.client, "SSH-2.0-inside\r\n")
    #expect(stream.reached.last == .ssh)
    stream = talk(port: port, greeting, command, no)
    stream.send(.client, "SSH-2.0-inside\r\n")
    #expect(stream.batch.ssh.isEmpty)
  }

  @Test("What is told by a greeting on any port, by commands in the middle, and what is not")
  func identification() {
    for (port, line, name) in [
      (9999, "S: 220 mx.example ESMTP Postfix", ProtocolName.smtp),
      (9999, "S: 220 (vsFTPd 3)", .ftp),
      (9999, "S: +OK Dovecot ready.", .pop), (9999, "S: * OK [CAPABILITY] ready", .imap),
      (9999, "C: EHLO x", .smtp), (21, "C: CWD /", .ftp), (110, "C: UIDL", .pop),
      (143, "C: 17 NOOP", .imap), (143, "S: 17 OK done", .imap), (587, "S: 250 2.0.0 Ok", .smtp),
      (6379, "S: +OK", .tcp), (9999, "S: 220 ready", .tcp), (9999, "C: USER a", .tcp),
      (9999, "S: * LIST", .tcp), (9999, "S: 200 OK", .tcp),
    ] {
      #expect(talk(port: port, line).reached.last == name, "\(port) \(line)")
    }
  }

  @Test("No stream makes the readers trap or run on, whatever was done to it")
  func mutations() {
    var damaged = DamagedStreams(
      [
        "220-a SMTP\r\n220 b\r\n", "* OK ready\r\n", "+OK ready\r\n", "220 FTP\r\n",
        "AUTH LOGIN\r\n",
        "YWRtaW4=\r\n", "a LOGIN {3}\r\nabc {2+}\r\nde\r\n", "DATA\r\nx\r\n.\r\n", "RETR 1\r\n",
        "a AUTHENTICATE PLAIN AHRlc3QAMTIzNA==\r\n", "BDAT 20 LAST\r\n", "USER a\r\nPASS b\r\n",
        "334 x\r\n", "a OK b\r\n", "+OK\r\n1\r\n.\r\n", "250 x\r\n", "* 1 FETCH {4}\r\nabcd)\r\n",
      ], signs: "\n\r {}*")
    var lines = 0
    for round in 0..<4000 {
      let stream = damaged.next(port: [25, 21, 110, 143][round % 4], segments: 8)
      lines += stream.batch.sessionLines.count
      #expect(stream.batch.loginResults.count <= stream.batch.logins.count)
    }
    #expect(lines > 10_000)
  }
}
