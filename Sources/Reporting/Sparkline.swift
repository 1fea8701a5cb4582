/// A row of bars, one character each: how many packets fall in each part of a time.
public enum Sparkline {
  private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The bars of `times` between `first` and `last`, blank where there is none. The highest is the
  /// part with the most.
  ///
  /// - Parameters:
  ///   - times: In nanoseconds, as `first` and `last`; those outside are not counted.
  ///   - count: Of parts, from 1.
  public static func of(_ times: [Int64], from first: Int64, to last: Int64, count: Int) -> String {
    guard count > 0, last >= first else { return "" }
    // As real numbers: the two may be centuries apart.
    let span = max(1, Double(last) - Double(first))
    var parts = [Int](repeating: 0, count: count)
    for time in times where time >= first && time <= last {
      let part = Int((Double(time) - Double(first)) / span * Double(count))
      parts[min(max(part, 0), count - 1)] += 1
    }
    let most = max(1, parts.max() ?? 0)
    return String(
      parts.map { part in
        part == 0 ? " " : bars[min(bars.count - 1, (part * bars.count - 1) / most)]
      })
  }
}
