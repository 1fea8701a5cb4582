/// Text from a capture as it may stand on a terminal, in a document or in another capture's
/// comment.
public enum HarmlessText {
  /// The text with control characters, those that turn the direction of writing, and those that
  /// nobody sees, shown as `\u{…}`.
  ///
  /// - Parameter kept: Characters that may stand where the text goes, such as line ends.
  public static func of(_ text: String, keeping kept: [Unicode.Scalar] = []) -> String {
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isHarmful(scalar), !kept.contains(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a character does something, or is not seen.
  ///
  /// Source: Unicode 15, 4.5 (general categories), 5.21 (characters ignored for display).
  static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7f { return scalar.value < 0x20 }
    if scalar.properties.isDefaultIgnorableCodePoint { return true }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
    default: false
    }
  }
}
