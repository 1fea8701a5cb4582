import CaseFixtures
import Foundation
import Testing

/// The sample incident, two captures and a log, with every investigation run on it.
@Suite(
  "Other programs read the case, and what it found",
  .enabled(if: OtherPrograms.areThere, Comment(rawValue: OtherPrograms.reason)))
struct OtherProgramsTests {
  let folder: Folder

  init() throws {
    folder = try Folder()
    _ = try run(
      ["ingest", "incident.db"]
        + ["client-a.pcap", "server.pcapng", "client-b.log"].map(Program.sample))
    _ = try run(["run", "incident.db"])
  }

  @discardableResult
  private func run(_ arguments: [String]) throws -> String {
    try Program.run(arguments, in: folder.url).text
  }

  private func python(_ arguments: [String], input: String = "") throws -> String {
    try OtherPrograms.run(arguments, in: folder.url.path, input: Data(input.utf8))
  }

  /// Rows as they are compared: values by JSON's types, NULL included.
  private func rows(_ text: String) throws -> [NSDictionary] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [NSDictionary])
  }

  /// Views of the case with how many rows each has, as Wirecase counts them.
  private func counts() throws -> [NSDictionary] {
    let names = try run([
      "sql", "incident.db", "SELECT name FROM sqlite_schema WHERE type = 'view'",
    ])
    .split(separator: "\n").dropFirst()
    return try rows(
      run([
        "sql", "incident.db", "--format", "json",
        names.map { "SELECT '\($0)' AS view, count(*) AS count FROM \($0)" }
          .joined(separator: " UNION ALL "),
      ]))
  }

  // MARK: - Whatever opens SQLite

  @Test("sqlite-utils lists the views, and counts the rows that Wirecase counts")
  func sqliteUtils() throws {
    let listed = try rows(python(["-m", "sqlite_utils", "views", "incident.db", "--counts"]))
    #expect(listed.count > 15)
    #expect(try listed == counts())
  }

  @Test(
    "The sqlite3 shell finds nothing wrong in it, and reads from every view what Wirecase reads",
    .enabled(if: OtherPrograms.shell != nil, "not tested: no sqlite3 in PATH"))
  func shell() throws {
    let program = try #require(OtherPrograms.shell)
    func ask(_ sql: String) throws -> String {
      try OtherPrograms.run(
        program, ["-readonly", "-json", "incident.db", sql], in: folder.url.path)
    }
    #expect(try rows(ask("PRAGMA integrity_check")) == [["integrity_check": "ok"]])
    for view in try counts() {
      let name = try #require(view["view"] as? String)
      let mine = try run(["sql", "incident.db", "--format", "json", "SELECT * FROM \(name)"])
      let theirs = try ask("SELECT * FROM \(name)")
      // The shell prints nothing where there are no rows.
      #expect(try rows(theirs.isEmpty ? "[]" : theirs) == rows(mine), "\(name)")
    }
  }

  // MARK: - Parquet

  // Nanoseconds beside microseconds, numbers of both signs, columns without a value: what an engine
  // that guesses types gets wrong.
  @Test(
    "By the lines in README, DuckDB makes Parquet of packets: the same values, of the same types")
  func parquet() throws {
    let readme = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    let lines = try #require(
      readme.firstMatch(of: /wirecase (export .+ -o (packets\.ndjson))\nduckdb -c "([^"]+)"\n/))
    for captures in [["server.pcapng"], ["client-a.pcap", "client-b.log"]] {
      for name in ["incident.db", "packets.ndjson", "packets.parquet"] {
        try? FileManager.default.removeItem(at: folder.url.appending(path: name))
      }
      try run(["ingest", "incident.db"] + captures.map(Program.sample))
      try run(lines.1.split(separator: " ").map(String.init))
      let exported = try String(
        contentsOf: folder.url.appending(path: String(lines.2)), encoding: .utf8)
      let kept = try python(["through_parquet.py", String(lines.3), "packets.parquet"])
      #expect(exported.split(separator: "\n").count > 90)
      // As texts: 1 is not 1.0.
      #expect(kept == exported)
    }
  }

  // MARK: - Datasette

  private func datasette(_ path: String) throws -> String {
    try python(
      ["-m", "datasette", "incident.db", "--metadata", "metadata.json", "--get", path])
  }

  /// The rows that a run of an investigation left in the case.
  private func found(_ name: String) throws -> [NSDictionary] {
    let details = try rows(
      run([
        "sql", "incident.db", "--format", "json",
        "SELECT details FROM findings WHERE investigation = '\(name)' ORDER BY finding_id",
      ]))
    return try details.map { row in
      let text = try #require(row["details"] as? String)
      return try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }
  }

  @Test("Datasette serves the investigations as queries, with the rows that run finds")
  func queries() throws {
    let exported = try Program.run(
      ["export", "incident.db", "--datasette", "-o", "metadata.json"], in: folder.url)
    #expect(exported.status == 0 && exported.text.isEmpty)
    #expect(
      exported.errors
        == "wirecase: metadata.json: goes with 'datasette incident.db --metadata metadata.json'\n")
    for name in ["dns-resolver-down", "dns-unanswered", "icmp-port-unreachable-burst"] {
      let served = try rows(datasette("/incident/\(name).json?_shape=array"))
      #expect(!served.isEmpty)
      #expect(try served == found(name))
    }
    // With a value, and with one that leaves nothing.
    let patient = try datasette("/incident/dns-unanswered.json?_shape=array&timeout_ms=7000")
    try run(["run", "incident.db", "dns-unanswered", "--param", "timeout_ms=7000"])
    let both = try found("dns-unanswered")
    #expect(try rows(patient) == Array(both.suffix(both.count / 2)))
    let none = try datasette("/incident/dns-resolver-down.json?_shape=array&min_failures=50")
    #expect(try rows(none).isEmpty)
  }

  @Test("Datasette knows every investigation, describes views and columns, and hides the tables")
  func descriptions() throws {
    try run(["export", "incident.db", "--datasette", "-o", "metadata.json"])
    let database = try #require(
      try JSONSerialization.jsonObject(with: Data(datasette("/incident.json").utf8))
        as? [String: Any])
    let queries = try #require(database["queries"] as? [[String: Any]])
    let names = try run(["investigations", "--format", "csv"]).split(separator: "\n").dropFirst()
      .compactMap { $0.split(separator: ",").first.map(String.init) }
    #expect(queries.compactMap { $0["name"] as? String }.sorted() == names.sorted())
    let views = try #require(database["views"] as? [[String: Any]])
    #expect(
      try Set(views.compactMap { $0["name"] as? String })
        == Set(counts().compactMap { $0["view"] as? String }))
    let tables = try #require(database["tables"] as? [[String: Any]])
    #expect(!tables.isEmpty && tables.allSatisfy { $0["hidden"] as? Bool == true })
    let page = try datasette("/incident/flows")
    #expect(page.contains("A bidirectional conversation in the case."))
    #expect(page.contains("<dt>state</dt><dd>Zeek&#39;s conn_state; NULL for what is neither"))
    let query = try datasette("/incident/dns-resolver-down")
    #expect(query.contains("<p>Cannot tell: Onset and recovery are those that questions show"))
    #expect(query.contains("<li><code>min_failures</code>: an outage has at least that many; 3 "))
  }

  // MARK: - OCSF

  @Test("OCSF's own schema takes every event; a finding has the same identity when found again")
  func ocsf() throws {
    let events = try run(["export", "incident.db", "--ocsf"])
    let count = events.split(separator: "\n").count
    let findings = try counts().first { $0["view"] as? String == "findings" }
    #expect(count > 10 && findings?["count"] as? Int == count)
    #expect(try python(["check_ocsf.py"], input: events) == "\(count) checked\n")
    let identities = events.matches(of: /"uid": "[0-9a-f]{32}:\d+"/).map { String($0.0) }
    #expect(Set(identities).count == count)
    try run(["run", "incident.db"])
    let again = try run(["export", "incident.db", "--ocsf"])
    #expect(again.matches(of: /"uid": "[0-9a-f]{32}:\d+"/).map { String($0.0) } == identities)
    // The check can fail.
    let wrong = events.replacing("\"class_uid\": 2004", with: "\"class_uid\": 2004, \"colour\": 1")
    #expect(try python(["check_ocsf.py"], input: wrong).split(separator: "\n").count == count + 1)
  }
}
