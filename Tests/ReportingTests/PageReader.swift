import Foundation
import Testing

@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a parser of XML reads it: Foundation's, which knows nothing of how pages are written.
final class PageReader: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// All that stands in it, to the end.
    var text = ""
    /// Names of the elements around it.
    var path: [String]
  }

  private(set) var elements: [Element] = []
  private(set) var fault: String?
  private var open: [Int] = []

  init(_ page: String) {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    if !parser.parse() {
      fault = "line \(parser.lineNumber): \(String(describing: parser.parserError))"
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    let path = open.map { elements[$0].name }
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes, path: path))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in open { elements[index].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    _ = open.popLast()
  }

  func named(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// How many elements there are of each name.
  var counts: [String: Int] {
    elements.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }
  }
}

/// Texts as an attacker would send them, each a thousandth or so of what a page may meet.
func hostileText(_ index: Int) -> String {
  let texts = [
    "<script>alert(\(index))</script>", "\"><img src=x onerror=alert(\(index))>",
    "'><svg onload=alert(\(index))>", "</title></style><script>alert(\(index))</script>",
    "]]><!--\(index)", "--><b>\(index)</b>", "&lt;i&gt;&#60;i&#62;\(index)", "\u{202e}gpj.\(index)",
    "\u{2066}\u{2067}\u{200f}\(index)", "\0\u{1}\u{7}\u{1b}[31m\(index)\u{7f}\u{85}",
    "\u{fffe}\u{ffff}\u{feff}\(index)", "javascript:alert(\(index))",
    "url(https://evil.example/\(index))", "a\nb\r\nc\td\(index)\u{2028}",
    String(repeating: "<a href=//evil.example>", count: 450) + "\(index)",
    String(repeating: "\u{301}", count: 300) + "\(index)", "🏳️‍🌈\(index)<", "\(index)\\\"'`{}",
  ]
  return texts[index % texts.count]
}

extension Report {
  /// The report with every text that a capture, an analyst or a file's name could bring replaced,
  /// and with so many findings.
  func with(findings count: Int, text: (Int) -> String) -> Report {
    var report = self
    var index = 0
    func next() -> String {
      index += 1
      return text(index)
    }
    report.title = next()
    report.header.append(Field(name: "Complaint", value: next()))
    report.summary = report.summary.map { _ in next() }
    for place in report.services.indices {
      report.services[place].address = next()
      report.services[place].how = next()
    }
    for place in report.causes.indices {
      report.causes[place].statement = next()
      report.causes[place].reason = next()
    }
    for place in report.captures.indices { report.captures[place].name = next() }
    report.notes = [
      Note(number: 1, time: "2026-11-24T12:00:00Z", who: next(), subject: next(), text: next())
    ]
    let packet = Citation(packetID: 1 << 32 | 1, capture: next(), number: 1)
    report.findings = ["critical", "info"].map { severity in
      FindingGroup(
        investigation: "dns-unanswered", title: "Questions", severity: severity, count: count,
        shown: (0..<count / 2).map { _ in
          FindingLine(
            summary: next(), first: nil, last: nil,
            evidence: [Exhibit(caption: "cited packet", packet: packet, line: next())])
        }, benign: "Never.")
    }
    for place in report.pictures.servers?.rows.indices ?? 0..<0 {
      report.pictures.servers?.rows[place].address = next()
    }
    report.pictures.conversations?.address = next()
    report.pictures.conversations?.title = next()
    for place in report.pictures.conversations?.clients.indices ?? 0..<0 {
      report.pictures.conversations?.clients[place].address = next()
    }
    for place in report.pictures.conversations?.refusers.indices ?? 0..<0 {
      report.pictures.conversations?.refusers[place].words = next()
    }
    for place in report.pictures.coverage.indices {
      for row in report.pictures.coverage[place].rows.indices {
        report.pictures.coverage[place].rows[row].name = next()
      }
    }
    return report
  }
}
