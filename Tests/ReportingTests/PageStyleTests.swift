import Foundation
import Testing

@testable import Reporting

/// Contrast as WCAG 2.2 defines it (relative luminance of sRGB), computed from the style sheet.
@Suite("The colours of a page")
struct PageStyleTests {
  /// Colours by name, for each place that sets them: light, dark, paper.
  private let palettes: [[String: String]] = {
    let sheet = PageStyle.sheet.description
    return sheet.components(separatedBy: ":root {").dropFirst().map { part in
      let block = part.prefix { $0 != "}" }
      var colours: [String: String] = [:]
      for line in block.split(whereSeparator: { ";\n".contains($0) }) {
        let sides = line.split(separator: ":", maxSplits: 1).map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        if sides.count == 2, sides[0].hasPrefix("--"), sides[1].hasPrefix("#") {
          colours[String(sides[0].dropFirst(2))] = String(sides[1].dropFirst())
        }
      }
      return colours
    }
  }()

  private func luminance(_ colour: String) throws -> Double {
    let digits = colour.count == 3 ? colour.map { "\($0)\($0)" }.joined() : colour
    let number = try #require(Int(digits, radix: 16))
    let channels = [16, 8, 0].map { shift -> Double in
      let value = Double((number >> shift) & 255) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  private func contrast(
    _ one: String, _ other: String, in palette: [String: String]
  ) throws -> Double {
    let pair = [
      try luminance(try #require(palette[one])), try luminance(try #require(palette[other])),
    ].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  @Test("are computed as the standard's own numbers are")
  func known() throws {
    let palette = ["black": "000", "white": "fff", "grey": "767676"]
    #expect(try contrast("black", "white", in: palette) == 21)
    // The lightest grey that passes on white, 4.54:1.
    #expect(abs(try contrast("grey", "white", in: palette) - 4.54) < 0.01)
  }

  @Test(
    "let text be read: 4.5 to 1",
    arguments: [
      ("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("refused", "paper"),
      ("late", "paper"), ("good", "paper"), ("ink", "raised"), ("ink", "failure"),
      ("soft", "failure"),
    ])
  func text(_ ink: String, _ ground: String) throws {
    #expect(palettes.count == 3)
    for palette in palettes { #expect(try contrast(ink, ground, in: palette) >= 4.5, "\(palette)") }
  }

  @Test(
    "let what is drawn be seen: 3 to 1",
    arguments: [
      ("answered", "paper"), ("refused", "paper"), ("silent", "paper"), ("late", "paper"),
      ("unknown", "paper"), ("packets", "span"), ("packets", "failure"), ("refused", "failure"),
      ("silent", "failure"), ("answered", "failure"),
    ])
  func shapes(_ ink: String, _ ground: String) throws {
    for palette in palettes { #expect(try contrast(ink, ground, in: palette) >= 3, "\(palette)") }
  }
}
