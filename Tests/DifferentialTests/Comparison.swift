import CaseFixtures
import CaseStore
import Foundation

/// A field of a packet of which Wirecase and tshark do not say the same.
struct Disagreement: Sendable {
  /// The capture's folder and name.
  var capture: String
  var packet: Int64
  /// The group's name, a dot, the field's.
  var field: String
  var wirecase: String?
  var tshark: String?
}

/// What came out of comparing captures, field by field.
struct Comparison: Sendable {
  /// Values that one or both have, by field.
  var compared: [String: Int] = [:]
  var disagreements: [Disagreement] = []
  var captures: Set<String> = []

  mutating func add(_ other: Comparison) {
    compared.merge(other.compared, uniquingKeysWith: +)
    disagreements += other.disagreements
    captures.formUnion(other.captures)
  }

  /// Compares one capture, in a case of its own: what several captures show together, such as
  /// sightings, is not tshark's matter.
  init(capture: Capture) throws {
    captures = [capture.name]
    let folder = try CaseFolder()
    let packets = try TShark.packets(of: capture.path, in: folder.path)
    try folder.ingest([capture.path])
    // Of a source that is refused there is no case: then tshark must have no packet either.
    let reader =
      FileManager.default.fileExists(atPath: folder.file("a.case")) ? try folder.read() : nil
    let sightings = try Sightings(reader)
    for group in FieldGroup.all {
      let kept = try reader.map { try group.kept($0) } ?? [:]
      var dissected: [Int64: [[String?]]] = [:]
      for packet in packets {
        dissected[packet.number] = group.dissected(packet, sightings)
      }
      for number in Set(kept.keys).union(dissected.keys).sorted() {
        compare(kept[number] ?? [], dissected[number] ?? [], of: number, in: group)
      }
    }
  }

  init() {}

  private mutating func compare(
    _ kept: [[String?]], _ dissected: [[String?]], of packet: Int64, in group: FieldGroup
  ) {
    let missing = [String?](repeating: nil, count: group.fields.count)
    for index in 0..<max(kept.count, dissected.count) {
      let ours = index < kept.count ? kept[index] : missing
      let theirs = index < dissected.count ? dissected[index] : missing
      precondition(ours.count == missing.count && theirs.count == missing.count, group.name)
      for (column, name) in group.fields.enumerated() {
        if ours[column] == nil, theirs[column] == nil { continue }
        let field = group.name + "." + name
        compared[field, default: 0] += 1
        if ours[column] == theirs[column] { continue }
        disagreements.append(
          Disagreement(
            capture: captures.first ?? "", packet: packet, field: field, wirecase: ours[column],
            tshark: theirs[column]))
      }
    }
  }
}

extension Comparison {
  /// How many of the values of each field agree.
  struct Agreement {
    var field: String
    var least: Double
    var compared: Int
    var disagreeing: Int

    var percent: Double {
      compared == 0 ? 0 : 100 * Double(compared - disagreeing) / Double(compared)
    }
  }

  var agreements: [Agreement] {
    let counts = Dictionary(grouping: disagreements, by: \.field).mapValues(\.count)
    return FieldGroup.all.flatMap { group in
      group.fields.map { name in
        let field = group.name + "." + name
        return Agreement(
          field: field, least: group.least, compared: compared[field] ?? 0,
          disagreeing: counts[field] ?? 0)
      }
    }
  }

  /// The agreement per field, as a table.
  var table: String {
    func row(_ cells: [String]) -> String {
      cells[0].padding(toLength: 32, withPad: " ", startingAt: 0)
        + cells.dropFirst().map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }
        .joined()
    }
    let head = row(["field", "compared", "equal", "disagree", "percent"])
    return
      ([head]
      + agreements.map {
        row([
          $0.field, String($0.compared), String($0.compared - $0.disagreeing),
          String($0.disagreeing), $0.compared == 0 ? "" : String(format: "%.2f", $0.percent),
        ])
      }).joined(separator: "\n")
  }
}
