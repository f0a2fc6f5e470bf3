import Foundation
import Testing

@testable import Weaving

/// The colours of a page's text against what they stand on, in both themes.
struct ContrastTests {
  /// Red, green and blue from 0 to 1.
  private typealias RGB = [Double]

  /// The variables of a theme as the style sheet defines them, the palette's and its own.
  private func variables(_ palette: String) -> [String: String] {
    var table: [String: String] = [:]
    let own = StyleSheet.css.components(separatedBy: ":root{\n").dropFirst()
      .map { String($0.prefix { $0 != "}" }) }.joined()
    for declaration in (palette + own).split(separator: ";") {
      let parts = declaration.split(separator: ":", maxSplits: 1)
      let name = parts[0].trimmingCharacters(in: .whitespacesAndNewlines)
      if parts.count == 2, name.hasPrefix("--") {
        table[String(name.dropFirst(2))] = String(parts[1])
      }
    }
    return table
  }

  private func color(_ text: String, _ table: [String: String]) throws -> RGB {
    let text = text.trimmingCharacters(in: .whitespaces)
    if let name = text.wholeMatch(of: /var\(--([a-z0-9-]+)\)/)?.1 {
      return try color(try #require(table[String(name)], "no colour --\(name)"), table)
    }
    if let mix = text.wholeMatch(of: /color-mix\(in srgb,(.*) (\d+)%,(.*)\)/) {
      let share = try #require(Double(mix.2)) / 100
      let (first, second) = (try color(String(mix.1), table), try color(String(mix.3), table))
      return zip(first, second).map { $0 * share + $1 * (1 - share) }
    }
    var digits = String(try #require(text.wholeMatch(of: /#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})/)).1)
    if digits.count == 3 { digits = digits.map { "\($0)\($0)" }.joined() }
    let value = try #require(Int(digits, radix: 16))
    return [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
  }

  /// WCAG 2.1, "contrast ratio".
  private func contrast(_ first: RGB, _ second: RGB) -> Double {
    func luminance(_ color: RGB) -> Double {
      zip([0.2126, 0.7152, 0.0722], color).reduce(0) { sum, part in
        let value = part.1
        return sum + part.0 * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
      }
    }
    let pair = [luminance(first), luminance(second)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  @Test func theMeasureIsThatOfTheStandard() throws {
    #expect(abs(contrast([0, 0, 0], [1, 1, 1]) - 21) < 1e-9)
    #expect(abs(contrast(try color("#777", [:]), [1, 1, 1]) - 4.478) < 1e-3)
    #expect(try color("color-mix(in srgb,#fff 25%,#000)", [:]) == [0.25, 0.25, 0.25])
  }

  @Test(arguments: [("light", FigureColors.light), ("dark", FigureColors.dark)])
  func textHasContrast(theme: String, palette: String) throws {
    let table = variables(palette)
    // Everything that the style sheet gives as a colour of text.
    let used = Set(
      StyleSheet.css.matches(of: /[{;\s](?:color|--shade):var\(--([a-z0-9-]+)\)/).map {
        String($0.1)
      }
    ).subtracting(["shade", "axis"])
    #expect(used.isSuperset(of: ["ink", "muted", "accent", "good", "bad", "code-a"]))
    for name in used.sorted() {
      let isCode = name.hasPrefix("code-") || ["ink", "muted"].contains(name)
      for ground in isCode ? ["paper", "tint"] : ["paper"] {
        let ratio = contrast(
          try color("var(--\(name))", table), try color("var(--\(ground))", table))
        #expect(ratio >= 4.5, "--\(name) on --\(ground), \(theme): \(ratio)")
      }
    }
  }
}
