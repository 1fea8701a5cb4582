import Foundation

// How a file is known for a report, so that a new one may take its place. Renderings begin with,
// or hold, a mark that nothing else is likely to.

extension Report {
  /// The value of `document_type` in a report as JSON.
  static let documentType = "wirecase-report"

  /// The first line of a report as Markdown: a comment, which no reader is shown.
  static let markdownMark = "<!-- wirecase-report -->"

  /// How a report as HTML begins: likewise, after the line by which browsers know HTML.
  static let htmlMark = "<!DOCTYPE html>\n\(markdownMark)"

  /// Octets of the longest file that is looked at: no report is nearly as long.
  private static let longestFile = 256 << 20

  /// Whether a report may be written to `path`: nothing is there, an empty file, or a report that
  /// was rendered here.
  ///
  /// What cannot be read, a folder, a pipe or a device is none of these.
  public static func mayReplaceFile(at path: String) -> Bool {
    guard FileManager.default.fileExists(atPath: path) else { return true }
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(filePath: path).resolvingSymlinksInPath().path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular,
      let size = attributes?[.size] as? Int, size <= longestFile,
      let data = FileManager.default.contents(atPath: path)
    else { return false }
    if data.isEmpty { return true }
    if [markdownMark, htmlMark].contains(where: { data.starts(with: Data(($0 + "\n").utf8)) }) {
      return true
    }
    guard data.first == UInt8(ascii: "{") else { return false }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try? decoder.decode(Kind.self, from: data))?.documentType == documentType
  }

  private struct Kind: Decodable {
    var documentType: String
  }
}
