import Testing

@testable import Correlation

@Suite("How far two clocks are apart")
struct ClockOffsetTests {
  // RFC 5905, section 8: offset = ((T2 - T1) + (T3 - T4)) / 2, where a packet takes as long there
  // as back.
  @Test("The time on the way cancels out where packets go both ways")
  func bothWays() throws {
    // The second clock is 800 ns ahead; each way takes 30 ns.
    let clock = try #require(ClockOffset((one: [830, 830, 831], other: [770, 770, 769])))
    #expect(clock.offset == 800)
    #expect(clock.packets == 6)
  }

  @Test("Where they go one way only, the time on the way is in it")
  func oneWay() throws {
    let clock = try #require(ClockOffset((one: [], other: [-795, -790, -800, -10_000, -790])))
    #expect(clock.offset == -795)
    // Quartiles of -10000, -800, -795, -790, -790: -800 and -790.
    #expect(clock.spread == 10)
  }

  @Test("Fewer than three packets say nothing")
  func few() {
    #expect(ClockOffset((one: [1], other: [1])) == nil)
    #expect(ClockOffset((one: [1, 2], other: [1])) != nil)
  }

  @Test("Differences that 64 bits just hold do not trap")
  func extremes() {
    #expect(ClockOffset((one: [.max, .min, .max], other: [.min])) != nil)
  }
}
