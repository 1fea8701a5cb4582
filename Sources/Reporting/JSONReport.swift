import Foundation

extension Report {
  /// The report as a JSON object (RFC 8259), keys in snake_case and in the order of letters, with
  /// a line end. It holds all that the other renderings hold.
  ///
  /// - Throws: `EncodingError`, which no report causes.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
