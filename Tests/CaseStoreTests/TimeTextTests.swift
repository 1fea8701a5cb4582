import CaseFixtures
import CaseStore
import Foundation
import Testing

@Suite("Times as text")
struct TimeTextTests {
  static let billion: Int64 = 1_000_000_000

  /// Seconds, nanoseconds, and the text. Expected: date -u -d @SECONDS +%Y-%m-%dT%H:%M:%S
  private static let instants: [(Int64, Int64, String)] = [
    (0, 0, "1970-01-01T00:00:00.000000Z"),
    (1_795_521_600, 0, "2026-11-24T12:00:00.000000Z"),
    (1_795_521_600, 1, "2026-11-24T12:00:00.000000001Z"),
    (1_795_521_600, 123_456_000, "2026-11-24T12:00:00.123456Z"),
    (951_782_400, 0, "2000-02-29T00:00:00.000000Z"),
    (4_107_542_399, 0, "2100-02-28T23:59:59.000000Z"),
    (4_107_542_400, 0, "2100-03-01T00:00:00.000000Z"),
    (0, -1, "1969-12-31T23:59:59.999999999Z"),
    (-86_400, 0, "1969-12-31T00:00:00.000000Z"),
  ]

  @Test(
    "UTC is written as RFC 3339 says, six digits of a second, nine where they are needed",
    arguments: instants)
  func utc(seconds: Int64, nanoseconds: Int64, text: String) {
    #expect(TimeText.text(of: seconds * Self.billion + nanoseconds, basis: .utc) == text)
  }

  // Expected: TZ=Europe/Berlin date -d @1795521600 --iso-8601=seconds, and America/St_Johns.
  @Test("In a zone, the offset that holds at that time is written")
  func zones() throws {
    let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
    let time = 1_795_521_600 * Self.billion
    #expect(
      TimeText.text(of: time, basis: .utc, zone: berlin) == "2026-11-24T13:00:00.000000+01:00")
    let summer = 1_782_907_200 * Self.billion
    #expect(
      TimeText.text(of: summer, basis: .utc, zone: berlin) == "2026-07-01T14:00:00.000000+02:00")
    let johns = try #require(TimeZone(identifier: "America/St_Johns"))
    #expect(
      TimeText.text(of: time, basis: .utc, zone: johns) == "2026-11-24T08:30:00.000000-03:30")
  }

  @Test("A clock without a date is written without one, later days counted")
  func clock() {
    let noon = 43_200 * Self.billion
    #expect(TimeText.text(of: noon, basis: .clock) == "12:00:00.000000")
    #expect(TimeText.text(of: noon + 5, basis: .clock) == "12:00:00.000000005")
    #expect(
      TimeText.text(of: noon + 172_800 * Self.billion, basis: .clock) == "12:00:00.000000 +2d")
  }

  @Test("A time since the first packet is written in seconds")
  func relative() {
    #expect(TimeText.text(of: 0, basis: .relative) == "+0.000000000 s")
    #expect(TimeText.text(of: 61_000_000_001, basis: .relative) == "+61.000000001 s")
  }

  @Test("The earliest and the latest time there is have a text")
  func extremes() {
    // The dates that 2^63 ns are away from 1970: 292 years and 102 days.
    #expect(TimeText.text(of: .max, basis: .utc) == "2262-04-11T23:47:16.854775807Z")
    #expect(TimeText.text(of: .min + Self.billion, basis: .utc).hasPrefix("1677-09-21T00:12:4"))
    #expect(TimeText.text(of: .min, basis: .utc).hasPrefix("1677-09-21T00:12:43"))
  }

  @Test("The views write the same text", arguments: [Int64(0), 1, 999_999, 123_456_789])
  func views(milliseconds: Int64) throws {
    let folder = try CaseFolder()
    var capture = CaptureFile()
    capture.add(
      milliseconds,
      .query(Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53), id: 7, "a.example"))
    let reader = try folder.read(capture)
    let time = CaptureFile.noon + milliseconds * 1_000_000
    let text = TimeText.text(of: time, basis: .utc)
    #expect(
      try reader.lines(
        """
        SELECT p.time, t.time, c.first_time, c.last_time
        FROM packets AS p, dns_transactions AS t, captures AS c
        """) == ["\(text)|\(text)|\(text)|\(text)"])
  }

  // Expected: date -u -d TEXT +%s
  @Test(
    "A time is understood with and without seconds, fraction, zone or time of day",
    arguments: [
      ("2026-11-24T12:00:00Z", 1_795_521_600, 0), ("2026-11-24t12:00:00z", 1_795_521_600, 0),
      ("2026-11-24 12:00", 1_795_521_600, 0), ("2026-11-24", 1_795_478_400, 0),
      ("2026-11-24T12:00:00.5+02:00", 1_795_514_400, 500_000_000),
      ("2026-11-24T12:00:00.000000001-0330", 1_795_534_200, 1),
      ("1969-12-31T23:59:59.25Z", -1, 250_000_000),
    ] as [(String, Int64, Int64)])
  func understood(text: String, seconds: Int64, nanoseconds: Int64) {
    let time = TimeText.time(in: text)
    #expect(time?.nanoseconds == seconds * Self.billion + nanoseconds)
    #expect(time?.basis == .utc)
  }

  @Test("A bare clock counts from its midnight; a date and time without a zone is of the one given")
  func clocksAndZones() throws {
    let clock = TimeText.time(in: "13:24:32.192571")
    #expect(clock?.nanoseconds == 48_272_192_571_000 && clock?.basis == .clock)
    #expect(TimeText.time(in: "13:24")?.nanoseconds == 48_240 * Self.billion)
    // Expected: TZ=Europe/Berlin date -d '2026-07-01 14:00' +%s
    let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
    #expect(
      TimeText.time(in: "2026-07-01 14:00", zone: berlin)?.nanoseconds
        == 1_782_907_200 * Self.billion)
  }

  @Test(
    "What is written is understood again",
    arguments: [
      (1_795_521_600_123_456_789, .utc), (-1, .utc), (43_200_000_000_005, .clock),
      (3 * 86_400_000_000_000 + 1_000, .clock), (12_345_678_901, .relative),
    ] as [(Int64, CaptureFacts.TimeBasis)])
  func roundTrip(nanoseconds: Int64, basis: CaptureFacts.TimeBasis) {
    let time = TimeText.time(in: TimeText.text(of: nanoseconds, basis: basis))
    #expect(time?.nanoseconds == nanoseconds && time?.basis == basis)
  }

  @Test(
    "What is no time is not taken for one",
    arguments: [
      "", "yesterday", "24:00:00", "12:60", "2026-13-01", "2026-02-29", "2026-11-24T25:00:00Z",
      "2026-11-24T12:00:00X", "2026-11-24T", "0001-01-01", "9999-01-01", "12:00:00.1234567891",
    ])
  func notUnderstood(text: String) {
    #expect(TimeText.time(in: text) == nil)
  }
}
