import Foundation
import Testing

/// A bad input: what is typed, and what must come of it.
struct BadInput: Sendable, CustomTestStringConvertible {
  var typed: String
  /// The contract's exit code.
  var status: Int32
  /// What the line on standard error must hold.
  var says: String
  var testDescription: String { typed }

  init(_ typed: String, _ status: Int32, _ says: String) {
    (self.typed, self.status, self.says) = (typed, status, says)
  }
}

@Suite("Bad input gets one clear line and the contract's exit code")
struct BadInputTests {
  /// Sources and cases that are wrong, beside `good.pcap` and the case `good.db` made from it.
  private func folderOfFaults() throws -> Folder {
    let folder = try Folder()
    let capture = try Data(contentsOf: URL(filePath: Program.sample("client-a.pcap")))
    try folder.write(capture, to: "good.pcap")
    try folder.write(capture.prefix(5000), to: "cut.pcap")
    try folder.write(capture.prefix(24), to: "header.pcap")
    try folder.write(capture.prefix(10), to: "cut-header.pcap")
    try folder.write(capture.prefix(24) + Data(repeating: 0xff, count: 400), to: "huge.pcap")
    try folder.write(Data(), to: "empty.pcap")
    try folder.write(Data("hello world\n".utf8), to: "text.txt")
    try folder.write(Data("# Notes\n".utf8), to: "notes.md")
    try folder.write(Data("{\"theme\": \"dark\"}\n".utf8), to: "settings.json")
    try folder.write(Data("SQLite format 3\0".utf8) + Data(count: 4096), to: "other.db")
    for name in ["folder", "no-captures"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: true)
    }
    try folder.write(Data("nothing\n".utf8), to: "no-captures/note.txt")
    try folder.write(Data(" \n".utf8), to: "blank.sql")
    try folder.write(
      Data("13:24:32.192571 IP 192.0.2.1.40000 > 192.0.2.2.53: 1+ A? a.example. (27)\n".utf8),
      to: "a.log")
    _ = try Program.run(["ingest", "log.db", "a.log"], in: folder.url)
    _ = try Program.run(["ingest", "good.db", "good.pcap"], in: folder.url)
    return folder
  }

  @Test(
    "A source that cannot be read, and a case that cannot be written",
    arguments: [
      BadInput("ingest new.db missing.pcap", 4, "missing.pcap: no such file"),
      BadInput("ingest new.db empty.pcap", 4, "empty.pcap: empty"),
      BadInput("ingest new.db text.txt", 4, "not a capture"),
      BadInput("ingest new.db other.db", 4, "it looks like a SQLite database"),
      BadInput("ingest new.db no-captures", 4, "no capture in this folder"),
      BadInput("ingest new.db cut-header.pcap", 4, "holds 10 of 24 octets"),
      BadInput("ingest new.db --format pcapng good.pcap", 4, "pcapng was asked for"),
      BadInput("ingest folder good.pcap", 5, "is a folder, not a case"),
      BadInput("ingest text.txt good.pcap", 5, "is not a SQLite database"),
      BadInput("ingest other.db good.pcap", 5, "a SQLite database of another program"),
      BadInput("ingest none/new.db good.pcap", 5, "the folder of the case does not exist"),
      BadInput("ingest new.db --format foo good.pcap", 2, "unknown format 'foo'"),
      BadInput("ingest new.db --date 2026-13-40 good.pcap", 2, "is no date"),
      BadInput("ingest new.db --time-zone Mars/X good.pcap", 2, "unknown time zone"),
      BadInput("ingest new.db --filter foo-bar good.pcap", 2, "filter 'foo-bar'"),
      BadInput("ingest", 2, "Missing expected argument"),
      BadInput("frobnicate", 2, "unknown command 'frobnicate'"),
      BadInput("ingst new.db good.pcap", 2, "did you mean 'ingest'?"),
    ])
  func refusedIngest(_ input: BadInput) throws {
    let folder = try folderOfFaults()
    let output = try Program.run(input.typed.split(separator: " ").map(String.init), in: folder.url)
    #expect(output.status == input.status)
    #expect(output.errors.contains(input.says))
    #expect(output.errors.split(separator: "\n").count == 1, "one line: \(output.errors)")
    #expect(!folder.names.contains { $0.hasPrefix("new.db") }, "nothing is left behind")
  }

  @Test(
    "A question that cannot be answered",
    arguments: [
      BadInput("sql missing.db SELECT", 5, "no such case"),
      BadInput("sql text.txt SELECT", 5, "is not a SQLite database"),
      BadInput("sql other.db SELECT", 5, "a SQLite database of another program"),
      BadInput("sql good.db nonsense", 2, "line 1, column 1, at 'nonsense'"),
      BadInput("run good.db dns-unanswerd", 2, "did you mean 'dns-unanswered'?"),
      BadInput("run good.db dns-unanswered --param foo=1", 2, "has no parameter 'foo'"),
      BadInput("run good.db dns-unanswered --param timeout_ms=x", 2, "takes a whole number"),
      BadInput("run good.db --since yesterday", 2, "'yesterday' is no time"),
      BadInput("run good.db --capture nope", 2, "holds no capture 'nope'"),
      BadInput(
        "run good.db --since 2020-01-01 --until 2020-01-02", 2, "they cover 2026-11-24T02:36"),
      BadInput("run good.db --since 02:36 --until 2026-11-24", 2, "one has a date"),
      BadInput("run log.db --since 2026-11-24", 2, "write the time as HH:MM:SS"),
      BadInput("sql good.db select 1", 2, "put it in quotes"),
      BadInput("sql good.db SELECT --param x=1", 2, "has no parameter ':x'"),
      BadInput("sql good.db SELECT --timeout nan", 2, "--timeout takes seconds above 0"),
      BadInput("sql good.db SELECT --timeout inf", 2, "--timeout takes seconds above 0"),
      BadInput("sql good.db SELECT --timeout 1e300", 2, "--timeout takes seconds above 0"),
      BadInput("sql good.db SELECT --timeout 0", 2, "--timeout takes seconds above 0"),
      BadInput("sql good.db :x", 2, "at ':x'"),
      BadInput("sql good.db --file blank.sql", 2, "no statement"),
      BadInput("investigations dns-unanswered --format json", 2, "goes with the list"),
      BadInput("report good.db -o folder", 2, "folder: a folder"),
      BadInput("report good.db --reported-at noon", 2, "'noon' is no time"),
      BadInput("report good.db --format pdf", 2, "use markdown, html or json"),
      BadInput("report good.db -o good.db", 2, "holds something else than a report"),
      BadInput("report good.db -o notes.md", 2, "holds something else than a report"),
      BadInput("report good.db -o settings.json", 2, "name another file, or remove it first"),
      BadInput("report good.db -o good.pcap", 2, "holds something else than a report"),
      BadInput("run good.db --since 13:00:00 --until 12:00:00", 2, "later than --until"),
    ])
  func refusedQuestion(_ input: BadInput) throws {
    let folder = try folderOfFaults()
    let output = try Program.run(input.typed.split(separator: " ").map(String.init), in: folder.url)
    #expect(output.status == input.status)
    #expect(output.errors.contains(input.says))
    #expect(output.errors.split(separator: "\n").count == 1, "one line: \(output.errors)")
  }

  @Test("A report takes the place of an earlier one, in whichever form that was")
  func reportAnew() throws {
    let folder = try folderOfFaults()
    for format in ["markdown", "json", "markdown"] {
      let output = try Program.run(
        ["report", "good.db", "-o", "report", "--format", format], in: folder.url)
      #expect(output.status == 0 && output.errors.isEmpty)
      let printed = try Program.run(["report", "good.db", "--format", format], in: folder.url)
      let written = try String(contentsOfFile: folder.path("report"), encoding: .utf8)
      #expect(written == printed.text)
    }
  }

  // Expected: sqlite3, SELECT typeof(12), typeof(-0.5), typeof('nan') and so on.
  @Test("A parameter is a number where it is written as a plain one, and else text")
  func parameters() throws {
    let folder = try folderOfFaults()
    let values = [
      "12": "integer,12", "-12": "integer,-12", "-0.5": "real,-0.5", "nan": "text,nan",
      "inf": "text,inf", "0x1F": "text,0x1F", "1e5": "text,1e5", "+1": "text,+1", "1.": "text,1.",
      "": "text,", "9223372036854775807": "integer,9223372036854775807",
      "9223372036854775808": "text,9223372036854775808",
    ]
    for (value, row) in values {
      let answer = try Program.run(
        ["sql", "good.db", "SELECT typeof(:x) AS type, :x AS x", "--param", "x=\(value)"],
        in: folder.url)
      #expect(answer.text == "type,x\n\(row)\n" && answer.status == 0)
    }
  }

  @Test("The longest time that may be given is no time in which a statement is stopped")
  func longestTimeout() throws {
    let folder = try folderOfFaults()
    let answer = try Program.run(
      ["sql", "good.db", "SELECT 1 AS x", "--timeout", "1e9"], in: folder.url)
    #expect(answer.text == "x\n1\n" && answer.status == 0)
  }

  // Expected packets: editcap -F pcap on the same files; 40 whole records end before octet 5000.
  @Test("What could be read before a fault is kept, and the fault is in the case")
  func cutCapture() throws {
    let folder = try folderOfFaults()
    let output = try Program.run(["ingest", "new.db", "cut.pcap"], in: folder.url)
    #expect(output.status == 3)
    let answer = try Program.run(
      [
        "sql", "new.db",
        "SELECT packets, complete, (SELECT count(*) FROM packets), "
          + "(SELECT count(*) FROM faults WHERE kind = 'cut') FROM captures",
      ], in: folder.url)
    let row = try #require(answer.text.split(separator: "\n").last).split(separator: ",")
    #expect(row[0] == row[2], "the capture's count is that of its rows")
    #expect(row[1] == "0" && row[3] == "1")
  }

  @Test("A header with nothing after it is a capture without packets")
  func headerAlone() throws {
    let folder = try folderOfFaults()
    #expect(try Program.run(["ingest", "new.db", "header.pcap"], in: folder.url).status == 0)
    let answer = try Program.run(["sql", "new.db", "SELECT packets FROM captures"], in: folder.url)
    #expect(answer.text == "packets\n0\n")
  }

  @Test("A packet that claims 4 GiB ends the capture with a fault, not the program")
  func hugeClaim() throws {
    let folder = try folderOfFaults()
    let output = try Program.run(["ingest", "new.db", "huge.pcap"], in: folder.url)
    #expect(output.status == 3)
    #expect(output.errors.contains("byte 24: packet 1 claims 4294967295 captured octets"))
  }

  @Test("One bad source among good ones leaves the good ones in the case")
  func mixedSources() throws {
    let folder = try folderOfFaults()
    let output = try Program.run(
      ["ingest", "new.db", "missing.pcap", "good.pcap", "empty.pcap"], in: folder.url)
    #expect(output.status == 3)
    let answer = try Program.run(["sql", "new.db", "SELECT name FROM captures"], in: folder.url)
    #expect(answer.text == "name\ngood.pcap\n")
  }

  @Test("A source of which nothing could be read is told in the case until it is ingested")
  func unreadSource() throws {
    let folder = try folderOfFaults()
    let unread = ["sql", "new.db", "SELECT kind, message FROM faults WHERE capture_id IS NULL"]
    _ = try Program.run(["ingest", "new.db", "cut-header.pcap", "good.pcap"], in: folder.url)
    let told = try Program.run(unread, in: folder.url).text.split(separator: "\n")
    #expect(told.count == 2)
    #expect(told.last?.hasPrefix("unread,") == true && told.last?.contains("10 of 24") == true)
    let report = try Program.run(["report", "new.db"], in: folder.url).text
    #expect(report.contains("Not in the case: cut-header.pcap: byte 0"))
    let capture = try Data(contentsOf: folder.url.appending(path: "cut.pcap"))
    try folder.write(capture, to: "cut-header.pcap")
    _ = try Program.run(["ingest", "new.db", "cut-header.pcap"], in: folder.url)
    #expect(try Program.run(unread, in: folder.url).text == "kind,message\n")
  }

  @Test("The same bytes again add nothing, and the program says so")
  func sameBytesAgain() throws {
    let folder = try folderOfFaults()
    try FileManager.default.copyItem(
      at: folder.url.appending(path: "good.pcap"), to: folder.url.appending(path: "copy.pcap"))
    let output = try Program.run(["ingest", "good.db", "copy.pcap"], in: folder.url)
    #expect(output.status == 0)
    #expect(output.errors.contains("the case holds the same bytes already, as 'good.pcap'"))
    let answer = try Program.run(
      ["sql", "good.db", "SELECT count(*) FROM captures"], in: folder.url)
    #expect(answer.text == "count(*)\n1\n")
  }

  @Test("A case of a newer version is refused and left as it is")
  func newerCase() throws {
    let folder = try folderOfFaults()
    var bytes = try Data(contentsOf: folder.url.appending(path: "good.db"))
    // The user version stands at octet 60, most significant first: SQLite's file format, 1.3.
    bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
    try folder.write(bytes, to: "newer.db")
    for words in [["sql", "newer.db", "SELECT 1"], ["ingest", "newer.db", "good.pcap"]] {
      let output = try Program.run(words, in: folder.url)
      #expect(output.status == 5)
      #expect(output.errors.contains("version 99, newer than this program"))
    }
    #expect(try Data(contentsOf: folder.url.appending(path: "newer.db")) == bytes)
  }

  @Test("Nobody reading what is said does not end an ingest")
  func closedStandardError() throws {
    let folder = try folderOfFaults()
    let process = try Program.start(
      ["ingest", "new.db", "empty.pcap", "good.pcap"], in: folder.url)
    try (process.standardError as? Pipe)?.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 3)
    let answer = try Program.run(["sql", "new.db", "SELECT packets FROM captures"], in: folder.url)
    #expect(answer.text == "packets\n99\n")
  }

  @Test("A reader that goes away keeps no finding from the case, and no exit code from the caller")
  func closedPipeOfFindings() throws {
    let folder = try folderOfFaults()
    let process = try Program.start(["run", "good.db", "--fail-on", "high"], in: folder.url)
    try (process.standardOutput as? Pipe)?.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
    let answer = try Program.run(
      ["sql", "good.db", "SELECT count(*) > 0 AS found FROM findings WHERE severity = 'high'"],
      in: folder.url)
    #expect(answer.text == "found\n1\n")
  }

  @Test("A change that verify finds is one, whoever reads on")
  func closedPipeOfChecks() throws {
    let folder = try folderOfFaults()
    try folder.write(Data("another capture".utf8), to: "good.pcap")
    let process = try Program.start(["verify", "good.db"], in: folder.url)
    try (process.standardOutput as? Pipe)?.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
  }

  @Test("Nobody reading what an ingest tells of its sources changes no exit code")
  func closedPipeOfSources() throws {
    let folder = try folderOfFaults()
    let process = try Program.start(
      ["ingest", "new.db", "--json", "empty.pcap", "good.pcap"], in: folder.url)
    try (process.standardOutput as? Pipe)?.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 3)
  }

  @Test(
    "Output that does not fit on its disk is told, and is no success",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
  func fullDisk() throws {
    let folder = try folderOfFaults()
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "'\(Program.path)' sql good.db 'SELECT 1' > /dev/full"]
    shell.currentDirectoryURL = folder.url
    let errors = Pipe()
    shell.standardError = errors
    try shell.run()
    let said = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 2)
    #expect(said.contains("standard output: cannot be written: No space left on device"))
  }

  @Test("A reader that goes away is no error")
  func closedPipe() throws {
    let folder = try folderOfFaults()
    let endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) "
      + "SELECT i FROM n"
    let process = try Program.start(["sql", "good.db", endless], in: folder.url)
    let output = try #require(process.standardOutput as? Pipe)
    _ = output.fileHandleForReading.readData(ofLength: 100)
    try output.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }
}
