import Foundation

/// A line of `disagreements.tsv`: where Wirecase and tshark do not say the same, and who is right.
struct ListedDisagreement: Sendable {
  var capture: String
  var packets: [Int64]
  /// Fields, or a group's name with `.*` for any of its fields.
  var fields: [String]
  var right: String
  var why: String
  var line: Int

  struct Malformed: Error, CustomStringConvertible {
    var description: String
  }

  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "disagreements.tsv").path

  /// The lines of the list; those that begin with `#` say what it is.
  ///
  /// - Throws: `Malformed` for a line without a verdict or a reason.
  static func all() throws -> [ListedDisagreement] {
    let lines = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { index, line in
      if line.isEmpty || line.hasPrefix("#") { return nil }
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 5, let packets = numbers(cells[1]),
        ["wirecase", "tshark", "both", "neither"].contains(cells[3]), cells[4].count > 10
      else {
        throw Malformed(
          description: "disagreements.tsv, line \(index + 1): wanted are capture, packets, fields, "
            + "wirecase|tshark|both|neither, and why")
      }
      return ListedDisagreement(
        capture: cells[0], packets: packets,
        fields: cells[2].split(separator: ",").map(String.init), right: cells[3], why: cells[4],
        line: index + 1)
    }
  }

  /// `1-3,7` as numbers.
  private static func numbers(_ text: String) -> [Int64]? {
    var numbers: [Int64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-").compactMap { Int64($0) }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, first <= last,
        last - first < 100_000
      else { return nil }
      numbers += first...last
    }
    return numbers
  }

  /// Numbers as the list writes them.
  static func ranges(_ numbers: [Int64]) -> String {
    var ranges: [(first: Int64, last: Int64)] = []
    for number in numbers.sorted() {
      if let last = ranges.last, number <= last.last + 1 {
        ranges[ranges.count - 1].last = number
      } else {
        ranges.append((number, number))
      }
    }
    return ranges.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
      .joined(separator: ",")
  }

  /// What a line of the list says of one packet and one of its fields.
  struct Claim: Hashable {
    var capture: String
    var packet: Int64
    var field: String

    /// The claims that list a disagreement: of its field, and of all fields of its group.
    static func listing(_ found: Disagreement) -> [Claim] {
      let group = found.field.prefix { $0 != "." } + ".*"
      return [found.field, String(group)].map {
        Claim(capture: found.capture, packet: found.packet, field: $0)
      }
    }
  }

  var claims: [Claim] {
    packets.flatMap { packet in
      fields.map { Claim(capture: capture, packet: packet, field: $0) }
    }
  }
}
