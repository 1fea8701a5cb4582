import CaseFixtures
import CaseStore
import Foundation
import Testing

@Suite("What views and columns mean, by the comments where they are declared")
struct ViewDescriptionTests {
  /// SCHEMA.md: a heading for each view, a paragraph that says what a row is, a table of columns.
  private func reference() throws -> [ViewDescription] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "SCHEMA.md"), encoding: .utf8)
    return text.components(separatedBy: "\n## ").dropFirst().compactMap { section in
      let lines = section.split(separator: "\n")
      let paragraph = lines.dropFirst().prefix { !$0.hasPrefix("|") }.joined(separator: " ")
      let columns = lines.compactMap { line -> ViewDescription.Column? in
        guard let row = line.wholeMatch(of: /\| `(\w+)` \| (.+) \|/) else { return nil }
        return ViewDescription.Column(name: String(row.1), what: String(row.2))
      }
      return columns.isEmpty
        ? nil
        : ViewDescription(
          name: String(lines[0]), what: paragraph.replacing("`", with: ""), columns: columns)
    }
  }

  @Test("are those that SCHEMA.md gives, which may say more of a view")
  func asInReference() throws {
    let folder = try CaseFolder()
    try folder.ingest([folder.write(CaptureFile(), "empty.pcap")])
    let (views, reference) = (try folder.read().views(), try reference())
    #expect(reference.count > 15 && views.map(\.name) == reference.map(\.name))
    for (view, documented) in zip(views, reference) {
      #expect(view.columns == documented.columns)
      #expect(documented.what.hasPrefix(view.what), "\(view.name): \(view.what)")
    }
  }
}
