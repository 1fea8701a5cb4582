// A typed way to write HTML and the SVG within it: names of elements and attributes are known ones,
// and the only way in for text escapes it, so that no text can become an element or an attribute.
// What comes out is well-formed XML as well, by which tests read it.

/// A piece of a page.
struct Markup {
  private(set) var source: String

  /// Text, harmless and escaped.
  init(_ text: String) { source = Self.escaped(text) }

  /// The page's own style sheet, which holds no character that would have to be escaped.
  init(styleSheet: StaticString) { source = styleSheet.description }

  fileprivate init(source: String) { self.source = source }

  static let empty = Markup(source: "")

  /// Pieces one after the other.
  static func all(_ pieces: [Markup]) -> Markup {
    Markup(source: pieces.map(\.source).joined())
  }

  /// An element.
  static func element(
    _ name: Element, _ attributes: [(Attribute, String)], _ content: Markup
  ) -> Markup {
    let list = attributes.map { " \($0.rawValue)=\"\(escaped($1))\"" }.joined()
    // In HTML only elements that cannot hold anything may end where they begin.
    if name.isVoid { return Markup(source: "<\(name.rawValue)\(list)/>") }
    let end = name.isBlock ? "\n" : ""
    return Markup(source: "<\(name.rawValue)\(list)>\(content.source)</\(name.rawValue)>\(end)")
  }

  /// Text as it may stand between tags and in quoted values, in HTML and in XML.
  ///
  /// U+FFFE and U+FFFF, which XML cannot hold, become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in TabularOutput.harmless(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The elements that a report uses.
  enum Element: String {
    case html, head, meta, title, style, link, body
    case a, nav, main, header, footer, section, div, figure, figcaption
    case h1, h2, h3, h4, p, span, strong, em, bdi, code, pre, ol, ul, li, dl, dt, dd
    case details, summary, table, thead, tbody, tr, th, td, caption
    case svg, desc, defs, pattern, g, rect, line, path, circle, text, tspan

    fileprivate var isVoid: Bool {
      switch self {
      case .meta, .link, .rect, .line, .path, .circle: true
      default: false
      }
    }

    /// Whether a line may end behind it without a space being seen.
    fileprivate var isBlock: Bool {
      switch self {
      case .head, .title, .style, .nav, .header, .footer, .section, .div, .figure, .figcaption,
        .h1, .h2, .h3, .h4, .p, .pre, .ol, .ul, .li, .dl, .dd, .details, .table, .thead, .tbody,
        .tr, .svg, .g, .main:
        true
      default: false
      }
    }
  }

  /// The attributes that a report uses: none loads anything, none is a script or a style.
  enum Attribute: String {
    case lang, charset, name, content, rel, href, id, `class`, title, scope, colspan, role, open,
      tabindex
    case httpEquiv = "http-equiv"
    case labelledBy = "aria-labelledby"
    case label = "aria-label"
    case hidden = "aria-hidden"
    case viewBox, x, y, width, height, x1, y1, x2, y2, cx, cy, r, d, fill
    case patternUnits, patternTransform
    case textAnchor = "text-anchor"
  }
}

/// Writes pieces of a page one below the other.
@resultBuilder
enum MarkupBuilder {
  static func buildExpression(_ piece: Markup) -> Markup { piece }
  static func buildExpression(_ text: String) -> Markup { Markup(text) }
  static func buildExpression(_ pieces: [Markup]) -> Markup { .all(pieces) }
  static func buildBlock(_ pieces: Markup...) -> Markup { .all(pieces) }
  static func buildOptional(_ piece: Markup?) -> Markup { piece ?? .empty }
  static func buildEither(first piece: Markup) -> Markup { piece }
  static func buildEither(second piece: Markup) -> Markup { piece }
  static func buildArray(_ pieces: [Markup]) -> Markup { .all(pieces) }
}

/// An element with what it holds.
func element(
  _ name: Markup.Element, _ attributes: KeyValuePairs<Markup.Attribute, String> = [:],
  @MarkupBuilder _ content: () -> Markup = { .empty }
) -> Markup {
  .element(name, attributes.map { ($0.key, $0.value) }, content())
}

/// An element that holds text alone.
func element(
  _ name: Markup.Element, _ attributes: KeyValuePairs<Markup.Attribute, String> = [:],
  _ text: String
) -> Markup {
  .element(name, attributes.map { ($0.key, $0.value) }, Markup(text))
}

/// An element without attributes that holds text alone.
func element(_ name: Markup.Element, _ text: String) -> Markup {
  .element(name, [], Markup(text))
}
