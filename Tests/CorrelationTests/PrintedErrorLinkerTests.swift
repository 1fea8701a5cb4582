import Testing

@testable import Correlation

@Suite("Errors that print no client's port, and the packets that they quote")
struct PrintedErrorLinkerTests {
  private static let second: Int64 = 1_000_000_000

  /// A question of `client` to port 53 of the server.
  private static func question(
    _ id: Int64, at seconds: Double, stream: Int64 = 0, identifier: Int64? = nil
  ) -> PrintedErrorLinker.Packet {
    PrintedErrorLinker.Packet(
      id: id, time: Int64(seconds * Double(second)), streamID: stream, source: "client",
      destination: "server", destinationPort: 53, protocolNumber: 17, identifier: identifier ?? id)
  }

  private static let portQuote = PrintedErrorLinker.Quote(
    source: "client", destination: "server", destinationPort: 53, protocolNumber: 17)
  private static let hostQuote = PrintedErrorLinker.Quote(
    source: "client", destination: "server", destinationPort: nil, protocolNumber: nil)

  @Test("An error that prints the server's port quotes the oldest open packet of the last 5 s")
  func oldestRecent() {
    var linker = PrintedErrorLinker()
    linker.add(Self.question(1, at: 0))
    linker.add(Self.question(2, at: 6, stream: 2))
    linker.add(Self.question(3, at: 7, stream: 4))
    #expect(linker.original(of: Self.portQuote, at: 8 * Self.second) == 2)
    #expect(linker.original(of: Self.portQuote, at: 8 * Self.second) == 3)
    // Nothing recent is left: the latest before.
    #expect(linker.original(of: Self.portQuote, at: 8 * Self.second) == 1)
    #expect(linker.original(of: Self.portQuote, at: 8 * Self.second) == nil)
  }

  @Test("An error that prints no port at all quotes the latest packet")
  func latest() {
    var linker = PrintedErrorLinker()
    linker.add(Self.question(1, at: 0))
    linker.add(Self.question(2, at: 1, stream: 2))
    #expect(linker.original(of: Self.hostQuote, at: 2 * Self.second) == 2)
  }

  @Test("A question that was answered is quoted by no error; another's answer closes nothing")
  func answered() {
    var linker = PrintedErrorLinker()
    linker.add(Self.question(1, at: 0))
    linker.add(Self.question(2, at: 0, stream: 2))
    var answer = PrintedErrorLinker.Packet(
      id: 3, time: 1, streamID: 1, source: "server", destination: "client", identifier: 1,
      isResponse: true)
    linker.add(answer)
    (answer.id, answer.identifier) = (4, 9)
    linker.add(answer)
    #expect(linker.original(of: Self.portQuote, at: Self.second) == 2)
    #expect(linker.original(of: Self.portQuote, at: Self.second) == nil)
  }

  @Test("A packet without a message is answered by whatever comes back in its conversation")
  func answeredByAny() {
    var linker = PrintedErrorLinker()
    let sent = PrintedErrorLinker.Packet(
      id: 1, time: 0, streamID: 6, source: "client", destination: "server", destinationPort: 123)
    linker.add(sent)
    linker.add(
      PrintedErrorLinker.Packet(
        id: 2, time: 0, streamID: 9, source: "server", destination: "client"))
    #expect(linker.original(of: Self.hostQuote, at: 0) == 1)
    linker.add(sent)
    linker.add(
      PrintedErrorLinker.Packet(
        id: 2, time: 0, streamID: 7, source: "server", destination: "client"))
    #expect(linker.original(of: Self.hostQuote, at: 0) == nil)
  }

  @Test("Another port, protocol or pair of hosts is not quoted, nor the capture before")
  func others() {
    var linker = PrintedErrorLinker()
    linker.add(Self.question(1, at: 0))
    var quote = Self.portQuote
    quote.destinationPort = 54
    #expect(linker.original(of: quote, at: 0) == nil)
    quote = Self.portQuote
    quote.protocolNumber = 6
    #expect(linker.original(of: quote, at: 0) == nil)
    quote = Self.portQuote
    quote.source = "other"
    #expect(linker.original(of: quote, at: 0) == nil)
    linker.begin()
    #expect(linker.original(of: Self.portQuote, at: 0) == nil)
  }

  @Test("Between two hosts, 4,096 packets are open at the most")
  func bounded() {
    var linker = PrintedErrorLinker()
    for id in 0...Int64(PrintedErrorLinker.limit) {
      linker.add(Self.question(id, at: 0, stream: id * 2))
    }
    #expect(linker.original(of: Self.portQuote, at: 0) == 1)
  }
}
