import CaptureReading
import CaseStore
import Foundation
import Ingestion

/// A new folder for captures and cases, removed at the end.
public final class CaseFolder: Sendable {
  public let path: String

  public init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "wirecase-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file, and gives its path.
  public func write(_ octets: [UInt8], _ name: String) throws -> String {
    try Data(octets).write(to: URL(filePath: file(name)))
    return file(name)
  }

  /// Writes a capture, and gives its path.
  public func write(_ capture: CaptureFile, _ name: String) throws -> String {
    try write(capture.octets, name)
  }

  /// Puts the sources at `paths` into the case `name`, which is created when it is not there.
  @discardableResult
  public func ingest(
    _ paths: [String], into name: String = "a.case",
    options: IngestOptions = IngestOptions(programVersion: "test")
  ) throws -> [IngestResult] {
    let writer = try CaseWriter(path: file(name), by: Actor(programVersion: "test")) { _ in }
    let ingestion = Ingestion(into: writer, options: options)
    let results = try paths.map { try ingestion.ingest(.file(path: $0)) { _, _ in } }
    try writer.finish()
    return results
  }

  /// Merges the cases `others` into the case `name`, which is created when it is not there.
  @discardableResult
  public func merge(_ others: [String], into name: String) throws -> [MergeOutcome] {
    let actor = Actor(programVersion: "test")
    let writer = try CaseWriter(path: file(name), by: actor) { _ in }
    var outcomes: [MergeOutcome] = []
    for other in others {
      let other = try OtherCase(path: file(other), by: actor)
      for capture in other.captures { outcomes.append(try writer.merge(capture, of: other)) }
      try writer.noteUnread(of: other)
    }
    try writer.finish()
    return outcomes
  }

  /// A case of one capture, opened for reading.
  public func read(
    _ capture: CaptureFile, _ change: (inout IngestOptions) -> Void = { _ in }
  ) throws -> CaseReader {
    var options = IngestOptions(programVersion: "test")
    change(&options)
    try ingest([write(capture, "a.pcap")], options: options)
    return try CaseReader(path: file("a.case"))
  }

  /// The case `name`, opened for reading.
  public func read(_ name: String = "a.case") throws -> CaseReader {
    try CaseReader(path: file(name))
  }
}

extension IngestOptions {
  /// Those of a plain ingest that keeps the source's octets.
  public static var embedding: IngestOptions {
    var options = IngestOptions(programVersion: "test")
    options.embedsSource = true
    return options
  }
}

extension CaseReader {
  /// Each row of a result as text, its values parted by `|`, NULL as nothing: as sqlite3 prints it.
  public func lines(_ sql: String, _ parameters: [String: SQLValue] = [:]) throws -> [String] {
    try rows(sql, parameters: parameters).map { row in
      row.values.map(\.description).joined(separator: "|")
    }
  }

  /// The first value of the first row, as text.
  public func value(_ sql: String) throws -> String {
    try firstRow(sql)?.values.first?.description ?? ""
  }
}

/// Files that tests read where they lie.
public enum Places {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A file or folder of the repository.
  public static func repository(_ name: String) -> String {
    tests.deletingLastPathComponent().appending(path: name).path
  }

  /// A file of `Tests/Captures`, which hold what samples do not.
  public static func capture(_ name: String) -> String {
    tests.appending(path: "Captures/\(name)").path
  }

  /// A file of `Tests/Samples`.
  public static func sample(_ name: String) -> String {
    tests.appending(path: "Samples/\(name)").path
  }

  /// A folder or file of captures that lie beside the repository; `nil`, after saying so, when it
  /// is not there.
  public static func shared(_ name: String) -> String? {
    let path = tests.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "shared/captures/\(name)").path
    if FileManager.default.fileExists(atPath: path) { return path }
    print("not tested: ../shared/captures/\(name) is not there")
    return nil
  }

  /// The rows of a folder's truth.csv by column, without the last, quoted column; none, after
  /// saying so, when the folder is not there.
  public static func truth(_ folder: String) throws -> [[String: String]] {
    guard let path = shared(folder + "/truth.csv") else { return [] }
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
  }
}
