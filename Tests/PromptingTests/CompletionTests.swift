import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Prompting

@Suite("Completion at the prompt")
struct CompletionTests {
  private let completer = Completer(
    views: [
      ViewDescription(
        name: "packets", what: "", columns: ["packet_id", "src", "src_port"].map(Self.column)),
      ViewDescription(
        name: "dns_transactions", what: "", columns: ["client", "server", "qname"].map(Self.column)),
    ],
    functions: ["sum", "ip_in", "substr"],
    investigations: ["dns-unanswered", "dns-truncated", "icmp-port-unreachable-burst"],
    formats: ["table", "csv"])

  private static func column(_ name: String) -> ViewDescription.Column {
    .init(name: name, what: "")
  }

  private func text(_ line: String, after: String = "", in statement: String = "") -> String {
    completer.completion(of: line, before: after, in: statement).text
  }

  private func choices(_ line: String, after: String = "", in statement: String = "") -> [String] {
    completer.completion(of: line, before: after, in: statement).choices
  }

  @Test("A keyword is written as it was begun: in capitals or not")
  func keywords() {
    #expect(text("SELE") == "SELECT ")
    #expect(text("sele") == "select ")
  }

  @Test("Columns of the views that a statement names come before all else, wherever it names them")
  func columnsOfNamedViews() {
    #expect(choices("SELECT s", after: " FROM packets") == ["src", "src_port"])
    #expect(choices("WHERE s", in: "SELECT * FROM dns_transactions") == ["server"])
    #expect(choices("SELECT s").contains("substr("), "no view is named: functions are choices too")
    #expect(choices("SELECT p.s", after: " FROM packets AS p") == ["src", "src_port"])
  }

  @Test("What all choices begin with is certain; a function is followed by its parenthesis")
  func shared() {
    #expect(text("SELECT sr", after: " FROM packets") == "src")
    #expect(text("SELECT ip_") == "ip_in(")
    #expect(choices("SELECT zzz").isEmpty)
  }

  @Test("Inside of quotes nothing is guessed")
  func quoted() {
    #expect(choices("SELECT * FROM packets WHERE src = 's").isEmpty)
    #expect(choices("SELECT 'it''s', s", after: " FROM packets") == ["src", "src_port"])
  }

  @Test("Commands, and what they take")
  func commands() {
    #expect(text(".ta") == ".tables ")
    #expect(choices(".t") == [".tables", ".timer"])
    #expect(choices(".schema d") == ["dns_transactions"])
    #expect(text(".run dns-") == "dns-" && choices(".run dns-").count == 2)
    #expect(text(".investigations i") == "icmp-port-unreachable-burst ")
    #expect(choices(".timer ") == ["on", "off"])
    #expect(choices(".t", in: "SELECT 1").isEmpty, "inside of a statement a dot begins no command")
  }
}

@Suite("Commands of the prompt")
struct DotCommandTests {
  @Test("Each command is read with what it takes")
  func read() throws {
    #expect(try DotCommand(".schema  packets") == .schema("packets"))
    #expect(try DotCommand(".mode ndjson") == .mode(.ndjson))
    #expect(try DotCommand(".timer on") == .timer(true))
    #expect(try DotCommand(".exit") == .quit)
    #expect(try DotCommand(".param n 12") == .parameter(name: "n", value: .integer(12)))
    #expect(try DotCommand(".param :n '12'") == .parameter(name: "n", value: .text("12")))
    #expect(
      try DotCommand(".param n it is  so ") == .parameter(name: "n", value: .text("it is  so")))
    #expect(try DotCommand(".param n 'it''s'") == .parameter(name: "n", value: .text("it's")))
    #expect(try DotCommand(".param n") == .parameter(name: "n", value: nil))
  }

  @Test("What is wrong with one is said in a sentence")
  func faults() {
    for (line, message) in [
      (".foo", "no command .foo; .help lists them"), (".", "no command .; .help lists them"),
      (".timer maybe", "write .timer on, or .timer off"),
      (".run", "write .run NAME; values go by .param"),
    ] {
      #expect(throws: DotCommand.Fault(message: message)) { try DotCommand(line) }
    }
  }
}

@Suite("The history of the prompt")
struct HistoryFileTests {
  @Test(
    "Entries come back in their order, in a file for the user alone; an old one is made shorter")
  func roundTrip() throws {
    let folder = try CaseFolder()
    let history = HistoryFile(environment: ["XDG_STATE_HOME": folder.path + "/state"])
    #expect(history.entries().isEmpty)
    for number in 0..<1005 { history.add("SELECT \(number);") }
    history.add(String(repeating: "x", count: 20_000))
    let entries = history.entries()
    #expect(entries.count == 1000 && entries.first == "SELECT 5;" && entries.last == "SELECT 1004;")
    let path = folder.path + "/state/wirecase/sql-history"
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 1000)
  }

  @Test("Without a place that can be written nothing is kept, and nothing goes wrong")
  func nowhere() throws {
    let folder = try CaseFolder()
    _ = try folder.write([0x78], "file")
    for place in [folder.path + "/file", "/dev/null", "not/from/the/root"] {
      let history = HistoryFile(environment: ["XDG_STATE_HOME": place])
      history.add("SELECT 1;")
      #expect(history.entries().isEmpty)
    }
  }
}
