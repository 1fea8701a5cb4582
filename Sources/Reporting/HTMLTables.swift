// The parts of the page that are tables and lists: see HTMLReport.swift.

extension ReportPage {
  /// Rows beyond which a table is folded.
  private static let mostRows = 12

  /// A table that scrolls in its own box where it is too wide, folded when it is long.
  ///
  /// - Parameter numeric: Columns of numbers, aligned to the right.
  private static func table(
    _ name: String, _ columns: [String], _ rows: [[Markup]], numeric: Set<Int> = [],
    isFolded: Bool? = nil
  ) -> Markup {
    func style(_ column: Int) -> KeyValuePairs<Markup.Attribute, String> {
      numeric.contains(column) ? [.class: "number"] : [.class: "words"]
    }
    let body = element(
      .div, [.class: "scroll", .role: "region", .label: name, .tabindex: "0"]
    ) {
      element(.table) {
        element(.thead) {
          element(.tr) {
            for (index, column) in columns.enumerated() {
              element(
                .th, [.scope: "col", .class: numeric.contains(index) ? "number" : "words"], column)
            }
          }
        }
        element(.tbody) {
          for row in rows {
            element(.tr) {
              for (index, cell) in row.enumerated() { element(.td, style(index)) { cell } }
            }
          }
        }
      }
    }
    guard isFolded ?? (rows.count > mostRows) else { return body }
    return element(.details) {
      element(.summary, "\(name), \(counted(rows.count, "row"))")
      body
    }
  }

  private static func time(_ moment: Report.Moment?) -> Markup {
    element(.span, [.class: "time"], moment?.text ?? "")
  }

  var servicesTable: Markup {
    guard !report.services.isEmpty else { return .empty }
    let rows = report.services.map { service in
      [
        .all([
          element(.div, [.class: "strong"]) { Self.foreign(service.address) },
          element(.div, service.service),
          element(.div, [.class: "how"]) { Self.foreign(service.how, most: 600) },
        ]),
        .all([
          element(.div) { Self.time(service.first) }, element(.div) { Self.time(service.last) },
        ]),
        Markup("\(grouped(service.failed)) of \(grouped(service.asked)) \(service.counted)"),
        Markup(grouped(service.refused)), Markup(grouped(service.silent)),
        Markup(grouped(service.late)), Markup(grouped(service.answered)),
        Markup(grouped(service.clients)),
      ]
    }
    return .all([
      Self.table(
        "Affected services",
        [
          "service", "first failure, last", "failed", "refused", "silent", "late", "answered",
          "clients",
        ], rows, numeric: [2, 3, 4, 5, 6, 7]),
      report.furtherServices > 0 ? element(.p, "And \(report.furtherServices) more.") : .empty,
    ])
  }

  /// Phases, and notes on times at their places between them.
  func phases(_ timeline: Report.Timeline) -> Markup {
    // Equal parts of the time cite no packets.
    let hasPackets = timeline.phases.contains { !$0.packets.isEmpty }
    let rows: [[Markup]] = report.entries(of: timeline).map { entry in
      switch entry {
      case .phase(let phase):
        [
          .all([
            element(.div) { Self.time(phase.first) }, element(.div) { Self.time(phase.last) },
          ]),
          Self.foreign(phase.text),
          Markup(grouped(phase.questions)), Markup(grouped(phase.clients)),
          element(.span, [.class: "cite"]) { Self.foreign(Report.places(phase.packets)) },
        ]
      case .note(let words, let at):
        [Self.time(at), Self.foreign(words, most: 20_000), .empty, .empty, .empty]
      }
    }
    let columns = ["from, to", "what happened", "count", "clients"]
    return .all([
      element(.p) { Self.foreign("\(timeline.service). \(timeline.explanation)", most: 1000) },
      Self.table(
        "Timeline", columns + (hasPackets ? ["packets"] : []),
        hasPackets ? rows : rows.map { $0.dropLast() },
        numeric: [2, 3]),
    ])
  }

  // MARK: - Findings and causes

  /// Severities that are no incident by themselves: they are folded.
  private static let folded: Set<String> = ["low", "info"]

  var findingsList: Markup {
    guard !report.findings.isEmpty else { return element(.p, "None.") }
    // Groups come by severity, so that those of one stand together.
    let bySeverity = report.findings.reduce(into: [[Report.FindingGroup]]()) { parts, group in
      if parts.last?.first?.severity == group.severity {
        parts[parts.count - 1].append(group)
      } else {
        parts.append([group])
      }
    }
    return .all(
      [
        element(.ul, [.class: "tally"]) {
          for groups in bySeverity {
            element(.li) {
              Self.badge(groups)
              " " + Self.sizes(groups)
            }
          }
        }
      ]
        + bySeverity.map { groups in
          guard Self.folded.contains(groups.first?.severity ?? "") else {
            return .all(groups.map(finding))
          }
          return element(.details, [.class: "finding"]) {
            element(.summary) {
              Self.badge(groups)
              " " + Self.sizes(groups)
            }
            groups.map(finding)
          }
        })
  }

