import Testing

@testable import Correlation

@Suite("Clocks brought to one")
struct ClockAlignmentTests {
  private func pair(_ one: Int64, _ other: Int64, _ offset: Int64, _ packets: Int64 = 10)
    -> ClockAlignment.Pair
  {
    ClockAlignment.Pair(capture: one, other: other, offset: offset, packets: packets)
  }

  @Test("A clock that shows more is set back, one that shows less is put forward")
  func signs() {
    #expect(ClockAlignment.shifts(to: 1, by: [pair(1, 2, 300)]) == [1: 0, 2: -300])
    #expect(ClockAlignment.shifts(to: 2, by: [pair(1, 2, 300)]) == [1: 300, 2: 0])
  }

  @Test("A capture that shares nothing with the reference is compared through others")
  func chain() {
    let pairs = [pair(1, 2, 300), pair(3, 2, 50)]
    #expect(ClockAlignment.shifts(to: 1, by: pairs) == [1: 0, 2: -300, 3: -250])
  }

  @Test("Of two ways, that by the pairs that share most packets counts")
  func bestWay() {
    let pairs = [pair(1, 2, 300, 5), pair(1, 3, 100, 1000), pair(2, 3, -190, 1000)]
    #expect(ClockAlignment.shifts(to: 1, by: pairs) == [1: 0, 3: -100, 2: -290])
  }

  @Test("A capture that shares nothing with any is not there, and the best known is the reference")
  func apart() {
    let pairs = [pair(1, 2, 300, 5), pair(2, 3, 10, 7), pair(8, 9, 4, 11)]
    #expect(ClockAlignment.shifts(to: 1, by: pairs).keys.sorted() == [1, 2, 3])
    #expect(ClockAlignment.bestReference(pairs) == 2)
    #expect(ClockAlignment.bestReference([]) == nil)
    // Who was believed is so again; who was found wrong is not.
    #expect(ClockAlignment.bestReference(pairs, after: [1: 0, 2: -300]) == 1)
    #expect(ClockAlignment.bestReference(pairs, after: [2: -300]) == 8)
  }
}
