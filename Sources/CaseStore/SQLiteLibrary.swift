import CSQLite

/// What holds for SQLite in the whole program.
enum SQLiteLibrary {
  /// Sees to it, before the first connection is opened, that SQLite does not count the memory that it
  /// takes: it does so under one lock for all threads, and two that read at once would mostly wait for
  /// each other.
  static func configure() { _ = isConfigured }

  /// Whether SQLite took it: not where somebody used it before, who then has what was.
  private static let isConfigured = wirecase_sqlite_count_no_memory() == SQLITE_OK
}
