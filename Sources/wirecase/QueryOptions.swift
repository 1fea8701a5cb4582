import ArgumentParser
import Foundation
import Investigations

/// `--queries` and `--no-user-queries` of the commands that know investigations.
struct QueryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Folder of further investigations.", valueName: "folder"),
    completion: .directory)
  var queries: [String] = []

  @Flag(help: "Leave out those in ~/.config/wirecase/queries.")
  var noUserQueries = false

  /// The shipped investigations, those of the user's folder, and those of the folders named.
  ///
  /// - Parameter asked: Names that were asked for: what is wrong with other files of the user's
  ///   folder is then nobody's concern. Without any, it is said.
  /// - Throws: `InvestigationError`.
  func library(asked: [String] = []) throws -> InvestigationLibrary {
    var library = try InvestigationLibrary()
    if !noUserQueries { library.addUsersOwn() }
    for folder in queries { try library.add(folder: folder) }
    if asked.isEmpty {
      for (_, error) in library.broken.sorted(by: { $0.key < $1.key }) {
        Terminal.say("\(error); left out, see 'wirecase investigations check'")
      }
    }
    return library
  }
}

extension InvestigationLibrary {
  /// Adds those of the user's folder.
  fileprivate mutating func addUsersOwn() {
    if let folder = Self.userFolder(ProcessInfo.processInfo.environment) { add(userFolder: folder) }
  }
}

extension CompletionKind {
  /// Names of investigations, the user's own among them.
  static var investigation: CompletionKind {
    .custom { _, _, _ in
      guard var library = try? InvestigationLibrary() else { return [] }
      library.addUsersOwn()
      return library.all.map(\.name)
    }
  }
}
