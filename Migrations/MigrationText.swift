/// How older cases become cases of today: the SQL files beside this one, in the order of their
/// numbers, each never edited once it was released.
public enum Migrations {
  /// The migrations, with the version that each leads to.
  public static let all: [(version: Int32, sql: String)] = embeddedSQL.compactMap { file in
    Int32(file.path.prefix { $0.isNumber }).map { ($0, file.text) }
  }.sorted { $0.0 < $1.0 }
}
