// The report as Markdown (CommonMark with the tables of GitHub). Every value and sentence goes
// through `markdownText`, those of tables in `TabularOutput`; this file adds headings, never a
// sentence.

extension Report {
  /// The report as Markdown.
  public func markdown() -> String {
    var document = "\(Self.markdownMark)\n\n# \(markdownText(title))\n\n"
    document += header.map { "- **\(markdownText($0.name)):** \(markdownText($0.value))\n" }
      .joined()
    document += section("Summary", summary.map { markdownText($0) }.joined(separator: " ") + "\n")
    if !services.isEmpty {
      document += section(
        services.count == 1 ? "Affected service" : "Affected services", servicesTable())
    }
    if let timeline { document += section("Timeline", Self.table(of: timeline)) }
    if !analysis.isEmpty { document += section("Analysis", Self.list(analysis)) }
    if !causes.isEmpty { document += section("Likely causes", causesText()) }
    if !nextSteps.isEmpty { document += section("Next steps", stepsText()) }
    document += section("Findings", findingsText())
    if !evidence.isEmpty { document += section("Evidence", evidenceText()) }
    if !notes.isEmpty { document += section("Notes", notesText()) }
    document += section("Captures", capturesTable())
    document += section(
      "What the captures cannot tell", limits.map { "- \(markdownText($0))\n" }.joined())
    return document + section("Method", methodText())
  }

  private func section(_ heading: String, _ body: String) -> String {
    "\n## \(heading)\n\n\(body)"
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
        service.service, service.address, service.first?.text ?? "", service.last?.text ?? "",
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

  private static func table(of timeline: Timeline) -> String {
    let rows = timeline.phases.map { phase in
      [
        phase.first?.text ?? "", phase.last?.text ?? "", phase.text, String(phase.questions),
        String(phase.clients), places(phase.packets),
      ]
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

  private func findingsText() -> String {
    guard !findings.isEmpty else { return "None.\n" }
    let table = TabularOutput.markdownTable(
      ["severity", "investigation", "title", "findings", "no incident when"],
      findings.map { group in
        [group.severity, group.investigation, group.title, String(group.count), group.benign]
      }, [false, false, false, true, false])
    return table
      + findings.map { group in
        let lines = group.shown.map { line -> String in
          let span = [line.first?.text, line.last?.text].compactMap { $0 }
          return "- \(markdownText(span.joined(separator: " to ")))\(span.isEmpty ? "" : ": ")"
            + "\(markdownText(line.summary))\n"
        }
        let rest = group.count - group.shown.count
        let fold =
          rest > 0 ? "- and \(rest) more; `wirecase run` lists them\n" : ""
        return "\n**\(markdownText(group.investigation))**\n\n\(lines.joined())\(fold)"
      }.joined()
  }

  /// Lines are harmless: without line ends, and beginning with a time, none can end the block.
  private func evidenceText() -> String {
    evidence.map { exhibit in
      "\(markdownText(exhibit.caption.asSentenceStart)) "
        + "(\(markdownText(exhibit.packet.capture)), packet \(exhibit.packet.number)):\n\n"
        + "    \(exhibit.line)\n"
    }.joined(separator: "\n")
  }

  private func notesText() -> String {
    notes.map { note in
      "- \(markdownText(note.time)), \(markdownText(note.who))"
        + (note.subject.map { ", on \(markdownText($0))" } ?? "")
        + ": \(markdownText(note.text))\n"
    }.joined()
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

  private func methodText() -> String {
    let rows = method.investigations.map { run in
      [
        run.investigation, run.parameters.joined(separator: " "), run.outcome, String(run.findings),
      ]
    }
    return "Wirecase \(markdownText(method.programVersion)). "
      + method.notes.map { markdownText($0) }.joined(separator: " ") + "\n\n"
      + TabularOutput.markdownTable(
        ["investigation", "parameters", "outcome", "findings"], rows, [false, false, false, true])
  }
}

/// Text as it may stand anywhere in a Markdown document, on one line: harmless, and without a
/// character that Markdown or HTML would read.
///
/// A pipe becomes a character reference, which a table does not read as the end of a cell.
///
/// - Parameter beginsLine: Whether the text may stand at the beginning of a line, where more
///   characters have a meaning than within one.
public func markdownText(_ text: String, beginsLine: Bool = true) -> String {
  var result = ""
  let harmless = TabularOutput.harmless(text)
  for (index, scalar) in harmless.unicodeScalars.enumerated() {
    switch scalar {
    case "\\", "`", "*", "_", "[", "]", "~":
      result += "\\"
      result.unicodeScalars.append(scalar)
    case "|": result += "&#124;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case "#", "+", "-", "=":
      if beginsLine && index == 0 { result += "\\" }
      result.unicodeScalars.append(scalar)
    default: result.unicodeScalars.append(scalar)
    }
  }
  guard beginsLine else { return result }
  // A number and a point at the beginning would be a list.
  let digits = result.prefix { ("0"..."9").contains($0) }
  if let mark = result.dropFirst(digits.count).first, !digits.isEmpty, mark == "." || mark == ")",
    !result.dropFirst(digits.count + 1).hasPrefix("."), digits.count < 10,
    result.dropFirst(digits.count + 1).first?.isWhitespace ?? true
  {
    return digits + "\\" + result.dropFirst(digits.count)
  }
  return result
}
