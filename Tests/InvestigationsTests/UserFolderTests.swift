import CaseFixtures
import Foundation
import Testing

@testable import Investigations

@Suite("Investigations of the user's own")
struct UserFolderTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private func write(_ text: String, _ name: String) throws {
    let path = folder.file(name)
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    _ = try folder.write(Array(text.utf8), name)
  }

  // Expected: the XDG Base Directory Specification.
  @Test(
    "Their place follows from the environment",
    arguments: [
      (["XDG_CONFIG_HOME": "/c", "HOME": "/h"], "/c/wirecase/queries"),
      (["XDG_CONFIG_HOME": "", "HOME": "/h"], "/h/.config/wirecase/queries"),
      (["XDG_CONFIG_HOME": "c", "HOME": "/h"], "/h/.config/wirecase/queries"),
      (["HOME": "/h"], "/h/.config/wirecase/queries"),
      ([:], nil),
    ])
  func place(environment: [String: String], path: String?) {
    #expect(InvestigationLibrary.userFolder(environment) == path)
  }

  @Test("A folder's files are added; one of a shipped name takes its place; a wrong one is named")
  func named() throws {
    var library = try InvestigationLibrary()
    let names = library.all.map(\.name)
    try write(HeaderTests.good, "deep/in/mine.sql")
    try write(HeaderTests.good, "dns-unanswered.sql")
    try write("no SQL", "notes.txt")
    try write("no SQL", ".#mine.sql")
    try write("no SQL", ".git/mine.sql")
    try library.add(folder: folder.path)
    #expect(library.all.map(\.name) == names + ["mine"])
    let replaced = try library.investigation(named: "dns-unanswered")
    #expect(replaced.title == "A title" && replaced.replacesShipped)
    let mine = try library.investigation(named: "mine")
    #expect(mine.origin == folder.file("deep/in/mine.sql") && !mine.replacesShipped)
    #expect(mine.source == .namedFolder)
    try write("SELECT 1", "bare.sql")
    #expect(throws: InvestigationError.self) { try library.add(folder: folder.path) }
    #expect(
      throws: InvestigationError.unreadable(path: folder.file("none"), reason: "no such folder")
    ) { try library.add(folder: folder.file("none")) }
  }

  @Test("A broken file of the user's folder stops no other, but is told when it is asked for")
  func broken() throws {
    try write(HeaderTests.good, "mine.sql")
    try write("SELECT 1", "bare.sql")
    try write("SELECT 1", "dns-unanswered.sql")
    var library = try InvestigationLibrary()
    library.add(userFolder: folder.path)
    #expect(library.broken.keys.sorted() == ["bare", "dns-unanswered"])
    #expect(try library.investigation(named: "mine").source == .userFolder)
    #expect(library.all.contains { $0.name == "dns-unanswered" && $0.source == .shipped })
    for name in ["bare", "dns-unanswered"] {
      let error = try #require(library.broken[name])
      #expect(throws: error) { try library.investigation(named: name) }
    }
    // A good one from elsewhere takes its place.
    try write(HeaderTests.good, "other/bare.sql")
    try library.add(folder: folder.file("other"))
    #expect(try library.investigation(named: "bare").title == "A title")
  }

  @Test("A folder that is not there is none, and no fault")
  func missing() throws {
    var library = try InvestigationLibrary()
    library.add(userFolder: folder.file("none"))
    #expect(library.broken.isEmpty)
  }
}
