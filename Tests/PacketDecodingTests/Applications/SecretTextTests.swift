import Testing

@testable import PacketDecoding

/// What users and servers write secrets into; each line by hand, with the secret `hunter2`.
@Suite("Secrets in texts that are kept")
struct SecretTextTests {
  @Test(
    "The password of an authority and the values of parameters that are called so are left out",
    arguments: [
      ("/x?password=hunter2&a=1", "/x?password=…&a=1"),
      ("/x;PWD=hunter2?q=2", "/x;PWD=…"),
      ("/x?a=1&access_token=hunter2#top", "/x?a=1&access_token=…#top"),
      ("http://bob:hunter2@h:80/a@b", "http://bob:…@h:80/a@b"),
      ("//bob:hunter2@h/x", "//bob:…@h/x"), ("bob:hunter2@h:443", "bob:…@h:443"),
      ("/r?next=http://bob:hunter2@h/", "/r?next=http://bob:…@h/"),
      ("/mail?to=a@example:25&tokens=5", "/mail?to=a@example:25&tokens=5"),
      ("/plain", "/plain"), ("?password=", "?password="), ("a@b", "a@b"),
    ])
  func hidden(sent: String, kept: String) {
    var batch = RecordBatch()
    _ = batch.append(text: "before ")
    let range = batch.hideSecrets(in: batch.append(text: sent))
    #expect(batch.string(range) == kept)
  }

  /// All that is kept of a session.
  private func kept(_ port: Int, _ lines: [(DecodedStream.End, String)]) -> String {
    var stream = DecodedStream(port: port)
    for (end, line) in lines { stream.send(end, line + "\r\n") }
    return String(decoding: stream.batch.text, as: UTF8.self)
  }

  @Test("Replies that may repeat a password are kept without their words")
  func replies() {
    let ftp = kept(
      21,
      [
        (.server, "220 FTP server ready"), (.client, "USER bob"), (.server, "331 go on"),
        (.client, "PASS hunter2"), (.server, "530 'hunter2' is wrong"), (.client, "pasw hunter2"),
        (.server, "500 unknown command: pasw hunter2"),
      ])
    #expect(ftp.contains("FTP server ready") && ftp.contains("go on"))
    #expect(!ftp.contains("hunter2"))
    let imap = kept(
      143,
      [
        (.server, "* OK IMAP4rev1 ready"), (.client, "a LOGIN bob hunter2"),
        (.server, "a NO LOGIN failed for bob hunter2"), (.client, "b LOGIM bob hunter2"),
        (.server, "b BAD unknown: LOGIM bob hunter2"),
      ])
    #expect(imap.contains("IMAP4rev1 ready") && imap.contains("bob"))
    #expect(!imap.contains("hunter2"))
    // base64 of NUL bob NUL hunter2.
    let smtp = kept(
      25,
      [
        (.server, "220 mx ESMTP"), (.client, "AUTH PLAIN\tAGJvYgBodW50ZXIy"),
        (.server, "535 no"),
      ])
    #expect(smtp.contains("PLAIN") && !smtp.contains("AGJv") && !smtp.contains("hunter2"))
  }

  @Test("Credentials without the octet that ends a user's name are none that is kept")
  func credentials() {
    // base64 of hunter2.
    let request = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic aHVudGVyMg==\r\n"
    var stream = DecodedStream(port: 80)
    stream.send(.client, request + "\r\n")
    #expect(stream.batch.logins.count == 1 && stream.batch.logins[0].user == nil)
    #expect(!String(decoding: stream.batch.text, as: UTF8.self).contains("hunter2"))
  }

  @Test("A mail's content is none of a session, also where the reply before it comes alone")
  func content() {
    var stream = DecodedStream(port: 25)
    stream.send(.server, "220 mx ESMTP\r\n")
    stream.send(.client, "DATA\r\n")
    stream.lose(.server, 10)
    stream.send(.server, "354 go on\r\n")
    stream.segment(.client, at: stream.next.client, acknowledging: stream.next.server)
    stream.send(.client, "HELP me with my plan\r\n.\r\n")
    #expect(!String(decoding: stream.batch.text, as: UTF8.self).contains("plan"))
  }
}
