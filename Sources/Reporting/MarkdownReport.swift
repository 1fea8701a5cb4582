// The report as Markdown (CommonMark with the tables of GitHub). Every value and sentence goes
// through `markdownText`, those of tables in `TabularOutput`; this file adds headings, never a
// sentence.

extension Report {
  /// The report as Markdown.
  public func markdown() -> String {
    var document = "\(Self.markdownMark)\n\n# \(markdownText(title))\n\n"
    document += header.map { "- **\(markdownText($0.name)):** \(markdownText($0.value))\n" }
      .joined()
    document += section("Summary", summaryText())
    if !services.isEmpty {
      document += section(
        services.count == 1 ? "Affected service" : "Affected services", servicesTable())
    }
    if let timeline { document += section("Timeline", table(of: timeline)) }
    if !analysis.isEmpty { document += section("Analysis", Self.list(analysis)) }
    if !causes.isEmpty { document += section("Likely causes", causesText()) }
    if !nextSteps.isEmpty { document += section("Next steps", stepsText()) }
    document += section("Findings", findingsText())
    if !evidence.isEmpty { document += section("Evidence", evidenceText()) }
    if notes.contains(where: { $0.place == .rest }) { document += section("Notes", notesText()) }
    document += section("Captures", capturesTable())
    document += section(
      "What the captures cannot tell", limits.map { "- \(markdownText($0))\n" }.joined())
    return document + section("Method", methodText())
  }

  private func section(_ heading: String, _ body: String) -> String {
    "\n## \(heading)\n\n\(body)"
  }

  /// The first sentence says most; the others are read one by one.
  private func summaryText() -> String {
    guard let first = summary.first else { return "" }
    let rest = summary.dropFirst().map { "- \(markdownText($0))\n" }.joined()
    return markdownText(first) + "\n" + (rest.isEmpty ? "" : "\n" + rest)
  }

  private static func list(_ statements: [Statement]) -> String {
    statements.map { "- \(text(of: $0))\n" }.joined()
  }

  private static func text(of statement: Statement) -> String {
    markdownText(statement.text) + citations(statement.packets)
  }

  /// ` (client.pcap 3, 4; server.pcap 9)`.
  private static func citations(_ packets: [Citation]) -> String {
    guard !packets.isEmpty else { return "" }
    return " (\(markdownText(places(packets))))"
  }

