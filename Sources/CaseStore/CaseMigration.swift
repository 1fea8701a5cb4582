import GRDB
import Migrations
import Schema

/// How an older case becomes one of today.
enum CaseMigration {
  /// Brings a case to today's version, in one transaction. Views and lookups are today's, and
  /// derivations are made anew: how they are made is part of a version.
  static func migrate(_ database: Database, by actor: Actor) throws {
    let version = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version < Schema.version else { return }
    try database.inTransaction(.immediate) {
      try drop("view", in: database)
      try drop("table", named: "lookup_", in: database)
      for migration in Migrations.all where migration.version > version {
        try database.execute(sql: migration.sql)
      }
      try database.execute(sql: Schema.lookups)
      try database.execute(sql: Schema.views)
      try Deriving(database).deriveEverything()
      try database.execute(
        sql: """
          PRAGMA user_version = \(Schema.version); PRAGMA application_id = \(Schema.applicationID)
          """)
      try database.log(
        .migrate, ["from": String(version), "to": String(Schema.version)], by: actor)
      return .commit
    }
  }

  private static func drop(
    _ type: String, named prefix: String = "", in database: Database
  ) throws {
    let names = try String.fetchAll(
      database, sql: "SELECT name FROM sqlite_schema WHERE type = ?", arguments: [type])
    for name in names where name.hasPrefix(prefix) {
      try database.execute(sql: "DROP \(type) \(name.quotedDatabaseIdentifier)")
    }
  }
}
