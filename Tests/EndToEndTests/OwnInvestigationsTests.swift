import Foundation
import Testing

@Suite("Investigations of the user's own, and findings looked for again")
struct OwnInvestigationsTests {
  let folder: Folder
  /// The program is run with this folder as `XDG_CONFIG_HOME`.
  let kept: URL

  init() throws {
    folder = try Folder()
    kept = folder.url.appending(path: "wirecase/queries")
    try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
  }

  private func run(_ arguments: String...) throws -> Program.Output {
    try Program.run(arguments, in: folder.url)
  }

  /// A shipped investigation as a file, with something in it changed.
  private func write(
    _ name: String, changing old: String = "", to new: String = ""
  ) throws {
    var text = try String(
      contentsOf: Program.root.appending(path: "Queries/dns/dns-unanswered.sql"), encoding: .utf8)
    if !old.isEmpty {
      #expect(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    try Data(text.utf8).write(to: kept.appending(path: name))
  }

  @Test("check prints each fault as FILE:LINE:COLUMN and ends with 2; a file in order with 0")
  func check() throws {
    try write("mine.sql")
    try write("dns-unanswered.sql")
    let good = try run("investigations", "check", kept.path)
    #expect(good.status == 0 && good.errors.isEmpty)
    #expect(
      good.text == """
        \(kept.path)/dns-unanswered.sql: in order; it takes the place of the shipped 'dns-unanswered'
        \(kept.path)/mine.sql: in order

        """)
    let file = kept.path + "/mine.sql"
    try write("mine.sql", changing: "-- title:", to: "-- titel:")
    let bad = try run("investigations", "check", file, "none.sql")
    #expect(bad.status == 2)
    #expect(
      bad.text == """
        \(file):1:1: the header has no 'title'
        \(file):1:4: unknown key 'titel'; did you mean 'title'?

        """)
    #expect(bad.errors.hasPrefix("wirecase: none.sql: cannot be read: no such file"))
  }

  @Test("What runs here alone is a warning, and a fault with --strict")
  func strict() throws {
    try write("mine.sql")
    let file = kept.path + "/mine.sql"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let ordered = try #require(text.range(of: "ORDER BY", options: .backwards))
    let line = text[..<ordered.lowerBound].count { $0 == "\n" } + 1
    let changed = text.replacingCharacters(in: ordered, with: "ORDER BY 1 == 1,")
    try Data(changed.utf8).write(to: URL(filePath: file))
    let said = try run("investigations", "check", file)
    #expect(said.status == 0)
    #expect(said.text.hasPrefix("\(file):\(line):12: warning: '==' is not portable: write =\n"))
    #expect(said.text.hasSuffix("mine.sql: in order, but for 1 warning\n"))
    #expect(try run("investigations", "check", "--strict", file).status == 2)
  }

  @Test("What is kept in the user's folder is listed and run; a broken file stops no other")
  func userFolder() throws {
    _ = try run("ingest", "a.db", Program.sample("client-a.pcap"))
    try write("mine.sql", changing: "-- title:", to: "-- title: Mine:")
    try Data("SELECT 1".utf8).write(to: kept.appending(path: "bare.sql"))
    let listed = try run("investigations")
    #expect(listed.text.contains("\nmine,high,Mine:"))
    #expect(listed.text.contains(",\(kept.path)/mine.sql\n"))
    #expect(listed.errors.contains("bare.sql:1:1: the header has no 'title'; left out"))
    let (mine, shipped) = try (run("run", "a.db", "mine"), run("run", "a.db", "dns-unanswered"))
    #expect(mine.status == 0 && mine.errors.isEmpty && mine.text == shipped.text)
    #expect(mine.text.split(separator: "\n").count > 1)
    #expect(try run("run", "a.db").status == 0)
    let bare = try run("run", "a.db", "bare")
    #expect(bare.status == 2 && bare.errors.contains("bare.sql:1:1: the header has no 'title'"))
    let without = try run("run", "a.db", "mine", "--no-user-queries")
    #expect(without.status == 2 && without.errors.contains("unknown investigation 'mine'"))
  }

  @Test("A finding is found again by the SQL that the case keeps, though its file is gone")
  func again() throws {
    _ = try run("ingest", "a.db", Program.sample("client-a.pcap"))
    try write("mine.sql")
    _ = try run("run", "a.db", "mine", "--param", "timeout_ms=100")
    try FileManager.default.removeItem(at: kept.appending(path: "mine.sql"))
    _ = try run("ingest", "a.db", Program.sample("server.pcapng"))
    let said = try run("run", "a.db", "--again", "1")
    #expect(said.status == 0)
    #expect(said.text.contains("\nclient,unchanged,192.0.2.21,192.0.2.21\n"))
    #expect(
      said.errors == """
        wirecase: finding 1: captures that it did not look at are left out again: 1 of 2
        wirecase: finding 1 (mine): unchanged, with the same packets

        """)
    let none = try run("run", "a.db", "--again", "99")
    #expect(none.status == 2 && none.errors.contains("the case holds no finding 99"))
    let both = try run("run", "a.db", "mine", "--again", "1")
    #expect(both.status == 2 && both.errors.contains("leave out names and other options"))
  }
}
