/// The shipped investigations: the SQL files beside this one, `protocol/name.sql`.
public enum Queries {
  /// Path and text of each, in the order of the paths.
  public static let all: [(path: String, text: String)] = embeddedSQL
}
