import CaseStore
import Foundation
import Testing

@testable import Reporting

@Suite("Numbers, times and Markdown in sentences")
struct WordingTests {
  @Test("A noun follows its count")
  func counts() {
    #expect(counted(1, "question") == "1 question" && counted(0, "error") == "0 errors")
    #expect(counted(12_345_678, "query") == "12,345,678 queries" && grouped(9999) == "9999")
  }

  @Test(
    "A length of time is told to the millisecond, and finer below a second",
    arguments: [
      (43_741_555_000, "43.742 s"), (257_830_396_000, "4 min 17.830 s"), (88_000, "0.088 ms"),
      (412_500_000, "412.5 ms"), (7_380_000_000_000, "2 h 3 min"), (0, "0 ms"),
    ] as [(Int64, String)])
  func durations(nanoseconds: Int64, text: String) {
    #expect(duration(nanoseconds) == text)
  }

  @Test("The extremes of a number are told, and trap nowhere")
  func extremes() {
    #expect(duration(.min).hasPrefix("-") && duration(.max).hasSuffix("min"))
    #expect(grouped(.min).hasPrefix("-9,223"))
  }

  @Test("A list reads as a person writes it")
  func lists() {
    #expect(listed([]) == "" && listed(["a"]) == "a" && listed(["a", "b", "c"]) == "a, b and c")
    #expect(listed(["a", "b", "c", "d"], limit: 2) == "a, b and 2 more")
  }

  // Expected: RFC 4291, 2.2, RFC 1123, 2.1; what bash(1) calls metacharacters and expansions.
  @Test("A host stands in a command only where it is a plain address or name")
  func hosts() {
    for host in ["203.0.113.2", "2001:db8::2", "Ns-1.example.com", "_dns.x", "::1"] {
      #expect(host.isPlainHost)
    }
    for host in [
      "", "-h", "a b", "a;b", "a$b", "a`b`", "a|b", "a\nb", "a\\b", "a'b", "a~", "{a,b}", "ä", "a#",
      "a%b", "a/b", "a@b", String(repeating: "a", count: 254),
    ] {
      #expect(!host.isPlainHost, "\(host)")
    }
  }

  @Test("Bare clocks keep no date, whatever zone was asked for")
  func clocks() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    let rows = [("utc", 1), ("clock", 2)].map { basis, id in
      SQLRow(
        columns: ["capture_id", "name", "time_basis"],
        values: [.integer(Int64(id)), .text("c\(id)"), .text(basis)])
    }
    let times = ReportTimes(rows, zone: zone)
    #expect(times.clock(ofCapture: 1) == 0 && times.clock(ofCapture: 2) == 2)
    // 2026-11-24T12:00:00Z is 13:00 in Berlin: `TZ=Europe/Berlin date -d @1795521600`.
    #expect(
      times.moment(CaptureFixture.noon, clock: 0)?.text == "2026-11-24T13:00:00.000000+01:00")
    #expect(times.moment(48_272_192_571_000, clock: 2)?.text == "13:24:32.192571")
  }
}
