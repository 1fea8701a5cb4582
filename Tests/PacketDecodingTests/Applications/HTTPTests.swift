import Foundation
import Testing

@testable import PacketDecoding

@Suite("HTTP/1, RFC 9110 and RFC 9112")
struct HTTPTests {
  /// Each message: its packet, what it is, and the packet and position of a response's request.
  private func messages(_ stream: DecodedStream) -> [String] {
    stream.batch.http.map { message in
      let request = message.request.map { " <- \($0.packetNumber).\($0.position)" } ?? ""
      return message.isResponse
        ? "\(message.packetNumber) \(message.status ?? 0)\(request)"
        : "\(message.packetNumber) \(stream.text(message.method) ?? "") \(stream.text(message.target) ?? "")"
    }
  }

  // The example of RFC 9112, 2.1, and RFC 9110, 3.9.
  private static let get =
    "GET /hello.txt HTTP/1.1\r\nUser-Agent: curl/7.64.1\r\nHost: www.example.com\r\n"
    + "Accept-Language: en, mi\r\n\r\n"
  private static let ok =
    "HTTP/1.1 200 OK\r\nDate: Mon, 27 Jul 2009 12:28:53 GMT\r\nServer: Apache\r\n"
    + "Content-Length: 51\r\nVary: Accept-Encoding\r\nContent-Type: text/plain\r\n\r\n"
    + "Hello World! My content includes a trailing CRLF.\r\n"

  @Test("The RFC's example is read, field by field, with the time that the response took")
  func example() throws {
    var stream = DecodedStream(port: 8000)
    stream.send(.client, Self.get)
    stream.send(.server, Self.ok)
    #expect(messages(stream) == ["4 GET /hello.txt", "5 200 <- 4.0"])
    #expect(stream.reached == [.tcp, .tcp, .tcp, .http, .http])
    let (request, response) = (stream.batch.http[0], stream.batch.http[1])
    #expect(stream.text(request.version) == "1.1")
    #expect(stream.text(request.host) == "www.example.com")
    #expect(stream.text(request.userAgent) == "curl/7.64.1")
    #expect(request.contentType == nil && request.contentLength == nil)
    #expect(stream.text(response.reason) == "OK")
    #expect(stream.text(response.server) == "Apache")
    #expect(stream.text(response.contentType) == "text/plain")
    #expect(response.contentLength == 51)
    // DecodedStream's packets are a millisecond apart.
    #expect(response.responseTime == 1_000_000)
    #expect(stream.faults == [])
  }

  @Test("Each octet in a segment of its own, in order and reversed: the message is the last one's")
  func octetByOctet() {
    for isReversed in [false, true] {
      var stream = DecodedStream(port: 80)
      let octets = Array(Self.get.utf8)
      let order = isReversed ? Array(octets.indices.reversed()) : Array(octets.indices)
      for index in order { stream.segment(.client, at: 1000 + index, [octets[index]]) }
      let last = stream.batch.packets.count
      #expect(messages(stream) == ["\(last) GET /hello.txt"])
      #expect(last == 3 + octets.count)
    }
  }

