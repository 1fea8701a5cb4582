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
    "A field that is missing, empty, doubled or unknown is named with its place",
    arguments: [
      ("-- title:      A title\n", "", "1:1: the header has no 'title'"),
      ("benign:     Often.", "benign:", "14:4: 'benign' is empty"),
      ("-- benign:", "-- title:", "1:1: the header has no 'benign'"),
      ("-- limits:", "-- benign: x\n-- limits:", "15:4: a second 'benign'"),
      (
        "-- limits:", "-- benine: x\n-- limits:",
        "15:4: unknown key 'benine'; did you mean 'benign'?"
      ),
      (
        "-- limits:", "-- bibliography: x\n-- limits:",
        "15:4: unknown key 'bibliography'; a line that goes on with the one above begins with two "
          + "blanks"
      ),
      (
        "severity:   low", "severity:   dire",
        "2:16: severity is one of info, low, medium, high, critical, not 'dire'"
      ),
      (
        "severity:   low  nobody is hurt", "severity:   low", "2:16: severity: low  why it is so"
      ),
      (
        "integer  packets  3", "integer  packets  three",
        "5:41: the default of 'least' is no whole number: 'three'"
      ),
      (
        "integer  packets  3  rows with fewer are left out", "integer",
        "5:16: parameter: name  type  unit  default  what"
      ),
      ("name   text", "name   words", "8:23: a type is one of integer, real, text, not 'words'"),
      ("name   text", ":name  text", "8:16: ':name' is no name; write letters, digits and _ alone"),
      ("column:     count", "column:     name", "9:16: a second column 'name'"),
      (
        "column:     count", "column:     least",
        "9:16: 'least' is a parameter too; evidence could ask for one alone"
      ),
      ("SELECT 1 AS name, 2 AS count;", "", "17:1: no statement behind the header"),
    ])
  func malformed(old: String, new: String, message: String) {
    #expect(error(Self.good.replacingOccurrences(of: old, with: new)) == "mine.sql:" + message)
  }

  @Test("The text as it stands is in order")
  func wellFormed() {
    #expect(error(Self.good) == nil)
  }

  @Test("Line ends and a mark of the encoding, as some editors write them, change nothing")
  func lineEnds() throws {
    let text = "\u{feff}" + Self.good.replacing("\n", with: "\r\n")
    #expect(error(text) == nil)
    #expect(try parse(text).sql == parse(Self.good).sql)
    #expect(
      error(text.replacing("-- limits:", with: "-- x:"))
        == "mine.sql:1:1: the header has no 'limits'")
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

  @Test(
    "Each passes what a user's own is checked for, without a warning",
    arguments: Queries.all.map(\.path))
  func inOrder(path: String) throws {
    let text = try #require(Queries.all.first { $0.path == path }).text
    #expect(try InvestigationCheck().faults(in: text).map(\.description) == [])
  }

  @Test(
    "None reads every packet or stream: neither its statement, nor what it needs, nor its evidence")
  func plans() throws {
    let database = try EmptyCase()
    for each in library.all {
      for text in [each.sql, each.needs, each.evidence] {
        let scanned = try #require(try database.outline(of: text)).scannedTables
        // Both have indexes for whatever a row is about.
        let large = scanned.intersection(["fact_packet", "fact_stream"])
        #expect(large.isEmpty, "\(each.name): \(text)")
      }
    }
    // One that does is caught, whatever its alias and however deep in it.
    let scan =
      "WITH few AS (SELECT x.src FROM packets AS x WHERE x.length > :length) SELECT src FROM few"
    #expect(try #require(try database.outline(of: scan)).scannedTables.contains("fact_packet"))
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
}
