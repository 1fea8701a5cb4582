// Clients of a service and who refused them; how long replies took; what captures cover.

extension Report.Conversations {
  func drawn(isNarrow: Bool) -> Markup {
    var canvas = Canvas(isNarrow: isNarrow)
    canvas.legend(
      clients.reduce(into: ofFurtherClients) { $0.add($1.fates) })
    let head = canvas.room(44)
    canvas.text(
      address, canvas.width, head + 18, "mono strong", anchor: .end, room: canvas.width)
    canvas.text(service, canvas.width, head + 34, "label", anchor: .end, room: canvas.width)
    let top = canvas.height
    drawClients(on: &canvas)
    drawRefusers(on: &canvas)
    canvas.rectangle(canvas.width - Self.bus, top, Self.bus, canvas.height - top, "host")
    let words =
      clients.map { "\($0.address): \($0.fates.words)." }
      + refusers.map { "\($0.address) refused \(grouped($0.refusals)): \($0.words)." }
    return canvas.picture(
      id: "clients", title: title,
      description: ([explanation] + words).joined(separator: " "))
  }

  /// How wide the bar is that stands for the server.
  private static let bus = 10.0
  private static let row = 42.0

  private func drawClients(on canvas: inout Canvas) {
    let words = clients.map { Self.words($0.fates) }
    let room = (words.map { Canvas.room(for: $0) }.max() ?? 0) + 22
    let end = canvas.width - Self.bus - 2
    let unit = (end - room) / Double(max(clients.map(\.fates.all).max() ?? 0, 1))
    for (client, words) in zip(clients, words) {
      let y = canvas.room(Self.row)
      canvas.text(client.address, 0, y + 13, "mono", room: end)
      canvas.line(0, y + 27.5, end - 4, y + 27.5, "wire")
      canvas.arrow(end, y + 27.5, "head")
      var x = 0.0
      for (style, name, count) in client.fates.named where count > 0 {
        let length = max(Double(count) * unit, 2)
        canvas.rectangle(x, y + 20, length, 15, "fate \(style)", title: "\(grouped(count)) \(name)")
        x += length
      }
      canvas.text(words, end - 12, y + 23, "label", anchor: .end)
    }
    guard furtherClients > 0 else { return }
    let y = canvas.room(28)
    canvas.text(
      "and \(grouped(furtherClients)) more: \(Self.words(ofFurtherClients))", 0, y + 16, "label",
      room: end)
  }

  /// `22 of 31 failed`.
  private static func words(_ fates: Report.Fates) -> String {
    if fates.failed == 0 && fates.asked > 0 { return "\(grouped(fates.asked)) answered" }
    if fates.asked == 0 { return "\(grouped(fates.unknown)) unknown" }
    return "\(grouped(fates.failed)) of \(grouped(fates.asked)) failed"
  }

  private func drawRefusers(on canvas: inout Canvas) {
    guard !refusers.isEmpty else { return }
    let end = canvas.width - Self.bus - 2
    let failures = clients.reduce(ofFurtherClients.failed) { $0 + $1.fates.failed }
    let head = canvas.room(34)
    canvas.text("Refusals, as a share of what failed, came from", 0, head + 26, "label strong")
    let words = refusers.map { "\(grouped($0.refusals)) of \(grouped(failures))" }
    let room = (words.map { Canvas.room(for: $0) }.max() ?? 0) + 30
    let unit = (end - room) / Double(max(failures, 1))
    for (refuser, words) in zip(refusers, words) {
      let y = canvas.room(Self.row + 16)
      let place = refuser.isServer ? "the server" : "another host"
      canvas.text(refuser.address, 0, y + 13, "mono", room: end - Canvas.room(for: place) - 12)
      canvas.text(place, end - 12, y + 13, "label", anchor: .end)
      canvas.text(refuser.words, 0, y + 29, "label", room: end)
      canvas.rectangle(0, y + 35, end - room, 15, "span")
      canvas.rectangle(
        0, y + 35, max(Double(refuser.refusals) * unit, 2), 15, "fate refused",
        title: "\(grouped(refuser.refusals)) refused")
      if refuser.isServer {
        canvas.line(end - room + 6, y + 42.5, end, y + 42.5, "wire")
        canvas.arrow(end - room + 4, y + 42.5, isLeft: true, "head")
      }
      canvas.text(
        words, end - 12, y + (refuser.isServer ? 38 : 46), "label", anchor: .end)
    }
    _ = canvas.room(8)
  }
}

