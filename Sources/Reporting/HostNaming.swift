import CaseStore

/// Writes what hosts are called behind their addresses where a report names them: at the first
/// mention in each of its parts. Lines of evidence and commands stay as they are.
struct HostNaming {
  private let hosts: KnownHosts
  /// Addresses that the part has named already.
  private var told: Set<Substring> = []
  /// What the report told, by address.
  private var words: [String: String] = [:]

  /// The report with names beside addresses.
  static func apply(_ hosts: KnownHosts, to report: Report) -> Report {
    guard !hosts.isEmpty else { return report }
    var (naming, report) = (HostNaming(hosts), report)
    naming.tell(&report)
    report.hosts = naming.words.keys.sorted().map { address in
      Report.HostName(address: address, words: naming.words[address] ?? "")
    }
    return report
  }

  private init(_ hosts: KnownHosts) {
    self.hosts = hosts
  }

  private mutating func tell(_ report: inout Report) {
    part { $0.name(&report.title) }
    part { part in report.summary.change { part.name(&$0) } }
    report.services.change { service in
      service.host = lookUp(service.address[...])
      part { $0.name(&service.how) }
    }
    if var timeline = report.timeline {
      part { part in
        part.name(&timeline.service)
        timeline.phases.change { part.name(&$0.text) }
      }
      report.timeline = timeline
    }
    part { part in report.analysis.change { part.name(&$0.text) } }
    report.causes.change { cause in
      part { part in
        part.name(&cause.statement)
        part.name(&cause.reason)
        cause.evidenceFor.change { part.name(&$0.text) }
        cause.evidenceAgainst.change { part.name(&$0.text) }
      }
    }
    part { part in report.conclusion.change { part.name(&$0) } }
    part { part in report.nextSteps.change { part.name(&$0.text) } }
    report.findings.change { group in
      part { part in group.shown.change { part.name(&$0.summary) } }
    }
    part { part in report.limits.change { part.name(&$0) } }
  }

  /// Names hosts in a part of the report, each at its first mention.
  private mutating func part(_ work: (inout HostNaming) -> Void) {
    told = []
    work(&self)
  }

  private mutating func lookUp(_ address: Substring) -> String? {
    guard let found = hosts.words(for: String(address)) else { return nil }
    words[String(address)] = found
    return found
  }

  /// Writes names behind the addresses of a text.
  private mutating func name(_ text: inout String) {
    var result = ""
    var index = text.startIndex
    while index < text.endIndex {
      let end = text[index...].firstIndex { !Self.isOfWord($0) } ?? text.endIndex
      guard end > index else {
        result.append(text[index])
        index = text.index(after: index)
        continue
      }
      // A point or colon behind an address belongs to the sentence.
      var address = text[index..<end]
      while let last = address.last, last == "." || last == ":", !address.hasSuffix("::") {
        address.removeLast()
      }
      result += address
      if address.utf8.count >= 2, !told.contains(address), let words = lookUp(address) {
        told.insert(address)
        result += " (\(words))"
      }
      result += text[address.endIndex..<end]
      index = end
    }
    text = result
  }

  /// Whether a character can stand in an address, or in a word of which a part looks like one.
  private static func isOfWord(_ character: Character) -> Bool {
    character == "." || character == ":" || character == "-" || character == "_" || character == "/"
      || character == "@" || character.isLetter || character.isNumber
  }
}

extension Array {
  /// Changes each element in its place.
  fileprivate mutating func change(_ body: (inout Element) -> Void) {
    for index in indices { body(&self[index]) }
  }
}