  private static func badge(_ groups: [Report.FindingGroup]) -> Markup {
    let severity = groups.first?.severity ?? ""
    return element(.span, [.class: "badge \(severity)"], severity)
  }

  /// `12 findings of 3 investigations`.
  private static func sizes(_ groups: [Report.FindingGroup]) -> String {
    "\(counted(groups.reduce(0) { $0 + $1.count }, "finding")) of "
      + counted(groups.count, "investigation")
  }

  private func finding(_ group: Report.FindingGroup) -> Markup {
    element(.div, [.class: "finding"]) {
      element(.h3) {
        Self.badge([group])
        " \(group.title)"
      }
      element(.p, [.class: "caption"]) {
        element(.code, group.investigation)
        ", \(counted(group.count, "finding"))"
      }
      element(.ul, [.class: "lines"]) {
        for line in group.shown { element(.li) { finding(line) } }
      }
      let rest = group.count - group.shown.count
      if rest > 0 {
        element(.p, "and \(grouped(rest)) more; wirecase run lists them")
      }
      element(.p, [.class: "caption"]) {
        element(.strong, "No incident when: ")
        group.benign
      }
    }
  }

  private func finding(_ line: Report.FindingLine) -> Markup {
    let span = [line.first?.text, line.last?.text].compactMap { $0 }.joined(separator: " to ")
    return .all([
      span.isEmpty ? .empty : element(.div, [.class: "time"], span),
      element(.div) { Self.foreign(line.summary) },
      line.evidence.isEmpty
        ? .empty
        : element(.details) {
          element(.summary, "Packets, the first \(line.evidence.count)")
          element(.ul, [.class: "packets"]) {
            for exhibit in line.evidence {
              element(.li) {
                element(.span, [.class: "cite"]) {
                  Self.foreign("\(exhibit.packet.capture) \(exhibit.packet.number)")
                }
                " "
                element(.code) { Self.foreign(exhibit.line) }
              }
            }
          }
        },
      beside(line.notes),
    ])
  }

  var causesList: Markup {
    guard !report.causes.isEmpty else { return .empty }
    return .all([
      .all(
        report.causes.enumerated().map { index, cause in
          element(.div, [.class: "cause \(cause.weight.rawValue)"]) {
            element(.h3) {
              element(.span, [.class: "index"], "\(index + 1)")
              " "
              Self.foreign(cause.statement, most: 1000)
            }
            element(.p) {
              element(.span, [.class: "badge \(cause.weight.rawValue)"], cause.weight.rawValue)
              " "
              Self.foreign(cause.reason, most: 1000)
            }
            if cause.weight == .unlikely {
              element(.details) {
                element(.summary, "For and against")
                Self.evidence(cause)
              }
            } else {
              Self.evidence(cause)
            }
          }
        }),
      report.conclusion.isEmpty
        ? .empty
        : element(.p, [.class: "conclusion"], report.conclusion.joined(separator: " ")),
    ])
  }

  private static func evidence(_ cause: Report.Cause) -> Markup {
    element(.div, [.class: "sides"]) {
      for (name, statements) in [("For", cause.evidenceFor), ("Against", cause.evidenceAgainst)] {
        element(.div, [.class: name.lowercased()]) {
          element(.h4, name)
          if statements.isEmpty {
            element(.p, "nothing in the case")
          } else {
            list(statements)
          }
        }
      }
    }
  }

  var steps: Markup {
    guard !report.nextSteps.isEmpty else { return .empty }
    return element(.ol) {
      for step in report.nextSteps {
        element(.li) {
          Self.foreign(step.text, most: 1000)
          if let command = step.command { element(.pre) { element(.code, command) } }
        }
      }
    }
  }

  // MARK: - Custody and method

  var capturesTable: Markup {
    let rows = report.captures.map { capture in
      [
        .all([
          element(.div, [.class: "strong"]) { Self.foreign(capture.name) },
          element(.div, [.class: "digest"]) { element(.code, capture.sha256) },
        ]),
        Markup(capture.format), Markup(grouped(Int(clamping: capture.packets))),
        .all([
          element(.div) { Self.time(capture.first) }, element(.div) { Self.time(capture.last) },
        ]),
        Markup(capture.isComplete ? "yes" : "no"), Markup(grouped(Int(clamping: capture.faults))),
      ]
    }
    return Self.table(
      "Captures",
      ["name, SHA-256", "format", "packets", "first packet, last", "complete", "faults"], rows,
      numeric: [2, 5])
  }

  var methodText: Markup {
    let rows = report.method.investigations.map { run in
      [
        element(.code, run.investigation), Markup(run.parameters.joined(separator: " ")),
        Markup(run.outcome), Markup(grouped(run.findings)),
      ]
    }
    return .all([
      element(
        .p,
        "Wirecase \(report.method.programVersion). \(report.method.notes.joined(separator: " "))"),
      Self.table(
        "Investigations", ["investigation", "parameters", "outcome", "findings"], rows,
        numeric: [3], isFolded: true),
    ])
  }
}
