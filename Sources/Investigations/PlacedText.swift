/// A place in a file, both counted from 1; columns count letters.
public struct FilePlace: Comparable, Sendable {
  public var line: Int
  public var column: Int

  public static func < (left: FilePlace, right: FilePlace) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// Text that was put together from pieces of a file, each of which knows where it stood.
struct PlacedText: Sendable {
  private(set) var text = ""
  private var pieces: [(offset: Int, place: FilePlace)] = []

  /// Adds a piece of the file that begins at `place`.
  mutating func add(_ piece: some StringProtocol, at place: FilePlace, joinedBy joint: String) {
    if !pieces.isEmpty { text += joint }
    pieces.append((text.utf8.count, place))
    text += piece
  }

  /// Where octet `offset` of the text stands in the file; of one beyond its end, the end.
  func place(of offset: Int) -> FilePlace {
    guard let piece = pieces.last(where: { $0.offset <= max(offset, 0) }) else {
      return FilePlace(line: 1, column: 1)
    }
    let before = text.utf8.prefix(max(offset, 0)).dropFirst(piece.offset)
    var place = piece.place
    place.column += String(decoding: before, as: UTF8.self).count
    return place
  }
}

extension StringProtocol {
  /// Without blanks and line ends at both ends.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
