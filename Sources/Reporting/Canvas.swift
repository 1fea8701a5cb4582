// What the drawings of a report share. Each is drawn twice, for wide and for narrow pages, at the
// size at which it is shown: so text keeps its size where a drawing that shrinks would lose it.

/// A drawing in the making.
struct Canvas {
  /// Units are CSS pixels.
  let width: Double
  private(set) var height: Double = 0
  private var pieces: [Markup] = []
  let isNarrow: Bool

  static let wide = 760.0
  static let narrow = 350.0

  init(isNarrow: Bool) {
    self.isNarrow = isNarrow
    width = isNarrow ? Self.narrow : Self.wide
  }

  /// Makes room below what was drawn; gives where it begins.
  mutating func room(_ more: Double) -> Double {
    defer { height += more }
    return height
  }

  mutating func add(_ piece: Markup) { pieces.append(piece) }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String,
    title: String? = nil
  ) {
    let box: KeyValuePairs<Markup.Attribute, String> = [
      .class: style, .x: Self.number(x), .y: Self.number(y), .width: Self.number(width),
      .height: Self.number(height),
    ]
    guard let title else { return add(element(.rect, box)) }
    add(
      element(.g) {
        element(.title, title)
        element(.rect, box)
      })
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    add(
      element(
        .line,
        [
          .class: style, .x1: Self.number(x1), .y1: Self.number(y1), .x2: Self.number(x2),
          .y2: Self.number(y2),
        ]))
  }

  /// A small arrow head that points to the right, or to the left.
  mutating func arrow(_ x: Double, _ y: Double, isLeft: Bool = false, _ style: String) {
    let back = Self.number(isLeft ? x + 7 : x - 7)
    let tip = Self.number(x)
    add(
      element(
        .path,
        [
          .class: style,
          .d:
            "M\(back) \(Self.number(y - 4))L\(tip) \(Self.number(y))L\(back) \(Self.number(y + 4))Z",
        ]))
  }

  enum Anchor: String { case start, middle, end }

  /// Text on one line; what is too long for its room loses its middle, and keeps all as a title.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ style: String, anchor: Anchor = .start,
    room: Double? = nil
  ) {
    let each = style.contains("mono") ? Self.monoWidth : Self.sansWidth
    let most = room.map { max(4, Int($0 / each)) } ?? .max
    let shown = Self.shortened(text, to: most)
    add(
      element(
        .text,
        [.class: style, .x: Self.number(x), .y: Self.number(y), .textAnchor: anchor.rawValue]
      ) {
        if shown != text { element(.title, text) }
        shown
      })
  }

  /// The width of a bar among bars that begin `distance` apart: a gap is left between them.
  static func barWidth(_ distance: Double) -> Double {
    max(distance - (distance > 4 ? 1 : 0.4), 1)
  }

  /// The least room that text needs.
  static func room(for text: String) -> Double { Double(text.count) * sansWidth }

  private static let monoWidth = 7.3
  private static let sansWidth = 6.4

  /// Marks on one letter that are drawn: no script has more, and a thousand reach over the page.
  private static let mostMarks = 4

  /// The text without its middle where it is too long, and without marks that pile up.
  static func shortened(_ text: String, to most: Int) -> String {
    var scalars = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
      let category = scalar.properties.generalCategory
      marks = category == .nonspacingMark || category == .enclosingMark ? marks + 1 : 0
      if marks <= mostMarks { scalars.append(scalar) }
    }
    guard scalars.count > most, most > 2 else { return String(scalars) }
    let end = most / 3
    return String(scalars.prefix(most - 1 - end)) + "…" + String(scalars.suffix(end))
  }

  /// The picture.
  ///
  /// - Parameter id: Begins its identifiers.
  func picture(id: String, title: String, description: String) -> Markup {
    let name = "\(id)-\(isNarrow ? "narrow" : "wide")"
    return element(
      .svg,
      [
        .class: isNarrow ? "narrow" : "wide", .role: "img",
        .labelledBy: "\(name)-title \(name)-desc",
        .viewBox: "0 0 \(Self.number(width)) \(Self.number(height))",
      ]
    ) {
      element(.title, [.id: "\(name)-title"], title)
      element(.desc, [.id: "\(name)-desc"], description)
      pieces
    }
  }

  /// A number with at most one digit behind the point, the same on every machine.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
  }
}

extension Canvas {
  /// What a colour and its pattern stand for; only those that occur.
  mutating func legend(_ fates: Report.Fates) {
    let y = room(26)
    var x = 0.0
    for (style, name, count) in fates.named where count > 0 {
      rectangle(x, y + 4, 13, 11, "fate \(style)")
      text(name, x + 18, y + 14, "label")
      x += 18 + Self.room(for: name) + 12
    }
  }

  /// The marks of a time axis below what was drawn, as many as there is room for, with their lines
  /// upward from `top`.
  mutating func axis(_ axis: Report.TimeAxis, left: Double, top: Double) {
    let y = room(22)
    line(left, y, width, y, "rule")
    let length = Double(axis.width) * Double(axis.parts)
    let places = axis.ticks.map { tick in
      left + (width - left) * Double(tick.nanoseconds - axis.start) / length
    }
    let widest = axis.ticks.map { Self.room(for: $0.text) }.max() ?? 0
    var stride = 1
    while places.count > stride, places[stride] - places[0] < widest + 10 { stride += 1 }
    for (index, place) in places.enumerated() where index % stride == 0 {
      line(place, top, place, y + 4, "tick")
      let text = axis.ticks[index].text
      let half = Self.room(for: text) / 2
      let anchor: Anchor = place - half < 0 ? .start : place + half > width ? .end : .middle
      self.text(
        text, anchor == .start ? max(0, place - half) : anchor == .end ? width : place, y + 17,
        "label", anchor: anchor)
    }
  }

  /// A time as a place, within the drawing.
  func place(of moment: Report.Moment?, on axis: Report.TimeAxis, left: Double) -> Double? {
    guard let moment else { return nil }
    let (offset, overflow) = moment.nanoseconds.subtractingReportingOverflow(axis.start)
    guard !overflow else { return nil }
    let share = Double(offset) / (Double(axis.width) * Double(axis.parts))
    return left + (width - left) * min(max(share, 0), 1)
  }
}

extension Report.Fates {
  /// `28 of 43 failed: 15 answered, 22 refused, 6 no answer`.
  var words: String {
    let parts = named.filter { $0.count > 0 }.map { "\(grouped($0.count)) \($0.name)" }
    return "\(grouped(failed)) of \(grouped(asked)) failed"
      + (parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))")
  }

  /// In the order in which they are drawn, away from the line: class, word, count.
  var named: [(style: String, name: String, count: Int)] {
    [
      ("answered", "answered", answered), ("unknown", "unknown", unknown),
      ("refused", "refused", refused), ("silent", "no answer", silent), ("late", "late", late),
    ]
  }
}
