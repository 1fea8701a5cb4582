/// The name that a user may have meant.
public enum NearestName {
  /// The one of `names` that is written most like `word`; `nil` when none is near.
  public static func of(_ word: String, among names: [String]) -> String? {
    let nearest = names.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    return nearest.flatMap { $0.1 <= max(3, word.count / 3) ? $0.0 : nil }
  }

  /// The end of a sentence about a name that is none: `; did you mean 'nearest'?`, or `otherwise` where
  /// none is near.
  public static func suggestion(_ nearest: String?, otherwise: String = ";") -> String {
    nearest.map { "; did you mean '\($0)'?" } ?? otherwise
  }

  /// Letters to add, drop or change to make one word of the other (Levenshtein, 1966).
  static func distance(_ one: String, _ other: String) -> Int {
    let other = Array(other)
    var row = Array(0...other.count)
    for (index, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let change = diagonal + (letter == other[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(change, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[other.count]
  }
}