  @Test("Requests and responses in one segment each have positions, and responses their requests")
  func pipelining() {
    var stream = DecodedStream(port: 80)
    stream.send(
      .client,
      "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
        + "\r\nDELETE /c HTTP/1.1\r\n\r\n")
    // To HEAD there is a length without a body; 100 is an interim response.
    stream.send(
      .server,
      "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        + "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304\r\nContent-Length: 5\r\n\r\n")
    #expect(
      messages(stream) == [
        "4 HEAD /a", "4 POST /b", "4 DELETE /c", "5 200 <- 4.0", "5 100 <- 4.1", "5 204 <- 4.1",
        "5 304 <- 4.2",
      ])
    #expect(
      stream.batch.http.map { $0.responseTime != nil }.suffix(4) == [true, false, true, true])
    #expect(stream.faults == [])
  }

  @Test("A chunked body is passed over, whatever is in it, with extensions and trailers")
  func chunked() {
    var stream = DecodedStream(port: 80)
    stream.send(.client, Self.get)
    stream.send(
      .server, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1A;name=value\r\n")
    stream.send(.server, "HTTP/1.1 500 in a body\r\n")
    stream.send(.server, "ab\r")
    stream.send(.server, "\n0")
    stream.send(.server, "\r\nExpires: never\r\n\r\nHTTP/1.0 404 Not Found\r\n\r\n")
    #expect(messages(stream) == ["4 GET /hello.txt", "5 200 <- 4.0", "9 404"])
    #expect(stream.faults == [])
  }

  @Test("What chunks say of themselves may be wrong: told once, and nothing after is believed")
  func wrongChunks() {
    for (chunks, fault) in [
      ("xyz\r\n", "a chunk's size is no hexadecimal number"),
      ("FFFFFFFFFFFFFFFFF\r\n", "a chunk's size is no hexadecimal number"),
      ("2\r\nabcd\r\n", "a chunk's data do not end with its size"),
    ] {
      var stream = DecodedStream(port: 80)
      stream.send(.server, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
      #expect(stream.faults == ["4 malformed: \(fault)"])
    }
  }

  @Test("A body of a given length is passed over also where octets of it are not there")
  func gapInBody() {
    var stream = DecodedStream(port: 80)
    stream.send(.client, Self.get)
    stream.send(.server, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nabc")
    stream.lose(.server, 4000)
    stream.send(.server, Array(repeating: 0x61, count: 997))
    stream.send(.client, Self.get)
    stream.send(.server, Self.ok)
    #expect(
      messages(stream) == [
        "4 GET /hello.txt", "5 200 <- 4.0", "7 GET /hello.txt", "8 200 <- 7.0",
      ])
    #expect(stream.faults == [])
  }

  @Test("After a gap the next segment that begins with a message is read, and no answer is guessed")
  func gap() {
    var stream = DecodedStream(port: 80)
    stream.send(.client, Self.get)
    stream.send(.server, "HTTP/1.1 200 OK\r\nContent-Len")
    stream.lose(.server, 100)
    stream.send(.server, "the rest of a body")
    stream.segment(.client, at: stream.next.client)
    stream.send(.server, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    stream.send(.client, Self.get)
    stream.send(.server, Self.ok)
    #expect(
      messages(stream) == [
        "4 GET /hello.txt", "8 404", "9 GET /hello.txt", "10 200 <- 9.0",
      ])
  }

  @Test("Requests that were not captured take no other request's response")
  func lostRequests() {
    var stream = DecodedStream(port: 80)
    stream.send(.client, "GET / HTTP/1.1\r\n\r\n")
    stream.lose(.client, Self.get.utf8.count)
    stream.send(.client, Self.get)
    stream.segment(.server, at: stream.next.server, acknowledging: stream.next.client)
    stream.send(.server, Self.ok + Self.ok + Self.ok)
    #expect(
      messages(stream) == [
        "4 GET /", "5 GET /hello.txt", "7 200 <- 4.0", "7 200", "7 200",
      ])
    stream.send(.client, Self.get)
    stream.send(.server, Self.ok)
    #expect(messages(stream).suffix(2) == ["8 GET /hello.txt", "9 200 <- 8.0"])
  }

  @Test("A tunnel's inside is told by what it is: CONNECT, and Upgrade")
  func tunnels() {
    for (opening, answer) in [
      ("CONNECT host.example:22 HTTP/1.1\r\nHost: host.example:22\r\n\r\n", "200 Opened"),
      ("GET /shell HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: ssh\r\n\r\n", "101 Switching"),
    ] {
      var stream = DecodedStream(port: 3128)
      stream.send(.client, opening)
      stream.send(.server, "HTTP/1.1 \(answer)\r\n\r\nSSH-2.0-OpenSSH_9.6\r\n")
      stream.send(.client, "SSH-2.0-PuTTY\r\n")
      #expect(stream.batch.http.count == 2)
      #expect(stream.batch.ssh.map { stream.text($0.software) } == ["OpenSSH_9.6", "PuTTY"])
      #expect(stream.faults == [])
    }
    // The proxy's answer was not captured.
    var stream = DecodedStream(port: 3128)
    stream.send(.client, "CONNECT host.example:22 HTTP/1.1\r\n\r\n")
    stream.send(.client, "SSH-2.0-PuTTY\r\n")
    #expect(stream.reached.last == .ssh)
  }

  @Test("Bare line feeds, folded lines and text that is no UTF-8 are read; two hosts are not mixed")
  func leniency() {
    var stream = DecodedStream(port: 80)
    stream.send(
      .client,
      Array("GET / HTTP/1.0\nhOsT:one\nHost: two\nUser-Agent: first\r\n\t second\n".utf8)
        + Array("Referer: ".utf8) + [0xff, 0x1b] + Array("\n\n".utf8))
    let message = stream.batch.http.first
    #expect(stream.text(message?.host) == "one")
    #expect(
      stream.text(message?.userAgent) == "first    second")
    #expect(stream.text(message?.referer) == "\u{fffd}\u{fffd}")
    #expect(stream.faults == [])
  }

  @Test("Heads that receivers read in different ways are faults")
  func ambiguousHeads() {
    for (fields, fault) in [
      (
        "Transfer-Encoding: chunked\r\nContent-Length: 50",
        "Transfer-Encoding and Content-Length together: two ends of one body"
      ),
      ("Content-Length: 1\r\nContent-Length: 2", "a Content-Length that is not one number"),
      ("Content-Length: +1", "a Content-Length that is not one number"),
      ("Content-Length: 9223372036854775808", "a Content-Length that is not one number"),
      (
        "Transfer-Encoding: chunked, x",
        "a request's last transfer coding is not chunked: its body has no end"
      ),
      ("Host : x", "a line of a head without a colon behind a name"),
      ("no colon", "a line of a head without a colon behind a name"),
    ] {
      var stream = DecodedStream(port: 80)
      stream.send(.client, "POST / HTTP/1.1\r\n\(fields)\r\n\r\n")
      #expect(messages(stream) == ["4 POST /"])
      #expect(stream.faults == ["4 malformed: \(fault)"])
    }
    var same = DecodedStream(port: 80)
    same.send(.client, "POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n")
    #expect(messages(same) == ["4 POST /", "4 GET /"])
    #expect(same.faults == [])
  }

  @Test("A head without an end is given up at its limit, and what is no message is told once")
  func bounds() {
    var stream = DecodedStream(port: 80)
    stream.send(.client, "GET / HTTP/1.1\r\n")
    for _ in 0..<100 { stream.send(.client, "X: " + String(repeating: "x", count: 1000) + "\r\n") }
    #expect(messages(stream) == [])
    #expect(stream.batch.faults.count == 1)
    stream.send(.client, Self.get)
    #expect(stream.batch.http.count == 1)
    stream.send(.client, "\u{1}\u{2}\u{3} garbage\r\n")
    stream.send(.client, "more\r\n")
    #expect(stream.batch.faults.count == 2)
    #expect(stream.batch.faults.last?.reason.description.contains("does not begin one") == true)
  }

  @Test("RTSP and SIP are no HTTP, nor is a word that is a method by chance")
  func others() {
    for text in [
      "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", "OPTIONS sip:a@b SIP/2.0\r\n\r\n",
      "RTSP/1.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "GET key\r\n", "PRI * HTTP/2.0",
      "SEARCH something else",
    ] {
      var stream = DecodedStream(port: 80)
      stream.send(.client, text)
      #expect(stream.batch.http.isEmpty && stream.reached.last != .http, "\(text)")
    }
    var dav = DecodedStream(port: 4711)
    dav.send(.client, "PROPFIND /dav/ HTTP/1.1\r\nDepth: 1\r\n\r\n")
    #expect(messages(dav) == ["4 PROPFIND /dav/"])
  }

  @Test("Of credentials the scheme and the user are kept, and of no URI a password")
  func credentials() {
    var stream = DecodedStream(port: 80)
    // RFC 7617, 2: Aladdin with the password "open sesame".
    let basic = "Authorization: Basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"
    stream.send(.client, "GET http://u:s3cret@h/p@q HTTP/1.1\r\n\(basic)\r\n")
    stream.send(.server, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
    stream.send(.client, "GET /2 HTTP/1.1\r\n\(basic)\r\n")
    stream.send(.server, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
    stream.send(.client, "GET /3 HTTP/1.1\r\nAuthorization: BASIC QWxhZGRpbjp4\r\n\r\n")
    stream.send(.server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    stream.send(.client, "GET /4 HTTP/1.1\r\nAuthorization: top-secret\r\n\r\n")
    // RFC 7616, 3.9.1, shortened.
    stream.send(
      .client,
      "GET /5 HTTP/1.1\r\nAuthorization: Digest username=\"Mufasa\", realm=\"x\", uri=\"/5\"\r\n\r\n"
    )
    #expect(messages(stream).first == "4 GET http://u:…@h/p@q")
    #expect(
      stream.batch.http.filter { !$0.isResponse }.map { stream.text($0.authorizationScheme) } == [
        "basic", "basic", "basic", "other", "digest",
      ])
    #expect(
      stream.batch.logins.map {
        "\($0.packetNumber) \(stream.text($0.user) ?? "-") \(stream.text($0.mechanism) ?? "") \($0.isInClear)"
      } == ["4 Aladdin basic true", "8 Aladdin basic true", "11 Mufasa digest false"])
    #expect(
      stream.batch.loginResults.map {
        "\($0.packetNumber) \($0.attempt.packetNumber) \($0.isSuccess)"
      } == ["5 4 false", "9 8 true"])
    let text = String(decoding: stream.batch.text, as: UTF8.self)
    #expect(!text.contains("s3cret") && !text.contains("sesame") && !text.contains("top-secret"))
  }

  @Test("A response of which the request is not known may have no body, as to HEAD")
  func unknownRequest() {
    var stream = DecodedStream(port: 80, isOpened: false)
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"
    stream.send(.server, head)
    stream.send(.server, head + "begins")
    stream.send(.server, Array(repeating: 0x61, count: 3994))
    stream.send(.server, "HTTP/1.1 200 OK\r\n\r\nto the end")
    stream.send(.server, "and further")
    #expect(messages(stream) == ["1 200", "2 200", "4 200"])
    #expect(stream.faults == [])
  }

  @Test("No stream makes the reader trap or run on, whatever was done to it")
  func mutations() {
    var damaged = DamagedStreams(
      [
        Self.get, Self.ok,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        "POST http://a:b@c/ HTTP/1.1\r\nAuthorization: Basic QWxhZGRpbjp4\r\n x\r\nContent-Length: 9\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 101 X\r\n\r\n",
      ], signs: "\n\r :,@")
    var messages = 0
    for _ in 0..<3000 {
      let stream = damaged.next(port: 80, segments: 6)
      messages += stream.batch.http.count
      for message in stream.batch.http {
        for range in [message.version, message.target, message.host, message.reason] {
          guard let range else { continue }
          #expect(Int(range.start) + Int(range.count) <= stream.batch.text.count)
        }
      }
    }
    #expect(messages > 5000)
  }
}
