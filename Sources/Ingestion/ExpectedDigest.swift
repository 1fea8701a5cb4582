import Foundation

/// The digest that a source is to have, and who says so.
struct ExpectedDigest: Equatable {
  /// SHA-256, lower-case hexadecimal.
  var sha256: String
  /// The file that says so; `nil` for the user.
  var file: String?

  /// What a list of digests beside `path` says of it: `NAME.sha256`, or a list of the folder in
  /// the form of sha256sum(1) or of BSD's sha256(1); `nil` where none names it.
  static func beside(_ path: String) -> ExpectedDigest? {
    let url = URL(filePath: path)
    let (name, folder) = (url.lastPathComponent, url.deletingLastPathComponent())
    for list in [name + ".sha256", "SHA256SUMS", "SHA256SUMS.txt", "sha256sum.txt", "sha256sums"] {
      let file = folder.appending(path: list).path
      guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { continue }
      for line in text.split(whereSeparator: \.isNewline) {
        if let sha256 = digest(of: name, in: line) {
          return ExpectedDigest(sha256: sha256, file: file)
        }
      }
    }
    return nil
  }

  /// The digest in a line about `name`: `DIGEST  NAME`, `DIGEST *NAME` or `SHA256 (NAME) = DIGEST`.
  private static func digest(of name: String, in line: Substring) -> String? {
    let (digest, named): (Substring, Substring)
    if let match = line.wholeMatch(of: /\\?([0-9A-Fa-f]{64}) [ *](.+)/) {
      (digest, named) = (match.1, match.2)
    } else if let match = line.wholeMatch(of: /SHA256 \((.+)\) = ([0-9A-Fa-f]{64})/) {
      (digest, named) = (match.2, match.1)
    } else {
      return nil
    }
    return named.split(separator: "/").last.map(String.init) == name ? digest.lowercased() : nil
  }
}