extension Report.Delays {
  func drawn(isNarrow: Bool) -> Markup {
    var canvas = Canvas(isNarrow: isNarrow)
    var sum = Report.Fates()
    for part in parts {
      sum.answered += part.answered
      sum.late += part.late
      sum.refused += part.refused
    }
    canvas.legend(sum)
    let (gutter, tallest) = (46.0, 120.0)
    let up = parts.map { $0.answered + $0.late }.max() ?? 0
    let down = parts.map(\.refused).max() ?? 0
    let unit = tallest / Double(max(up + down, 1))
    let top = canvas.room(tallest + 10)
    let base = top + 4 + Double(up) * unit
    let each = (canvas.width - gutter) / Double(max(parts.count, 1))
    let marks = tickPlaces(each: each, left: gutter)
    for (place, _) in marks { canvas.line(place, top, place, top + tallest + 14, "tick") }
    for (index, part) in parts.enumerated() {
      let x = gutter + Double(index) * each + 0.5
      let span = Self.span(part)
      var above = base
      for (style, count) in [("answered", part.answered), ("late", part.late)] where count > 0 {
        let height = max(Double(count) * unit, 1.5)
        above -= height
        canvas.rectangle(
          x, above, max(each - 1, 1), height, "fate \(style)",
          title: "\(span): \(grouped(count)) \(style)")
      }
      if part.refused > 0 {
        canvas.rectangle(
          x, base + 1, max(each - 1, 1), max(Double(part.refused) * unit, 1.5), "fate refused",
          title: "\(span): \(grouped(part.refused)) refused")
      }
    }
    canvas.line(gutter, base + 0.5, canvas.width, base + 0.5, "base")
    if up > 0 { canvas.text(grouped(up), gutter - 8, top + 9, "label", anchor: .end) }
    if down > 0 { canvas.text(grouped(down), gutter - 8, top + tallest + 9, "label", anchor: .end) }
    let y = canvas.room(26)
    canvas.line(gutter, y + 4, canvas.width, y + 4, "rule")
    var free = 0.0
    for (place, text) in marks {
      let half = Canvas.room(for: text) / 2
      let anchor: Canvas.Anchor = place + half > canvas.width ? .end : .middle
      let start = anchor == .end ? canvas.width - 2 * half : place - half
      guard start >= free else { continue }
      canvas.text(text, anchor == .end ? canvas.width : place, y + 20, "label", anchor: anchor)
      free = start + 2 * half + 8
    }
    let words = parts.filter { $0.answered + $0.late + $0.refused > 0 }.map { part in
      let counts = [(part.answered, "answered"), (part.late, "late"), (part.refused, "refused")]
      return Self.span(part) + ": "
        + counts.filter { $0.0 > 0 }.map { "\(grouped($0)) \($1)" }.joined(separator: ", ") + "."
    }
    return canvas.picture(
      id: "delays", title: title, description: ([explanation] + words).joined(separator: " "))
  }

  private static func span(_ part: Part) -> String {
    "\(duration(part.from)) to \(part.to == .max ? "any length" : duration(part.to))"
  }

  /// Where powers of ten stand.
  private func tickPlaces(each: Double, left: Double) -> [(place: Double, text: String)] {
    let edges = parts.map(\.from) + [parts.last?.to ?? 0]
    return edges.enumerated().compactMap { index, edge in
      guard let word = Self.words[edge] else { return nil }
      return (left + Double(index) * each, word)
    }
  }

  private static let words: [Int64: String] = [
    0: "0", 1000: "1 µs", 10_000: "10 µs", 100_000: "0.1 ms", 1_000_000: "1 ms",
    10_000_000: "10 ms", 100_000_000: "0.1 s", 1_000_000_000: "1 s", 10_000_000_000: "10 s",
    100_000_000_000: "100 s", 1_000_000_000_000: "1000 s",
  ]
}

extension Report.Coverage {
  /// - Parameter index: Tells the pictures of several clocks apart.
  func drawn(isNarrow: Bool, index: Int) -> Markup {
    var canvas = Canvas(isNarrow: isNarrow)
    let top = canvas.height
    let each = canvas.width / Double(axis.parts)
    let tallest = 30.0
    let height = Double(rows.count) * (tallest + 30)
    for (index, row) in rows.enumerated() {
      guard let first = row.parts.first?.index, let last = row.parts.last?.index else { continue }
      canvas.rectangle(
        Double(first) * each, top + Double(index) * (tallest + 30) + 22,
        Double(last - first + 1) * each, tallest, "span")
    }
    // Over the grounds, which it would be lost behind, and below all else.
    if let from = canvas.place(of: failureStart, on: axis, left: 0),
      let to = canvas.place(of: failureEnd, on: axis, left: 0)
    {
      canvas.rectangle(from, top, max(to - from, 1), height + 4, "failure")
    }
    for row in rows {
      let y = canvas.room(tallest + 30)
      let packets = counted(row.packets, "packet")
      canvas.text(
        row.name, 0, y + 15, "label strong", room: canvas.width - Canvas.room(for: packets) - 14)
      canvas.text(packets, canvas.width, y + 15, "label", anchor: .end)
      let base = y + 22 + tallest
      let most = Double(max(row.parts.map(\.packets).max() ?? 0, 1))
      for part in row.parts {
        let bar = max(tallest * Double(part.packets) / most, 3)
        canvas.rectangle(
          Double(part.index) * each, base - bar, Canvas.barWidth(each), bar,
          "packets",
          title: counted(part.packets, "packet"))
      }
      canvas.line(0, base + 0.5, canvas.width, base + 0.5, "base")
    }
    _ = canvas.room(4)
    canvas.axis(axis, left: 0, top: canvas.height)
    let words = rows.map { row in
      "\(row.name): \(counted(row.packets, "packet")), in \(grouped(row.parts.count)) of "
        + "\(counted(axis.parts, "part"))."
    }
    return canvas.picture(
      id: "coverage\(index)", title: title,
      description: ([explanation] + words).joined(separator: " "))
  }
}
