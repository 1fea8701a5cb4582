import CaseStore
import Foundation

// The report as a page: one file, without a script, that asks for nothing. Every value and sentence
// comes from the model; this file adds headings and places.

extension Report {
  /// The report as HTML that is well-formed XML too.
  public func html() -> String {
    "\(Self.htmlMark)\n\(ReportPage(report: self).page.source)\n"
  }
}

/// A report as one element of HTML.
struct ReportPage {
  let report: Report

  var page: Markup {
    let parts = parts
    return element(.html, [.lang: "en"]) {
      element(.head) {
        element(.meta, [.charset: "utf-8"])
        element(.meta, [.httpEquiv: "Content-Security-Policy", .content: Self.policy])
        element(.meta, [.name: "viewport", .content: "width=device-width, initial-scale=1"])
        element(.meta, [.name: "color-scheme", .content: "light dark"])
        element(.meta, [.name: "referrer", .content: "no-referrer"])
        element(.title, report.title)
        // An empty icon: without one, browsers ask the server for theirs.
        element(.link, [.rel: "icon", .href: "data:,"])
        element(.style) { Markup(styleSheet: PageStyle.sheet) }
      }
      element(.body) {
        element(.a, [.class: "skip", .href: "#report"], "To the report")
        Self.patterns
        element(.main, [.id: "report"]) {
          top
          Self.contents(of: parts)
          for part in parts { Self.section(part) }
        }
      }
    }
  }

  /// Nothing may be loaded or run but the one style sheet, told by its digest.
  private static let policy: String = {
    var digest = ContentDigest()
    digest.add(Array(PageStyle.sheet.description.utf8))
    let digits = Array(digest.hexadecimal)
    let octets = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    return "default-src 'none'; style-src 'sha256-\(Data(octets).base64EncodedString())'; "
      + "img-src data:; base-uri 'none'; form-action 'none'"
  }()

  /// What tells fates apart beside their colour.
  private static let patterns = element(
    .svg, [.class: "patterns", .hidden: "true", .width: "0", .height: "0"]
  ) {
    element(.title, "Patterns")
    element(.defs) {
      element(
        .pattern,
        [
          .id: "silent", .patternUnits: "userSpaceOnUse", .width: "4", .height: "4",
          .patternTransform: "rotate(45)",
        ]
      ) {
        element(.rect, [.class: "silent-ground", .width: "4", .height: "4"])
        element(.rect, [.class: "silent-ink", .width: "1.6", .height: "4"])
      }
      element(
        .pattern,
        [.id: "late", .patternUnits: "userSpaceOnUse", .width: "4", .height: "4"]
      ) {
        element(.rect, [.class: "late-ground", .width: "4", .height: "4"])
        element(.circle, [.class: "late-ink", .cx: "2", .cy: "2", .r: "1.1"])
      }
    }
  }

  private struct Part {
    var id: String
    var heading: String
    var body: Markup
  }

  private static func section(_ part: Part) -> Markup {
    element(.section, [.id: part.id, .labelledBy: "\(part.id)-heading"]) {
      element(.h2, [.id: "\(part.id)-heading"], part.heading)
      element(.div, [.class: "body"]) { part.body }
    }
  }

  private var parts: [Part] {
    var parts = [
      Part(id: "pictures", heading: "The pictures", body: figures),
      Part(
        id: "services",
        heading: report.services.count == 1 ? "Affected service" : "Affected services",
        body: servicesTable),
      Part(id: "timeline", heading: "Timeline", body: report.timeline.map(phases) ?? .empty),
      Part(id: "analysis", heading: "Analysis", body: Self.list(report.analysis)),
      Part(id: "findings", heading: "Findings", body: findingsList),
      Part(id: "evidence", heading: "Evidence", body: .all(report.evidence.map(exhibit))),
      Part(id: "causes", heading: "Likely causes", body: causesList),
      Part(id: "steps", heading: "Next steps", body: steps),
      Part(
        id: "notes", heading: "Notes",
        body: .all(report.notes.filter { $0.place == .rest }.map(Self.note))),
      Part(id: "custody", heading: "Captures", body: capturesTable),
      Part(
        id: "limits", heading: "What the captures cannot tell",
        body: element(.ul) { for limit in report.limits { element(.li, limit) } }),
      Part(id: "method", heading: "Method", body: methodText),
    ]
    parts.removeAll { $0.body.source.isEmpty }
    return parts
  }

  private static func contents(of parts: [Part]) -> Markup {
    element(.nav, [.label: "Contents"]) {
      element(.ul) {
        for part in parts {
          element(.li) { element(.a, [.href: "#\(part.id)"], part.heading) }
        }
      }
    }
  }

  // MARK: - The top

