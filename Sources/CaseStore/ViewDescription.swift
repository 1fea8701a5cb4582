import Schema

/// A view of a case, and what it and its columns mean, as they are documented where they are
/// declared.
public struct ViewDescription: Sendable, Equatable {
  public var name: String
  /// What a row is; empty where the program does not know the view.
  public var what: String
  public var columns: [Column]

  /// A column; `what` is empty where nothing is said.
  public struct Column: Sendable, Equatable {
    public var name: String
    public var what: String

    public init(name: String, what: String) { (self.name, self.what) = (name, what) }
  }

  public init(name: String, what: String, columns: [Column]) {
    (self.name, self.what, self.columns) = (name, what, columns)
  }
}

extension CaseReader {
  /// The views of the case, in the order in which they are declared.
  ///
  /// - Throws: `SQLFault`.
  public func views() throws -> [ViewDescription] {
    let meanings = ViewText.meanings(in: Schema.views)
    return try rows("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY rowid").map {
      row in
      let name = row["name"].text ?? ""
      let columns = try rows(
        "SELECT name FROM pragma_table_info(:view) ORDER BY cid",
        parameters: ["view": .text(name)]
      ).compactMap { $0["name"].text }
      let comments = ViewText.comments(in: row["sql"].text ?? "")
      // A view that is not written as ours are says nothing, rather than something of another.
      let fits = comments.count == columns.count
      return ViewDescription(
        name: name, what: meanings[name] ?? "",
        columns: columns.enumerated().map { index, column in
          ViewDescription.Column(name: column, what: fits ? comments[index] : "")
        })
    }
  }
}

/// Reads comments out of the text of views.
enum ViewText {
  /// The comment above each `CREATE VIEW`, by the view's name.
  static func meanings(in text: String) -> [String: String] {
    var meanings: [String: String] = [:]
    var comment: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("--") {
        comment.append(line.dropFirst(2).drop { $0 == " " })
      } else {
        if let match = line.prefixMatch(of: /CREATE VIEW ([a-z_]+)/) {
          meanings[String(match.1)] = comment.joined(separator: " ")
        }
        comment = []
      }
    }
    return meanings
  }

  /// The comment of each column of a view's outermost SELECT: the first that stands in it or behind
  /// its comma, with the comments that follow it on lines of their own.
  static func comments(in text: String) -> [String] {
    var (items, isSelecting, depth) = ([""], false, 0)
    var (hasText, lineHasText) = (false, false)
    var scanner = text.unicodeScalars[...]
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar == "_"
    }
    while let scalar = scanner.first {
      if scanner.starts(with: "--".unicodeScalars) {
        let comment = scanner.prefix { $0 != "\n" }
        scanner = scanner.dropFirst(comment.count)
        // Behind a comma it belongs to what stands before.
        let item = hasText || items.count == 1 ? items.count - 1 : items.count - 2
        let words = String(String.UnicodeScalarView(comment.dropFirst(2).drop { $0 == " " }))
        if isSelecting && items[item].isEmpty {
          items[item] = words
        } else if isSelecting && !lineHasText {
          items[item] += " " + words
        }
        continue
      }
      if scalar == "'" || scalar == "\"" {
        let quoted = scanner.dropFirst().prefix { $0 != scalar }
        scanner = scanner.dropFirst(quoted.count + 2)
        (hasText, lineHasText) = (true, true)
        continue
      }
      if isWord(scalar) {
        let word = scanner.prefix { isWord($0) || $0.properties.numericType != nil }
        scanner = scanner.dropFirst(word.count)
        let keyword = depth == 0 ? String(String.UnicodeScalarView(word)).uppercased() : ""
        if isSelecting && keyword == "FROM" { return items }
        if !isSelecting && keyword == "SELECT" {
          (isSelecting, hasText) = (true, false)
          continue
        }
        (hasText, lineHasText) = (true, true)
        continue
      }
      scanner = scanner.dropFirst()
      switch scalar {
      case "(": depth += 1
      case ")": depth -= 1
      case ",":
        lineHasText = true
        if depth == 0 && isSelecting {
          items.append("")
          hasText = false
        }
      case "\n": lineHasText = false
      case " ", "\t", "\r": break
      default: (hasText, lineHasText) = (true, true)
      }
    }
    return isSelecting ? items : []
  }
}
