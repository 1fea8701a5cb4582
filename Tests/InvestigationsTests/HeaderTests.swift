import CaseFixtures
import CaseStore
import Foundation
import Queries
import Testing

@testable import Investigations

@Suite("Headers of investigations")
struct HeaderTests {
  /// A file that has everything; each test takes something away.
  static let good = """
    -- title:      A title
    -- severity:   low  nobody is hurt
    -- meaning:    What it means,
    --             on two lines
    -- parameter:  least  integer  packets  3  rows with fewer are left out
    -- parameter:  share  real  -  0.5  of all
    -- needs:      SELECT 1
    -- column:     name   text     -  what is called so
    -- column:     count  integer  packets  how many
    -- evidence:   SELECT packet_id FROM packets
    --             WHERE src = :name
    -- reference:  RFC 1
    -- reference:  RFC 2
    -- benign:     Often.
    -- limits:     Much: more.

    SELECT 1 AS name, 2 AS count;
    """

  private func parse(_ text: String) throws -> Investigation {
    try Investigation(name: "mine", origin: "mine.sql", text: text)
  }

  private func error(_ text: String) -> String? {
    do {
      _ = try parse(text)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("Each field is read, with the lines that continue it")
  func fields() throws {
    let read = try parse(Self.good)
    #expect(read.title == "A title" && read.severity == .low)
    #expect(read.severityReason == "nobody is hurt" && read.needs == "SELECT 1")
    #expect(read.meaning == "What it means, on two lines")
    #expect(read.evidence == "SELECT packet_id FROM packets WHERE src = :name")
    #expect(read.references == ["RFC 1", "RFC 2"])
    #expect(read.benign == "Often." && read.limits == "Much: more.")
    #expect(
      read.parameters == [
        .init(
          name: "least", type: .integer, unit: "packets", defaultValue: .integer(3),
          what: "rows with fewer are left out"),
        .init(name: "share", type: .real, unit: "-", defaultValue: .real(0.5), what: "of all"),
      ])
    #expect(
      read.columns == [
        .init(name: "name", type: .text, unit: "-", what: "what is called so"),
        .init(name: "count", type: .integer, unit: "packets", what: "how many"),
      ])
    #expect(read.sql == "SELECT 1 AS name, 2 AS count;")
  }

  @Test(
    "A field that is missing, empty, doubled or unknown is named with its line",
    arguments: [
      ("-- title:      A title\n", "", "mine.sql: line 1: the header has no 'title'"),
      ("benign:     Often.", "benign:", "mine.sql: line 14: 'benign' is empty"),
      ("-- benign:", "-- title:", "mine.sql: line 1: the header has no 'benign'"),
      ("-- limits:", "-- benign: x\n-- limits:", "mine.sql: line 15: a second 'benign'"),
      ("-- limits:", "-- author: x\n-- limits:", "mine.sql: line 15: unknown key 'author'"),
      (
        "severity:   low", "severity:   dire",
        "mine.sql: line 2: severity is one of info, low, medium, high, critical, not 'dire'"
      ),
      (
        "severity:   low  nobody is hurt", "severity:   low",
        "mine.sql: line 2: severity: low  why it is so"
      ),
      (
        "integer  packets  3", "integer  packets  three",
        "mine.sql: line 5: parameter: name  type  unit  default  what"
      ),
      ("name   text", "name   words", "mine.sql: line 8: column: name  type  unit  what"),
      (
        "SELECT 1 AS name, 2 AS count;", "",
        "mine.sql: line 17: no statement behind the header"
      ),
    ])
  func malformed(old: String, new: String, message: String) {
    #expect(error(Self.good.replacingOccurrences(of: old, with: new)) == message)
  }

  @Test("The text as it stands is in order")
  func wellFormed() {
    #expect(error(Self.good) == nil)
  }
}

@Suite("The shipped investigations")
struct ShippedTests {
  let library: InvestigationLibrary

  init() throws { library = try InvestigationLibrary() }

  @Test("Every file of Queries is there, those about captures first")
  func all() {
    #expect(library.all.count == Queries.all.count)
    let names = library.all.map(\.name)
    let (first, others) = (
      names.filter { $0.hasPrefix("capture-") }, names.filter { !$0.hasPrefix("capture-") }
    )
    #expect(names == first.sorted() + others.sorted(by: { path($0) < path($1) }))
    #expect(Set(names) == Set(Trial.all.map(\.name)), "each has a trial, and each trial is of one")
  }

  /// Where an investigation stands in `Queries`.
  private func path(_ name: String) -> String {
    library.all.first { $0.name == name }?.origin ?? ""
  }

