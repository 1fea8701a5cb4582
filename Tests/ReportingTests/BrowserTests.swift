import Foundation
import Testing

@testable import Reporting

/// Chromium without a window, where there is one.
private struct Browser {
  static let path = ["chromium", "chromium-browser", "google-chrome"].lazy.compactMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }.first

  /// What a page has become once it is loaded, and what the browser says of it on its console.
  static func load(_ page: String, in folder: URL) throws -> (document: String, console: [String]) {
    let file = folder.appending(path: "\(UUID().uuidString).html")
    try Data(page.utf8).write(to: file)
    let (output, errors) = (file.appendingPathExtension("dom"), file.appendingPathExtension("log"))
    for url in [output, errors] { try Data().write(to: url) }
    let process = Process()
    process.executableURL = URL(filePath: try #require(path))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
      "--user-data-dir=\(folder.path)/profile", "--dump-dom", file.absoluteString,
    ]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let said = try String(contentsOf: errors, encoding: .utf8)
    return (
      try String(contentsOf: output, encoding: .utf8),
      said.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") }
    )
  }

  /// How many elements of each name a serialised document holds.
  ///
  /// Browsers write quotes within quoted values as references: a tag ends where its quotes do.
  static func counts(_ document: String) -> [String: Int] {
    document.matches(
      of: /<([a-zA-Z][a-zA-Z0-9]*)(?:\s+[^\s=>"]+(?:="[^"]*")?)*\s*\/?>/
        // By scalars: a mark that text begins with would join the end of the tag before it.
        .matchingSemantics(.unicodeScalar)
    )
    .reduce(into: [:]) { $0[String($1.1).lowercased(), default: 0] += 1 }
  }
}

@Suite("A page in a browser", .enabled(if: Browser.path != nil, "no chromium in PATH"))
struct BrowserTests {
  @Test("of a thousand hostile names has the elements that were written, and no complaint")
  func hostileNames() throws {
    let folder = try TemporaryFolder()
    let report = try folder.report(of: [sample("client-a.pcap")])
      .with(findings: 1000, text: hostileText)
    let page = report.html()
    let (document, console) = try Browser.load(page, in: folder.url)
    #expect(console == [])
    var difference = Browser.counts(document)
    for (name, count) in PageReader(page).counts { difference[name, default: 0] -= count }
    #expect(difference.filter { $0.value != 0 } == [:])
    // The same policy speaks up when something is smuggled in.
    let smuggled = page.replacing("</main>", with: "<script>1</script></main>")
    let (other, complaint) = try Browser.load(smuggled, in: folder.url)
    #expect(complaint.contains { $0.contains("Content Security Policy") })
    #expect(Browser.counts(other)["script"] == 1)
  }
}
