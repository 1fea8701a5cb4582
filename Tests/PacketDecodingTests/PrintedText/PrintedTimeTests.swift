import Testing

@testable import PacketDecoding

@Suite("Times before printed packets")
struct PrintedTimeTests {
  static let rest = "IP 192.0.2.1.1 > 192.0.2.2.2: UDP, length 1"

  func times(
    _ times: [String], options: PrintedCaptureDecoder.Options = .init()
  ) -> ([Int64?], PrintedCaptureDecoder.TimeBasis) {
    let decoded = DecodedPrint(times.map { $0 + Self.rest }, options: options)
    return (decoded.batch.packets.map(\.timestamp), decoded.decoder.timeBasis)
  }

  // Expected: tshark -T fields -e frame.time_epoch of the capture whose first packets these are,
  // printed by tcpdump 4.99.3 with TZ=UTC.
  @Test(
    "Dates and seconds are UTC, to the nanosecond",
    arguments: [
      "2026-11-23 20:35:23.877566268 ", "1795466123.877566268 ",
      "    1  2026-11-23 20:35:23.877566268 ",
    ])
  func absolute(time: String) {
    let (found, basis) = times([time])
    #expect(found == [1_795_466_123_877_566_268] && basis == .utc)
  }

  @Test("A printed date's clock is read in the zone that is given")
  func zone() {
    let east = times(["2026-11-23 21:35:23.000001 "], options: .init(secondsEastOfUTC: 3600))
    #expect(east.0 == [1_795_466_123_000_001_000])
    let called = times(
      ["2026-11-23 20:35:23.000001 "],
      options: .init(instant: { Int64($0 * 10_000_000_000 + $1 + $2 + $3 + $4 + $5) * 1000 }))
    let seconds: Int64 = 20_260_000_000_000 + 11 + 23 + 20 + 35 + 23
    #expect(called.0 == [seconds * 1000 + 1000])
  }

  // Expected: date -u -d 2024-02-29 +%s, and so on, divided by 86400.
  @Test(
    "Days are counted by the Gregorian calendar",
    arguments: [
      (1970, 1, 1, 0), (2000, 2, 29, 11016), (2024, 2, 29, 19782), (2100, 3, 1, 47541),
      (1969, 12, 31, -1), (2107, 1, 1, 50038),
    ])
  func calendar(year: Int, month: Int, day: Int, expected: Int64) {
    #expect(daysSinceEpoch(year: year, month: month, day: day) == expected)
  }

  @Test("A clock counts from midnight, and from the day that is given")
  func clock() {
    let clock = ["00:00:01.000001 ", "13:24:32.192571 "]
    #expect(times(clock).0 == [1_000_001_000, 48_272_192_571_000])
    #expect(times(clock).1 == .clock)
    let dated = times(clock, options: .init(firstDayStart: 1_795_392_000_000_000_000))
    #expect(dated.0 == [1_795_392_001_000_001_000, 1_795_440_272_192_571_000])
    #expect(dated.1 == .utc)
  }

  @Test("Times grow past midnight; small steps back are kept, also across it")
  func midnight() {
    let found = times([
      "23:59:59.500000 ", "23:59:59.400000 ", "00:00:00.100000 ", "23:59:59.900000 ",
      "00:00:00.200000 ", "15:00:00.000000 ", "00:00:00.000000 ",
    ]).0
    let sinceMidnight: [Int64] = [
      -500_000_000, -600_000_000, 100_000_000, -100_000_000, 200_000_000, 54_000_000_000_000,
      86_400_000_000_000,
    ]
    #expect(found == sinceMidnight.map { $0 + 86_400_000_000_000 })
  }

  // The first packets of one capture by tcpdump 4.99.3 -ttt and -ttttt: a column for the sign.
  @Test("Differences add up to what the times since the first packet say")
  func differences() {
    let deltas = times([
      " 00:00:00.000000 ", " 00:00:00.395958 ", " 00:00:00.320010 ", " 00:00:00.000037 ",
      " 00:00:00.353706 ",
    ])
    let sinceFirst = times([
      " 00:00:00.000000 ", " 00:00:00.395958 ", " 00:00:00.715968 ", " 00:00:00.716005 ",
      " 00:00:01.069711 ",
    ])
    #expect(deltas.0 == [0, 395_958_000, 715_968_000, 716_005_000, 1_069_711_000])
    #expect(deltas.0 == sinceFirst.0 && deltas.1 == .relative && sinceFirst.1 == .relative)
  }

  @Test("One packet out of order does not make times since the first packet differences")
  func disorder() {
    let found = times([0, 1, 2, 3, 4, 5, 7, 6, 8].map { " 00:00:0\($0).000000 " }).0
    let seconds: [Int64] = [0, 1, 2, 3, 4, 5, 7, 6, 8]
    #expect(found == seconds.map { $0 * 1_000_000_000 })
  }

  @Test("More packets than are held back keep the order and the sum")
  func manyDifferences() {
    let differences = (0..<200).map { $0 % 2 == 0 ? " 00:00:00.000000 " : " 00:00:00.000003 " }
    let expected: [Int64] = (0..<200).map { Int64(($0 + 1) / 2) * 3000 }
    #expect(times(differences).0 == expected)
  }

  @Test("A date is not given to differences")
  func noDateForDifferences() {
    let found = times([" 00:00:00.000000 "], options: .init(firstDayStart: 1_000_000))
    #expect(found.0 == [0] && found.1 == .relative)
  }

  @Test("Without times there are none, and lines begin packets all the same")
  func untimed() {
    let found = times(["", "", "    3  "])
    #expect(found.0 == [nil, nil, nil] && found.1 == .none)
  }

  // tcpdump 4.99.3 prints such fractions of a capture whose fractions are beyond a second.
  @Test(
    "A time that is none, or of another form than the first, is a fault and not a time",
    arguments: ["17:16:10.1000000 ", "17:16:10.4292819813 ", "2026-11-23 20:35:23.877566 "])
  func unusable(time: String) {
    let decoded = DecodedPrint(["17:16:09.999999 " + Self.rest, time + Self.rest])
    #expect(decoded.batch.packets.map(\.timestamp) == [62_169_999_999_000, nil])
    #expect(decoded.batch.faults.map(\.packetNumber) == [2])
    #expect(decoded.ends(decoded.batch.packets[1]) == "192.0.2.1 1 > 192.0.2.2 2")
  }
}