  private var top: Markup {
    // The first sentence says most; with it, who was affected.
    let lead = 2
    return element(.header, [.class: "top"]) {
      element(.p, [.class: "verdict \(report.verdict.rawValue)"]) {
        element(.span, report.verdict.rawValue.replacing("-", with: " "))
      }
      element(.div, [.class: "body"]) {
        element(.h1) { Self.foreign(report.title, most: 1000) }
        element(.p, [.class: "lead"]) { Self.own(report.summary.prefix(lead)) }
        element(.dl, [.class: "figures"]) {
          for figure in report.pictures.keyFigures {
            element(.div) {
              element(.dt, figure.label)
              element(.dd, figure.value)
            }
          }
        }
        if report.summary.count > lead {
          element(.ul, [.class: "rest"]) {
            for sentence in report.summary.dropFirst(lead) {
              element(.li) { Self.own([sentence]) }
            }
          }
        }
      }
      element(.dl, [.class: "facts"]) {
        for field in report.header {
          element(.dt, field.name)
          element(.dd) { Self.foreign(field.value, most: 2000) }
        }
      }
    }
  }

  private var figures: Markup {
    .all([
      report.pictures.servers.map { servers in
        Self.figure(
          servers.title, servers.explanation, isOne: servers.rows.count == 1,
          .all(
            servers.rows.indices.map { row in
              .all([servers.drawn(row, isNarrow: false), servers.drawn(row, isNarrow: true)])
            }))
      } ?? .empty,
      report.pictures.conversations.map { conversations in
        Self.figure(
          conversations.title, conversations.explanation,
          .all([conversations.drawn(isNarrow: false), conversations.drawn(isNarrow: true)]))
      } ?? .empty,
      report.pictures.delays.map { delays in
        Self.figure(
          delays.title, delays.explanation,
          .all([delays.drawn(isNarrow: false), delays.drawn(isNarrow: true)]))
      } ?? .empty,
      .all(
        report.pictures.coverage.enumerated().map { index, coverage in
          Self.figure(
            coverage.title, coverage.explanation,
            .all([
              coverage.drawn(isNarrow: false, index: index + 1),
              coverage.drawn(isNarrow: true, index: index + 1),
            ]))
        }),
    ])
  }

  private static func figure(
    _ title: String, _ explanation: String, isOne: Bool = true, _ drawn: Markup
  ) -> Markup {
    element(.figure, [.class: isOne ? "one" : "several"]) {
      element(.h3) { foreign(title) }
      element(.figcaption) { foreign(explanation, most: 1000) }
      drawn
    }
  }

  /// Sentences of the report's own, in which no line ends within a time.
  private static func own(_ sentences: ArraySlice<String>) -> Markup {
    let words = sentences.joined(separator: " ").split(separator: " ").map { word in
      word.count > 18 && word.count < 40 && word.prefix(4).allSatisfy(\.isNumber)
        && word.contains("T")
        ? element(.span, [.class: "time"], String(word)) : Markup(String(word))
    }
    return .all(Array(words.map { [$0] }.joined(separator: [Markup(" ")])))
  }

  // MARK: - Words from captures

  /// Text that others wrote: its direction is its own, and what is very long is cut where it can be
  /// seen, with the whole as the title.
  static func foreign(_ text: String, most: Int = 300) -> Markup {
    let shown = Canvas.shortened(text, to: most)
    return shown == text
      ? element(.bdi, text) : element(.bdi, [.title: text, .class: "cut"], shown)
  }

  static func list(_ statements: [Report.Statement]) -> Markup {
    guard !statements.isEmpty else { return .empty }
    return element(.ul) { for statement in statements { element(.li) { sentence(statement) } } }
  }

  /// A sentence and the packets that it follows from.
  static func sentence(_ statement: Report.Statement) -> Markup {
    .all([
      foreign(statement.text, most: 2000),
      statement.packets.isEmpty
        ? .empty
        : .all([
          Markup(" "),
          element(.span, [.class: "cite"]) { foreign(Report.places(statement.packets)) },
        ]),
    ])
  }

  private func exhibit(_ exhibit: Report.Exhibit) -> Markup {
    element(.div, [.class: "exhibit"]) {
      element(.p, [.class: "caption"]) {
        exhibit.caption.asSentenceStart + " "
        element(.span, [.class: "cite"]) {
          Self.foreign("\(exhibit.packet.capture), packet \(exhibit.packet.number)")
        }
      }
      element(.pre) { element(.code) { Self.foreign(exhibit.line) } }
      beside(exhibit.notes)
    }
  }

  /// Notes beside what they are about.
  func beside(_ numbers: [Int64]) -> Markup { .all(numbers.compactMap(report.note).map(Self.note)) }

  private static func note(_ note: Report.Note) -> Markup {
    element(.div, [.class: "note"]) {
      element(.p, [.class: "caption"]) {
        note.time + ", "
        foreign(note.who)
        if let subject = note.subject {
          ", on "
          foreign(subject)
        }
      }
      element(.p) { foreign(note.text, most: 20_000) }
    }
  }
}