  /// `client.pcap 3, 4; server.pcap 9`, not escaped.
  static func places(_ packets: [Citation]) -> String {
    var captures: [(name: String, numbers: [String])] = []
    for packet in packets {
      if let index = captures.firstIndex(where: { $0.name == packet.capture }) {
        captures[index].numbers.append(String(packet.number))
      } else {
        captures.append((packet.capture, [String(packet.number)]))
      }
    }
    return captures.map { capture in
      "\(capture.name) \(capture.numbers.joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  private func servicesTable() -> String {
    let rows = services.map { service in
      [
        service.service, service.address + (service.host.map { " (\($0))" } ?? ""),
        service.first?.text ?? "", service.last?.text ?? "",
        "\(service.failed) of \(service.asked) \(service.counted)", String(service.refused),
        String(service.silent), String(service.late), String(service.answered),
        String(service.clients), service.how,
      ]
    }
    let table = TabularOutput.markdownTable(
      [
        "service", "address", "first failure", "last", "failed", "refused", "silent", "late",
        "answered", "clients", "how",
      ], rows,
      [false, false, false, false, false, true, true, true, true, true, false])
    return table + (furtherServices > 0 ? "\nAnd \(furtherServices) more.\n" : "")
  }

  /// Phases, and notes on times at their places between them.
  private func table(of timeline: Timeline) -> String {
    let rows = entries(of: timeline).map { entry in
      switch entry {
      case .phase(let phase):
        [
          phase.first?.text ?? "", phase.last?.text ?? "", phase.text, String(phase.questions),
          String(phase.clients), Self.places(phase.packets),
        ]
      case .note(let words, let at): [at.text, "", words, "", "", ""]
      }
    }
    return "\(markdownText(timeline.service)). \(markdownText(timeline.explanation))\n\n"
      + TabularOutput.markdownTable(
        ["from", "to", "what happened", "count", "clients", "packets"], rows,
        [false, false, false, true, true, false])
  }

  private func causesText() -> String {
    var text = ""
    for (index, cause) in causes.enumerated() {
      text += "### \(index + 1). \(markdownText(cause.statement))\n\n"
      text += "**\(cause.weight.rawValue.asSentenceStart).** \(markdownText(cause.reason))\n\n"
      text += Self.evidenceText("For", cause.evidenceFor)
      text += Self.evidenceText("Against", cause.evidenceAgainst)
      text += "\n"
    }
    return text + conclusion.map { markdownText($0) }.joined(separator: " ") + "\n"
  }

  private static func evidenceText(_ heading: String, _ statements: [Statement]) -> String {
    statements.isEmpty
      ? "- \(heading): nothing in the case.\n"
      : statements.map { "- \(heading): \(Self.text(of: $0))\n" }.joined()
  }

  private func stepsText() -> String {
    nextSteps.enumerated().map { index, step in
      let command = step.command.map { "\n   ```\n   \($0)\n   ```\n" } ?? ""
      return "\(index + 1). \(markdownText(step.text))\n\(command)"
    }.joined()
  }

  /// By severity: what asks for no action comes last, in a table.
  private func findingsText() -> String {
    guard !findings.isEmpty else { return "None.\n" }
    var severities: [String] = []
    for group in findings where !severities.contains(group.severity) {
      severities.append(group.severity)
    }
    return severities.map { severity in
      let groups = findings.filter { $0.severity == severity }
      return "### \(markdownText(severity.asSentenceStart))\n\n"
        + (severity == "info"
          ? Self.table(of: groups) + notesText(groups.flatMap(\.shown).flatMap(\.notes), indent: "")
          : groups.map(findingText).joined(separator: "\n"))
    }.joined(separator: "\n")
  }

  private static func table(of groups: [FindingGroup]) -> String {
    TabularOutput.markdownTable(
      ["what", "investigation", "findings", "the first"],
      groups.map { group in
        [group.title, group.investigation, String(group.count), group.shown.first?.summary ?? ""]
      }, [false, false, true, false])
  }

  private func findingText(_ group: FindingGroup) -> String {
    let lines = group.shown.map { line -> String in
      let span = [line.first?.text, line.last?.text].compactMap { $0 }
      return "- \(markdownText(span.joined(separator: " to ")))\(span.isEmpty ? "" : ": ")"
        + "\(markdownText(line.summary))\n" + notesText(line.notes, indent: "  ")
    }
    let rest = group.count - group.shown.count
    let fold =
      rest > 0
      ? "- and \(rest) more; `wirecase run CASE \(group.investigation)` lists them\n" : ""
    return "**\(markdownText(group.title))** (\(markdownText(group.investigation)), "
      + "\(counted(group.count, "finding"))). No incident when: \(markdownText(group.benign, beginsLine: false))\n\n"
      + lines.joined() + fold
  }

  /// Lines are harmless: without line ends, and beginning with a time, none can end the block.
  private func evidenceText() -> String {
    evidence.map { exhibit in
      "\(markdownText(exhibit.caption.asSentenceStart)) "
        + "(\(markdownText(exhibit.packet.capture)), packet \(exhibit.packet.number)):\n\n"
        + "    \(exhibit.line)\n"
        + (exhibit.notes.isEmpty ? "" : "\n" + notesText(exhibit.notes, indent: ""))
    }.joined(separator: "\n")
  }

  // MARK: - Notes

  /// Notes beside what they are about.
  private func notesText(_ numbers: [Int64], indent: String) -> String {
    numbers.compactMap(note).map { "\(indent)- Note: \(text(of: $0))\n" }.joined()
  }

  /// Notes that stand beside nothing else.
  private func notesText() -> String {
    notes.filter { $0.place == .rest }.map { "- \(text(of: $0))\n" }.joined()
  }

  private func text(of note: Note) -> String {
    "\(markdownText(note.time)), \(markdownText(note.who))"
      + (note.subject.map { ", on \(markdownText($0))" } ?? "") + ": \(markdownText(note.text))"
  }

  private func capturesTable() -> String {
    TabularOutput.markdownTable(
      ["name", "format", "packets", "first", "last", "complete", "faults", "sha256"],
      captures.map { capture in
        [
          capture.name, capture.format, String(capture.packets), capture.first?.text ?? "",
          capture.last?.text ?? "", capture.isComplete ? "yes" : "no", String(capture.faults),
          capture.sha256,
        ]
      }, [false, false, true, false, false, false, true, false])
  }

  /// What was run: those that found nothing by name alone, since all ran with their defaults.
  private func methodText() -> String {
    func names(_ outcome: String) -> String {
      let names = method.investigations.filter { $0.outcome == outcome }.map(\.investigation)
      return names.isEmpty ? "none" : listed(names, limit: names.count)
    }
    let outcomes = ["found", "nothing found", "nothing to look at"].map { outcome in
      "- \(outcome.asSentenceStart): \(markdownText(names(outcome)))\n"
    }
    return "Wirecase \(markdownText(method.programVersion)).\n\n"
      + method.notes.map { "- \(markdownText($0))\n" }.joined()
      + "\nInvestigations, with their default parameters:\n\n" + outcomes.joined()
  }
}
