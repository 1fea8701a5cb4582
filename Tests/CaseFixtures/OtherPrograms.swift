import Foundation

/// The programs that tests run beside Wirecase, in the Python that `Scripts/python.sh` sets up:
/// DuckDB, Datasette, sqlite-utils, and OCSF's own schema.
public enum OtherPrograms {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let scripts = root.appending(path: "Tests/OtherPrograms")
  private static let place = root.appending(path: ".build/python")

  /// Why tests that need them are skipped.
  public static let reason = "not tested: Scripts/python.sh has not set up the programs"

  /// Whether all that the list names is there, in its versions; says so when it is not.
  public static let areThere: Bool = {
    let lists = [scripts, place].map {
      try? String(contentsOf: $0.appending(path: "requirements.txt"), encoding: .utf8)
    }
    if lists[0] != nil, lists[0] == lists[1] { return true }
    print(reason)
    return false
  }()

  public struct Failed: Error, CustomStringConvertible {
    public var description: String
  }

  /// Runs a Python program, and gives what it prints.
  ///
  /// - Parameters:
  ///   - arguments: As after `python3`, such as `-m datasette`; `.py` files are those beside the list.
  ///   - folder: Where it runs, and where its input is kept.
  /// - Throws: `Failed`, with what it says, when its exit code is not 0.
  public static func run(
    _ arguments: [String], in folder: String, input: Data = Data()
  ) throws -> String {
    let arguments = arguments.map {
      $0.hasSuffix(".py") ? scripts.appending(path: $0).path : $0
    }
    return try run(
      place.appending(path: "bin/python3"), arguments, in: folder, input: input)
  }

  /// A program of this system, by `PATH`; `nil` where there is none of that name.
  public static func find(_ name: String) -> URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
      .map { URL(filePath: "\($0)/\(name)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// The sqlite3 shell of this system; `nil` where there is none.
  public static let shell = find("sqlite3")

  /// Runs any program, and gives what it prints.
  ///
  /// - Parameter environment: What is set beside the environment of the tests.
  /// - Throws: `Failed`, with what it says, when its exit code is not one of `accepting`.
  public static func run(
    _ program: URL, _ arguments: [String], in folder: String, input: Data = Data(),
    environment: [String: String] = [:], accepting: Set<Int32> = [0]
  ) throws -> String {
    let name = UUID().uuidString
    let (inputPath, errorPath) = ("\(folder)/\(name).in", "\(folder)/\(name).err")
    try input.write(to: URL(filePath: inputPath))
    try Data().write(to: URL(filePath: errorPath))
    defer {
      for path in [inputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) }
    }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle(forReadingAtPath: inputPath)
    process.standardError = FileHandle(forWritingAtPath: errorPath)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if !accepting.contains(process.terminationStatus) {
      let said = try String(contentsOfFile: errorPath, encoding: .utf8)
      throw Failed(description: "\(arguments): exit code \(process.terminationStatus): \(said)")
    }
    return String(decoding: printed, as: UTF8.self)
  }
}
