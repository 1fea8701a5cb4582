import Foundation
import Testing

/// The program on a terminal, which Python's pty is, and somebody who types and reads there.
private final class Typist {
  private let process = Process()
  private let (keys, screen) = (Pipe(), Pipe())
  /// What the terminal showed and nobody looked at yet.
  private var shown = ""

  static let isThere = ProcessInfo.processInfo.environment["PATH", default: ""].split(
    separator: ":"
  )
  .contains { FileManager.default.isExecutableFile(atPath: $0 + "/python3") }

  /// The thread that a test runs on may block signals, which programs inherit.
  private static let terminal = """
    import pty, signal, sys
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    sys.exit(pty.spawn(sys.argv[1:]) >> 8)
    """

  init(_ arguments: [String], in folder: Folder) throws {
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.terminal, Program.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["XDG_STATE_HOME": folder.path("state"), "TERM": "vt100", "LC_ALL": "C.UTF-8"]
    ) { _, new in new }
    process.currentDirectoryURL = folder.url
    (process.standardInput, process.standardOutput) = (keys, screen)
    try process.run()
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Keys that mean something else while a statement runs are typed once the prompt is back.
  func type(_ text: String) { keys.fileHandleForWriting.write(Data(text.utf8)) }

  /// Waits until the terminal shows a text, and takes away what stands up to its end.
  @discardableResult
  func sees(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    let end = Date.now + 30
    repeat {
      if let range = shown.range(of: text) {
        defer { shown = String(shown[range.upperBound...]) }
        return String(shown[..<range.upperBound])
      }
    } while readMore(until: end)
    Issue.record("'\(text)' is not in: \(shown.suffix(2000))", sourceLocation: sourceLocation)
    return ""
  }

  /// Of rows without end the last are enough.
  private func readMore(until end: Date) -> Bool {
    var wait = pollfd(
      fd: screen.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
    let left = end.timeIntervalSinceNow
    guard left > 0, poll(&wait, 1, Int32(left * 1000)) > 0 else { return false }
    let data = screen.fileHandleForReading.availableData
    shown = shown.suffix(10_000) + String(decoding: data, as: UTF8.self)
    return !data.isEmpty
  }

  /// The exit code, once the program has ended; one that does not is killed.
  func end() -> Int32 {
    let end = Date.now + 30
    while readMore(until: end) {}
    if Date.now >= end { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return process.terminationStatus
  }
}

@Suite(
  "The prompt of wirecase sql", .enabled(if: Typist.isThere, "not tested: python3 is not installed")
)
struct PromptTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    let source = Program.sample("client-a.pcap")
    #expect(try Program.run(["ingest", "case.db", source], in: folder.url).status == 0)
  }

  private func start(_ arguments: [String] = []) throws -> Typist {
    let typist = try Typist(["sql", "case.db"] + arguments, in: folder)
    typist.sees("wirecase> ")
    return typist
  }

  private let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "

  @Test("A statement takes several lines; Tab completes views, columns and commands")
  func typing() throws {
    let typist = try start()
    // A tab with more behind it was pasted, so each is typed alone: the rest of the word comes.
    typist.type("SELECT 6 * 7, count(disti\t")
    typist.sees("nct")
    typist.type("qna\t")
    typist.sees("me")
    typist.type(") > 0\r")
    typist.sees("...> ")
    typist.type("FROM dns_tr\t")
    typist.sees("ansactions")
    typist.type(";\r")
    typist.sees("42")
    typist.sees("wirecase> ")
    // What is not certain is listed.
    typist.type("SELECT * FROM dns_\t")
    let list = typist.sees("dns_retries")
    #expect(list.contains("dns_messages") && list.contains("dns_transactions"))
    typist.type("\u{3}")
    typist.sees("wirecase> ")
    typist.type(".tab\t")
    typist.sees("les")
    typist.type("\r")
    typist.sees("A name that a capture gives for an address.")
    typist.sees("wirecase> ")
    typist.type(".schema sight\t")
    typist.sees("ings")
    typist.type("\r")
    typist.sees("  event_id   its first sighting, which stands for the event")
    typist.sees("wirecase> ")
    typist.type(".investigations\r")
    typist.sees("capture-quality")
    typist.sees("wirecase> ")
    typist.type(".investigations capture-q\t")
    typist.sees("uality")
    typist.type("\r")
    typist.sees("FROM captures")
    typist.sees("wirecase> ")
    typist.type("\u{4}")
    #expect(typist.end() == 0)
  }

  @Test("Ctrl-C stops the statement, or drops what is typed, and the prompt goes on")
  func stopping() throws {
    let typist = try start(["--format", "csv"])
    // The first says that the second, which prints nothing, is at work.
    typist.type("SELECT 'be' || 'gun'; \(endless) SELECT count(*) FROM n;\r")
    typist.sees("begun")
    typist.type("\u{3}")
    typist.sees("stopped")
    typist.sees("wirecase> ")
    typist.type("\(endless) SELECT i * 1000 FROM n;\r")
    typist.sees("7000")
    typist.type("\u{3}")
    typist.sees("stopped")
    typist.sees("wirecase> ")
    typist.type("SELECT 'never ended\r")
    typist.sees("...> ")
    typist.type("\u{3}")
    typist.sees("wirecase> ")
    typist.type("SELECT 20 + 3;\r")
    typist.sees("23")
    typist.sees("wirecase> ")
    typist.type(".quit\r")
    #expect(typist.end() == 0)
  }

  @Test("Faults are said and cost nothing else; modes, parameters and the timer are kept")
  func commands() throws {
    let typist = try start(["--param", "a=5"])
    typist.type("CREATE TABLE x (y);\r")
    typist.sees("only reading is allowed here")
    typist.type("SELECT nobody;\r")
    typist.sees("no such column: nobody")
    typist.type(".mode ndjson\rSELECT :a * 2 AS x, 'b' || 'ücher' AS y;\r")
    typist.sees(#"{"x": 10, "y": "bücher"}"#)
    typist.type(".param a 'it''s'\r.timer on\rSELECT :a || '!' AS x;\r")
    typist.sees(#"{"x": "it's!"}"#)
    typist.sees(" s, 1 row")
    typist.type(".run dns-unanswerd\r")
    typist.sees("no investigation 'dns-unanswerd'; did you mean 'dns-unanswered'?")
    typist.type(".help\r")
    typist.sees(".investigations [NAME]")
    typist.sees("wirecase> ")
    typist.type(".exit\r")
    #expect(typist.end() == 0)
  }

  @Test("What was typed is reached by the arrow keys the next time")
  func history() throws {
    let first = try start()
    first.type("SELECT 1200 +\r  34;\r")
    first.sees("1234")
    first.sees("wirecase> ")
    first.type(".quit\r")
    #expect(first.end() == 0)
    let second = try start()
    second.type("\u{1b}[A\u{1b}[A\r")
    second.sees("1234")
    second.sees("wirecase> ")
    second.type(".quit\r")
    #expect(second.end() == 0)
  }

  @Test("Where nobody types, statements come from standard input")
  func piped() throws {
    let input = Data("SELECT 1 AS a;\nSELECT 2 AS b;\n".utf8)
    let output = try Program.run(["sql", "case.db"], in: folder.url, input: input)
    #expect(output.text == "a\n1\n\nb\n2\n" && output.status == 0)
    #expect(!folder.names.contains("state"))
  }
}
