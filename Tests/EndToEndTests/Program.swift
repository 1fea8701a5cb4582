import Foundation

/// The built program, run as a user runs it.
enum Program {
  struct Output {
    var status: Int32
    var text: String
    var errors: String
  }

  /// The repository's root.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The program stands beside the test bundle, whatever folder was built in.
  static let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "wirecase").path

  /// Runs `wirecase` with `arguments` in `folder`, and waits for it.
  static func run(_ arguments: [String], in folder: URL, input: Data? = nil) throws -> Output {
    let process = try start(arguments, in: folder)
    let (output, errors) = (process.standardOutput as? Pipe, process.standardError as? Pipe)
    if let input, let pipe = process.standardInput as? Pipe {
      pipe.fileHandleForWriting.write(input)
    }
    try (process.standardInput as? Pipe)?.fileHandleForWriting.close()
    let text = output?.fileHandleForReading.readDataToEndOfFile() ?? Data()
    let said = errors?.fileHandleForReading.readDataToEndOfFile() ?? Data()
    process.waitUntilExit()
    return Output(
      status: process.terminationStatus, text: String(decoding: text, as: UTF8.self),
      errors: String(decoding: said, as: UTF8.self))
  }

  /// Starts `wirecase` and does not wait.
  static func start(_ arguments: [String], in folder: URL) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment(in: folder)
    process.standardInput = Pipe()
    process.standardOutput = Pipe()
    process.standardError = Pipe()
    try process.run()
    return process
  }

  /// The environment, but for investigations of whoever runs the tests: `folder` holds the program's
  /// configuration.
  static func environment(in folder: URL) -> [String: String] {
    ProcessInfo.processInfo.environment.merging(["XDG_CONFIG_HOME": folder.path]) { _, new in new }
  }

  /// A sample capture of the repository.
  static func sample(_ name: String) -> String {
    root.appending(path: "Tests/Samples/\(name)").path
  }
}

/// A folder of its own, removed when its owner goes.
final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "wirecase-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func write(_ data: Data, to name: String) throws {
    try data.write(to: url.appending(path: name))
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}
