import CaseFixtures
import Foundation

/// A capture that both programs read.
struct Capture: Sendable {
  var path: String
  /// Its folder and its name.
  var name: String
}

/// The captures that are compared: those of the repository, and those of others beside it.
enum Corpus {
  /// Why those of others are not compared; `nil` where they are there.
  static let missing =
    Places.shared("public") == nil || Places.shared("lab") == nil
    ? "not tested: ../shared/captures does not hold public and lab" : nil

  static func captures() throws -> [Capture] {
    let folders = ["Tests/Captures", "Tests/Samples"].map(Places.repository)
    let others = try Places.shared("public").map { place in
      let parent = URL(filePath: place).deletingLastPathComponent()
      return try FileManager.default.contentsOfDirectory(atPath: parent.path).sorted()
        .map { parent.appending(path: $0).path }
    }
    return try (folders + (others ?? [])).flatMap { folder in
      let name = URL(filePath: folder).lastPathComponent
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
        isFolder.boolValue
      else { return [Capture]() }
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        .filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }
        .map { Capture(path: folder + "/" + $0, name: name + "/" + $0) }
    }
  }

  /// All captures compared, two at a time.
  static let compared = Task<Comparison, any Error> {
    var waiting = try captures()[...]
    return try await withThrowingTaskGroup(of: Comparison.self) { workers in
      for _ in 0..<2 {
        if let capture = waiting.popFirst() {
          workers.addTask { try Comparison(capture: capture) }
        }
      }
      var whole = Comparison()
      while let part = try await workers.next() {
        whole.add(part)
        if let capture = waiting.popFirst() {
          workers.addTask { try Comparison(capture: capture) }
        }
      }
      return whole
    }
  }
}
