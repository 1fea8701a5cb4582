import Foundation
import Testing

@testable import Reporting

@Suite("A report takes the place of a report alone")
struct ReportFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func mayReplace(_ text: String) throws -> Bool {
    let path = folder.url.appending(path: "file").path
    try Data(text.utf8).write(to: URL(filePath: path))
    return Report.mayReplaceFile(at: path)
  }

  @Test("Its own renderings, an empty file and no file may be replaced")
  func own() throws {
    let report = try folder.report(of: [sample("client-a.pcap")])
    #expect(try mayReplace(report.markdown()) && mayReplace(report.json()) && mayReplace(""))
    #expect(Report.mayReplaceFile(at: folder.url.appending(path: "none").path))
  }

  @Test(
    "What only looks like one may not",
    arguments: [
      "# Notes\n", "# Incident report: DNS over UDP\n", "{", "{}\n", "{\"format\": \"json\"}\n",
      "{\"document_type\": \"something-else\"}",
      "{\"a\": {\"document_type\": \"wirecase-report\"}}",
      "[\"wirecase-report\"]", "<!-- a page -->\n", " <!-- wirecase-report -->\n", "\0",
    ])
  func others(text: String) throws {
    #expect(try !mayReplace(text))
  }

  @Test("Neither may a folder, a device, or what a link to one names")
  func noFiles() throws {
    let link = folder.url.appending(path: "link")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: URL(filePath: "/dev/null"))
    for path in [folder.url.path, "/dev/null", link.path] {
      #expect(!Report.mayReplaceFile(at: path), "\(path)")
    }
  }

  @Test("The mark of Markdown is a comment before the title; that of JSON a member")
  func marks() throws {
    let report = try folder.report(of: [sample("client-a.pcap")])
    #expect(report.markdown().hasPrefix("<!-- wirecase-report -->\n\n# Incident report"))
    let object = try JSONSerialization.jsonObject(with: Data(try report.json().utf8))
    #expect((object as? [String: Any])?["document_type"] as? String == "wirecase-report")
  }
}
