/// Folders of the user's, as the XDG Base Directory Specification has them.
public enum UserPlace {
  /// The program's folder in the one that `variable` names, else in `fallback` below the home folder.
  ///
  /// - Returns: `nil` where the environment names neither.
  public static func folder(
    _ variable: String, orBelowHome fallback: String, _ environment: [String: String]
  ) -> String? {
    // The specification: a path that is not absolute is to be ignored.
    if let folder = environment[variable], folder.hasPrefix("/") { return folder + "/wirecase" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return "\(home)/\(fallback)/wirecase"
  }
}
