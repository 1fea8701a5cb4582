// Servers over time: for each a picture, with bars of what was answered above a line and of what
// failed below it. A picture each, so that paper can break between them.

extension Report.ServersOverTime {
  /// - Parameter index: Of the row.
  func drawn(_ index: Int, isNarrow: Bool) -> Markup {
    guard rows.indices.contains(index) else { return .empty }
    let row = rows[index]
    var canvas = Canvas(isNarrow: isNarrow)
    if index == 0 {
      canvas.legend(rows.reduce(into: Report.Fates()) { $0.add($1.total) })
    }
    draw(row, on: &canvas)
    return canvas.picture(
      id: "server\(index + 1)", title: "\(row.address), \(row.service)",
      description: Self.words(row))
  }

  /// What the picture shows.
  private static func words(_ row: Row) -> String {
    let counts = "Asked over time. \(row.total.words)."
    guard let onset = row.onset, let last = row.lastFailure else { return counts }
    return "\(counts) Onset \(onset.text); last failure \(last.text)"
      + (row.recovery.map { "; recovery \($0.text)." } ?? ".")
  }

  private static let gutter = 46.0
  /// Of the bars of a row, both ways.
  private static let tallest = 84.0

  private func draw(_ row: Row, on canvas: inout Canvas) {
    let head = canvas.room(canvas.isNarrow ? 56 : 40)
    let unknown = row.total.unknown
    let counts =
      "\(grouped(row.total.failed)) of \(grouped(row.total.asked)) failed in all"
      + (unknown > 0 ? ", \(grouped(unknown)) unknown" : "")
    let beside = canvas.isNarrow ? 0 : Canvas.room(for: counts) + 14
    canvas.text(row.address, 0, head + 18, "mono strong", room: canvas.width - beside)
    canvas.text(row.service, 0, head + 34, "label", room: canvas.width)
    if canvas.isNarrow {
      canvas.text(counts, 0, head + 50, "label", room: canvas.width)
    } else {
      canvas.text(counts, canvas.width, head + 18, "label strong", anchor: .end)
    }
    let marks = marks(row, on: &canvas)
    let up = row.parts.map { $0.fates.answered + $0.fates.unknown }.max() ?? 0
    let down = row.parts.map(\.fates.failed).max() ?? 0
    let top = canvas.room(Self.tallest + 10)
    let unit = Self.tallest / Double(max(up + down, 1))
    let base = top + 4 + Double(up) * unit
    let each = (canvas.width - Self.gutter) / Double(axis.parts)
    if let onset = marks.first, let last = marks.dropFirst().first {
      canvas.rectangle(
        onset.x, top, max(last.x - onset.x, 1), Self.tallest + 10, "failure")
    }
    for mark in marks {
      canvas.line(mark.x, mark.y, mark.x, top + Self.tallest + 10, "mark \(mark.style)")
    }
    // Over the lines of the others, which a narrow page has below them.
    for mark in marks {
      let isLeft = mark.x > (canvas.width + Self.gutter) / 2
      canvas.text(
        mark.words, isLeft ? mark.x - 5 : mark.x + 5, mark.y + 11, "label \(mark.style)",
        anchor: isLeft ? .end : .start)
    }
    for part in row.parts {
      let x = Self.gutter + Double(part.index) * each
      let width = Canvas.barWidth(each)
      var (above, below) = (base, base + 1)
      for (style, name, count) in part.fates.named where count > 0 {
        let height = max(Double(count) * unit, 1.5)
        let isAbove = style == "answered" || style == "unknown"
        if isAbove { above -= height }
        canvas.rectangle(
          x, isAbove ? above : below, width, height, "fate \(style)",
          title: "\(grouped(count)) \(name)")
        if !isAbove { below += height }
      }
    }
    canvas.line(Self.gutter, base + 0.5, canvas.width, base + 0.5, "base")
    scale(up, down, top: top, base: base, on: &canvas)
    canvas.axis(axis, left: Self.gutter, top: top)
    _ = canvas.room(14)
  }

  /// How much the longest bars stand for.
  private func scale(_ up: Int, _ down: Int, top: Double, base: Double, on canvas: inout Canvas) {
    if up > 0 {
      canvas.text(grouped(up), Self.gutter - 8, top + 9, "label", anchor: .end)
      canvas.line(Self.gutter - 5, top + 4.5, Self.gutter, top + 4.5, "rule")
    }
    if down > 0 {
      canvas.text(grouped(down), Self.gutter - 8, top + Self.tallest + 9, "label", anchor: .end)
      canvas.line(
        Self.gutter - 5, top + Self.tallest + 4.5, Self.gutter, top + Self.tallest + 4.5, "rule")
    }
    if (up == 0 || base - top > 26) && (down == 0 || top + Self.tallest - base > 26) {
      canvas.text("0", Self.gutter - 8, base + 4, "label", anchor: .end)
    }
  }

  private struct Mark {
    var words: String
    var x: Double
    var y: Double
    var style: String
  }

  /// Words for onset, last failure and recovery, each on a line of its own so that they never meet.
  private func marks(_ row: Row, on canvas: inout Canvas) -> [Mark] {
    let moments = [
      ("onset", row.onset, "accent"), ("last failure", row.lastFailure, "accent"),
      ("recovery", row.recovery, "good"),
    ]
    guard row.onset != nil, row.lastFailure != nil else { return [] }
    return moments.compactMap { word, moment, style in
      guard let moment, let x = canvas.place(of: moment, on: axis, left: Self.gutter) else {
        return nil
      }
      return Mark(
        words: "\(word) \(time(moment.text))", x: x, y: canvas.room(15), style: style)
    }
  }

  /// The time of day of a printed time, to the millisecond; the day, where a part is that long.
  private func time(_ text: String) -> String {
    if axis.width >= 86_400_000_000_000, let day = text.split(separator: "T").first {
      return String(day)
    }
    let ofDay = text.split(separator: "T", maxSplits: 1).last.map(String.init) ?? text
    guard let point = ofDay.firstIndex(of: "."), !ofDay.hasPrefix("+") else { return ofDay }
    return String(ofDay.prefix(ofDay.distance(from: ofDay.startIndex, to: point) + 4))
  }
}
