import Foundation
import Testing

@testable import Reporting

@Suite("The report as a page")
struct HTMLReportTests {
  private let folder: TemporaryFolder
  private let report: Report

  init() throws {
    folder = try TemporaryFolder()
    report = try folder.report(of: [sample("client-a.pcap"), sample("server.pcapng")])
  }

  @Test("is well-formed, the same each time, and known for a report")
  func wellFormed() throws {
    let page = report.html()
    #expect(PageReader(page).fault == nil)
    let again = try folder.report(of: [sample("client-a.pcap"), sample("server.pcapng")])
    #expect(again.html() == page)
    let path = folder.url.appending(path: "report.html").path
    try Data(page.utf8).write(to: URL(filePath: path))
    #expect(Report.mayReplaceFile(at: path))
  }

  @Test("has one first heading, and no heading that leaves a level out")
  func headings() {
    let levels = PageReader(report.html()).elements.compactMap { element in
      ["h1": 1, "h2": 2, "h3": 3, "h4": 4][element.name]
    }
    #expect(levels.first == 1 && levels.filter { $0 == 1 }.count == 1)
    for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
    #expect(levels.filter { $0 == 2 }.count >= 9)
  }

  @Test("begins with the verdict, the service, the time, the counts and how sure it is")
  func top() throws {
    let page = PageReader(report.html())
    let top = try #require(page.named("header").first?.text)
    let end = try #require(top.range(of: "Before, it answered")).lowerBound
    let before = top[..<end]
    for words in [
      "outage", "198.51.100.53", "2026-11-24T02:36:50.311Z", "7.975 s", "29 of 29", "likely",
    ] {
      #expect(before.contains(words), "\(words)")
    }
  }

  @Test("names and describes each picture, with the numbers that it draws")
  func pictures() throws {
    let page = PageReader(report.html())
    let drawn = page.named("svg").filter { $0.attributes["aria-hidden"] != "true" }
    let texts = Dictionary(
      page.elements.compactMap { element in element.attributes["id"].map { ($0, element) } },
      uniquingKeysWith: { first, _ in first })
    #expect(drawn.count >= 8)
    for picture in drawn {
      #expect(picture.attributes["role"] == "img")
      let names = (picture.attributes["aria-labelledby"] ?? "").split(separator: " ")
      let parts = names.compactMap { texts[String($0)] }
      #expect(parts.map(\.name) == ["title", "desc"])
      #expect(parts.allSatisfy { $0.path.last == "svg" && !$0.text.isEmpty })
    }
    // Of the sample's record: two clients, 29 refused questions, 10 and 9 answered around them.
    let words = page.named("desc").map(\.text).joined(separator: "\n")
    #expect(words.contains("29 of "))
    #expect(words.contains("Onset 2026-11-24T02:36:50.311477Z"))
    #expect(words.contains("recovery 2026-11-24T02:37:00.709093469Z"))
    #expect(words.contains("client-a.pcap: 99 packets"))
    #expect(words.contains("198.51.100.53 refused 29"))
    let total = try #require(report.pictures.servers?.rows.first?.total)
    let service = try #require(report.services.first)
    #expect(total.failed == service.failed && total.refused == service.refused)
    let parts = report.pictures.servers?.rows.first?.parts.map(\.fates.all).reduce(0, +)
    #expect(parts == total.all)
    let covered = report.pictures.coverage.flatMap(\.rows).map(\.packets)
    #expect(covered == report.captures.map { Int($0.packets) })
  }

  @Test("refers to nothing outside, and each reference within it leads somewhere")
  func references() {
    let source = report.html()
    let page = PageReader(source)
    let ids = page.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for element in page.elements {
      for (name, value) in element.attributes {
        switch name {
        case "href":
          #expect(
            value == "data:," || (value.first == "#" && ids.contains(String(value.dropFirst()))))
        case "aria-labelledby":
          #expect(value.split(separator: " ").allSatisfy { ids.contains(String($0)) })
        default:
          #expect(!["src", "style", "action", "srcset"].contains(name) && !name.hasPrefix("on"))
        }
      }
    }
    #expect(page.counts["script"] == nil)
    let style = PageStyle.sheet.description
    #expect(!style.contains("@import") && !style.contains("http"))
    for place in style.components(separatedBy: "url(").dropFirst() {
      #expect(ids.contains(String(place.dropFirst().prefix { $0 != ")" })))
    }
    #expect(source.contains("content=\"default-src &#39;none&#39;; style-src &#39;sha256-"))
  }

  @Test("folds what is no incident by itself, and tells how much that is")
  func folded() {
    let page = PageReader(report.with(findings: 8) { "name\($0)" }.html())
    let groups = page.elements.filter { $0.attributes["class"] == "finding" && $0.name == "div" }
    #expect(groups.map { $0.path.last == "details" } == [false, true])
    let summaries = page.named("summary").map(\.text)
    #expect(summaries.contains("info 8 findings of 1 investigation"))
  }

  @Test("lets no name become an element, an attribute or a direction")
  func hostileNames() {
    let plain = PageReader(report.with(findings: 200) { "name\($0)" }.html())
    let source = report.with(findings: 200, text: hostileText).html()
    let page = PageReader(source)
    #expect(page.fault == nil)
    // Long texts are cut where they are drawn, and stand whole in a title; nothing else is added.
    func others(_ page: PageReader) -> [String] {
      page.elements.filter { $0.name != "title" }.map { $0.path.joined(separator: ">") + $0.name }
    }
    #expect(others(page) == others(plain))
    #expect(page.named("title").allSatisfy { ["head", "svg", "g", "text"].contains($0.path.last) })
    let names = Set(page.elements.flatMap(\.attributes.keys))
    #expect(names.subtracting(plain.elements.flatMap(\.attributes.keys)) == ["title"])
    let directions =
      "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}"
    for scalar in source.unicodeScalars {
      #expect(scalar == "\n" || !scalar.properties.generalCategory.isControl)
      #expect(!directions.unicodeScalars.contains(scalar))
    }
  }

  @Test("draws no more of a name than there is room for, by letters and by marks on them")
  func cut() {
    let marks = String(repeating: "\u{301}", count: 5000)
    #expect(Canvas.shortened("a\(marks)b", to: 300) == "a\u{301}\u{301}\u{301}\u{301}b")
    let long = Canvas.shortened(String(repeating: "x", count: 10_000), to: 300)
    #expect(long.unicodeScalars.count == 300 && long.contains("…"))
    #expect(Canvas.shortened("www.example.org", to: 15) == "www.example.org")
  }

  @Test("says so where there was nothing to look at, and leaves out what it has not")
  func empty() throws {
    var capture = CaptureFixture()
    capture.add(0, udp([192, 0, 2, 1], 9, [192, 0, 2, 2], 9, [0]))
    let quiet = try folder.report(of: [capture.write("quiet.pcap", in: folder.url)])
    let page = PageReader(quiet.html())
    #expect(page.fault == nil)
    #expect(page.named("header").first?.text.contains("nothing to look at") == true)
    #expect(page.named("section").contains { $0.attributes["id"] == "custody" })
    #expect(!page.named("section").contains { $0.attributes["id"] == "causes" })
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isControl: Bool { self == .control || self == .surrogate }
}
