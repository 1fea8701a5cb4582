import CaseStore
import Foundation
import PacketDecoding
import Testing

@testable import Reporting

@Suite("The incident file")
struct IncidentFileTests {
  private func read(_ text: String) throws -> IncidentFile {
    try IncidentFile(text, named: "i.yaml") { TimeText.time(in: $0, zone: .gmt) != nil }
  }

  @Test("says who reports what, and what sites and servers are called")
  func whole() throws {
    let file = try read(
      """
      # A comment.
      title: No "names"
      organisation: 'C:\\Example'
      reported_at: 2026-11-24 03:40:00+01:00
      complaint: |
        first line
        second line

      sites:
        - name: office Berlin
          addresses:
            - 192.0.2.0/25  # the old floor
            - "2001:db8:2::/64"
        - {name: office Rome, addresses: 192.0.2.200}
      servers:
        - address: 203.0.113.2
          role: resolver
      """)
    #expect(file.title == "No \"names\"" && file.organisation == "C:\\Example")
    #expect(file.analyst == nil && file.reportedAt == "2026-11-24 03:40:00+01:00")
    #expect(file.complaint == "first line\nsecond line")
    let hosts = file.hosts
    #expect(
      hosts.words(for: "192.0.2.127") == "office Berlin" && hosts.words(for: "192.0.2.128") == nil)
    #expect(hosts.words(for: "2001:db8:2::1") == "office Berlin")
    #expect(
      hosts.words(for: "192.0.2.200") == "office Rome" && hosts.words(for: "192.0.2.201") == nil)
    #expect(hosts.words(for: "203.0.113.2") == "the expected resolver")
    #expect(hosts.isExpectedResolver("203.0.113.2") == true)
    #expect(hosts.isExpectedResolver("203.0.113.3") == false)
    #expect(try read("").title == nil && read("# nothing yet").title == nil)
  }

  @Test(
    "is told by line and column when something is wrong with it",
    arguments: [
      ("titel: x", "line 1, column 1: unknown key 'titel'; did you mean 'title'?"),
      ("\norganization: x", "line 2, column 1: unknown key 'organization'; did you mean 'org"),
      (
        "sites:\n- name: x\n  address: y", "line 3, column 3: unknown key 'address'; did you mean"
      ),
      ("site: []", "line 1, column 1: unknown key 'site'; did you mean 'sites'?"),
      ("just a text", "line 1, column 1: no keys; an incident has title, organisation"),
      ("sites:\n  name: x", "line 2, column 3: 'sites' is no list; begin each"),
      ("title: [x]", "line 1, column 8: 'title' is no text"),
      ("title: ' '", "line 1, column 8: 'title' is empty"),
      ("title:", "line 1, column 7: 'title' is"),
      ("title: \"a", "line 1, column 10: no YAML: "),
      ("title: a\n  b: c", "line 2, column 4: no YAML: "),
      ("title: a\ntitle: b", "a key is there twice: title"),
      ("reported_at: noon", "line 1, column 14: 'reported_at' is no time"),
      ("sites:\n- addresses: []", "line 2, column 3: a site without 'name'"),
      (
        "sites:\n- name: x\n  addresses: [192.0.2.0/33]",
        "line 3, column 15: '192.0.2.0/33' is no network"
      ),
      ("servers:\n- address: 192.0.2.0/24", "line 2, column 12: 'address' is no address"),
      ("servers:\n- address: 192.0.2.1", "line 2, column 12: 'address' has neither a name nor"),
      (
        "servers:\n- address: '::1'\n  name: x\n- address: '0::1'\n  name: y",
        "line 4, column 12: 'address' is there already"
      ),
    ])
  func fault(text: String, message: String) throws {
    let error = #expect(throws: IncidentFileError.self) { try read(text) }
    #expect(
      error?.description.hasPrefix("i.yaml: " + message) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test("is refused, not followed, when it is nested thousands deep or unfolds to millions")
  func hostile() {
    #expect(throws: IncidentFileError.self) {
      try read("title: " + String(repeating: "[", count: 100_000))
    }
    #expect(throws: IncidentFileError.self) {
      try read(String(repeating: "- ", count: 100_000) + "x")
    }
    var bomb = "a0: &a0 x\n"
    for level in 1...40 {
      bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
    }
    #expect(throws: IncidentFileError.self) { try read(bomb) }
  }
}