  @Test("No header has an empty field, and each has a title of its own")
  func complete() {
    for each in library.all {
      let texts =
        [
          each.title, each.severityReason, each.meaning, each.needs, each.evidence, each.benign,
          each.limits, each.sql,
        ]
        + each.references + each.columns.flatMap { [$0.name, $0.unit, $0.what] }
        + each.parameters.flatMap { [$0.name, $0.unit, $0.what] }
      #expect(texts.allSatisfy { !$0.isEmpty }, "\(each.name)")
      #expect(!each.references.isEmpty && !each.columns.isEmpty, "\(each.name)")
      #expect(
        !["none", "unknown", "unlikely", "-"].contains(each.benign.lowercased()), "\(each.name)")
    }
    #expect(Set(library.all.map(\.title)).count == library.all.count)
  }

  @Test("A query returns the columns that its header declares, in their order")
  func columns() throws {
    let folder = try CaseFolder()
    let reader = try folder.read(Incident().capture)
    for each in library.all {
      let parameters = Dictionary(
        uniqueKeysWithValues: each.parameters.map { ($0.name, $0.defaultValue) })
      var found: [String] = []
      try reader.run(
        each.sql, parameters: parameters, begin: { found = $0 }, body: { _ in true })
      #expect(found == each.columns.map(\.name), "\(each.name)")
      // What the evidence asks for is a column or a parameter.
      let known = Set(found + each.parameters.map(\.name))
      for match in each.evidence.matches(of: /:([a-z_]+)/) {
        #expect(known.contains(String(match.1)), "\(each.name): \(match.0)")
      }
    }
  }

  @Test("Each parameter is used by the query or what it needs")
  func parameters() {
    for each in library.all {
      for parameter in each.parameters {
        #expect(each.sql.contains(":\(parameter.name)"), "\(each.name): \(parameter.name)")
      }
    }
  }

  @Test("The SQL runs on other engines: it has none of the words that portable-sql.md rules out")
  func portable() {
    let ruledOut = [
      "group_concat", "string_agg", "strftime", "datetime(", "julianday", "printf", "iif(",
      "ifnull", "total(", "median(", "instr(", "hex(", " glob ", " ilike ", "distinct on",
      "qualify", "as materialized", " & ", " | ", "<<", ">>", "==", "->", " except ", "`", "\"",
    ]
    for each in library.all {
      for text in [each.sql, each.needs, each.evidence] {
        // What stands in quotes or comments is no SQL.
        let code = text.split(separator: "\n").map { $0.split(separator: "--").first ?? "" }
          .joined(separator: " ").replacing(/'[^']*'/, with: "''").lowercased()
        for word in ruledOut { #expect(!code.contains(word), "\(each.name): \(word)") }
        #expect(!code.contains(/\bunion\b(?!\s+all)/), "\(each.name): UNION without ALL")
        #expect(!code.contains(/\b(max|min)\([^()]*,/), "\(each.name): max of two values")
        #expect(!code.contains(/cast\([^()]* as (integer|text|real|double)/), "\(each.name): CAST")
      }
      #expect(each.sql.contains("ORDER BY"), "\(each.name)")
    }
  }

  @Test("An unknown name is told with the nearest one, as far as there is one near")
  func nearest() {
    #expect(throws: InvestigationError.unknown(name: "dns-unanswerd", nearest: "dns-unanswered")) {
      try library.investigation(named: "dns-unanswerd")
    }
    #expect(throws: InvestigationError.unknown(name: "printer", nearest: nil)) {
      try library.investigation(named: "printer")
    }
    #expect(
      InvestigationError.unknown(name: "dns-unanswerd", nearest: "dns-unanswered").description
        == "unknown investigation 'dns-unanswerd'; did you mean 'dns-unanswered'? "
        + "'wirecase investigations' lists them")
  }

  // Expected: the usual examples of Levenshtein's distance.
  @Test(
    "The distance of words counts letters to add, drop or change",
    arguments: [
      ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0),
      ("ab", "ba", 2),
    ])
  func distance(one: String, other: String, expected: Int) {
    #expect(NearestName.distance(one, other) == expected)
  }

  @Test("A folder's files are added; one of a shipped name takes its place; a wrong one is named")
  func folder() throws {
    let folder = try CaseFolder()
    var library = library
    let count = library.all.count
    _ = try folder.write(Array(HeaderTests.good.utf8), "mine.sql")
    _ = try folder.write(Array(HeaderTests.good.utf8), "dns-unanswered.sql")
    _ = try folder.write(Array("no SQL".utf8), "notes.txt")
    try library.add(folder: folder.path)
    #expect(library.all.count == count + 1)
    #expect(try library.investigation(named: "dns-unanswered").title == "A title")
    #expect(try library.investigation(named: "mine").origin.hasSuffix("/mine.sql"))
    _ = try folder.write(Array("SELECT 1".utf8), "bare.sql")
    #expect(throws: InvestigationError.self) { try library.add(folder: folder.path) }
    #expect(
      throws: InvestigationError.unreadable(
        path: folder.file("none"), reason: "no such folder")
    ) { try library.add(folder: folder.file("none")) }
  }
}
