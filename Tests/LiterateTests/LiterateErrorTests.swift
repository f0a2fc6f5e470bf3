import Testing

@testable import Literate

private func message(_ source: String) -> String {
  do {
    _ = try ChapterSource.parse(source, file: "main.swift")
    return "no error"
  } catch {
    return error.description
  }
}

struct LiterateErrorTests {
  @Test(arguments: [
    (
      "let a = 1",
      "main.swift:1: a chapter must begin with a title, but no heading of level 1 was found. Add a line such as '//: # Does error fall as a power of size?' at the top."
    ),
    (
      "//: # A\n//: # B",
      "main.swift:2: a chapter has one heading of level 1, its title, and line 1 holds it already. Use '##' here."
    ),
    (
      "/*: # A\n",
      "main.swift:1: the prose block that '/*:' opens here is never closed. Add '*/' at its end."
    ),
    (
      "//: # A\n//: ```\n//: x\nlet a = 1",
      "main.swift:2:5: the fenced code block that begins here is never closed, so it would swallow the program. Close it with the same marks."
    ),
    (
      "//: # A\n// MARK: - aside X\nlet a = 1",
      "main.swift:2: the aside 'X' that begins here is never closed. Add '// MARK: - end' after it."
    ),
    (
      "//: # A\n// MARK: - aside X\n// MARK: - aside Y",
      "main.swift:3: an aside cannot hold another, but 'Y' begins inside one. Put '// MARK: - end' before it."
    ),
    (
      "//: # A\n// MARK: - end",
      "main.swift:2: '// MARK: - end' closes an aside, but none is open. Remove it, or add '// MARK: - aside TITLE' before it."
    ),
    (
      "//: # A\n// MARK: - aside",
      "main.swift:2: an aside needs a title, which readers see while it is folded. Write '// MARK: - aside TITLE'."
    ),
    (
      "//: # A\n//: ## Solution",
      "main.swift:2: a solution belongs to an exercise, but none is open here. Put '### Exercise: TITLE' before '#### Solution'."
    ),
    (
      "//: # A\n//: See @figure:x.",
      "main.swift:2:9: '@figure:' refers to nothing that has a number here. Did you mean '@fig:'? Write '@fig:', '@tbl:', '@eq:' or '@ch:', or put the text in backquotes."
    ),
    (
      "//: # A\n//: As [@Kaplan] says.",
      "main.swift:2:8: '[@' begins a citation, but '[@Kaplan] says.' was found. Write '[@kaplan2020]' or '[@kaplan2020, section 3; @hoffmann2022]', or put the text in backquotes."
    ),
    (
      "//: # A\n//: | a | b |\n//: |---|---|\n//: | 1 | 2 |\n//: | 1 |",
      "main.swift:5: every row of a table must have as many cells as its first row, 2, but this one has 1. Fill the row up, or write '\\|' for a bar within a cell."
    ),
    (
      "//: # A\n//: | a | b |\n//: |---|---|\n//: | 1 | 2 | 3 |",
      "main.swift:4: every row of a table must have as many cells as its first row, 2, but this one has 3. Fill the row up, or write '\\|' for a bar within a cell."
    ),
    (
      "//: # A\n//: Table: Numbers. {#tbl:x}",
      "main.swift:2: a caption of a table must follow it, but no table stands before this one. Move it, with one empty line between, to where the table ends."
    ),
    (
      "//: # A\n//: | a |\n//: |---|\n//: | 1 |\n//:\n//: Table: Numbers.",
      "main.swift:6: the caption of a table must end with its name. Write 'Table: CAPTION {#tbl:name}'."
    ),
    (
      "//: # A\n//: ### Exercise:",
      "main.swift:2: an exercise needs a title. Write '### Exercise: TITLE'."
    ),
    (
      "//: # A\n//: a <b>c</b>",
      "main.swift:2: prose is CommonMark without HTML, because it is printed on paper too, but '<b>' was found. Use Markdown, or write '\\<' for the character itself."
    ),
    (
      "//: # A\n//: ![x](y.png)",
      "main.swift:2: prose holds no images: a figure is shown by the program. Use chapter.show(figure:name:caption:alt:)."
    ),
    (
      "//: # A\n//: b[^c]",
      "main.swift:2: there is no footnote 'c'. Define it in prose as '[^c]: ...'."
    ),
    (
      "//: # A\n//:\n//: [^c]: d",
      "main.swift:3: the footnote 'c' is defined but nothing refers to it. Put '[^c]' where it belongs, or remove it."
    ),
    (
      "//: # A\n//: costs $5\n//:\n//: $x$",
      "main.swift:2:11: the formula that '$' opens here is never closed. Close it with '$', or write '\\$' for a dollar sign."
    ),
    (
      "//: # A\n//: $$x$",
      "main.swift:2:5: the formula that '$$' opens here is never closed. Close it with '$$', or write '\\$' for a dollar sign."
    ),
    (
      "//: # A\n//: a $$ $$",
      "main.swift:2:7: there is nothing between the dollar signs. Write a formula, or '\\$' for a dollar sign."
    ),
    (
      "//: # A\n//: a \\(b c)",
      "main.swift:2:7: '\\(' begins the name of a recorded value, but '\\(b c)' was found. Write '\\(name)' or '\\(name.low)'; a plain parenthesis needs no backslash."
    ),
    (
      "//: # A\n//: \\(b.lower)",
      "main.swift:2:5: '\\(b.lower)' asks for a part that no value has. Write '\\(b)', or .low, .high, .interval or .theory behind the name."
    ),
    (
      "//: # A\n//: a\u{E000}",
      "main.swift:2:5: the characters U+E000 and U+E001 are reserved for the weaver. Remove them."
    ),
    (
      "//: # A\n//: $a \\aplha$",
      "main.swift:2:8: '\\aplha' is not a command of formulas here. Did you mean '\\alpha'?"
    ),
    (
      "//: # A\n//: $\\includegraphics$",
      "main.swift:2:6: '\\includegraphics' is not a command of formulas here. Put words in \\text{...}."
    ),
    (
      "//: # A\n//: $$\n//: a +\n//:   {b\n//: $$",
      "main.swift:4:7: '{' has no partner in this formula; '}' was expected."
    ),
    ("//: # A\n//: $a}$", "main.swift:2:7: '}' has no partner in this formula; '{' was expected."),
    (
      "//: # A\n//: $\\left( a$",
      "main.swift:2:6: '\\left' has no partner in this formula; '\\right' was expected."
    ),
    (
      "//: # A\n//: $a \\right)$",
      "main.swift:2:8: '\\right' has no partner in this formula; '\\left' was expected."
    ),
    (
      "//: # A\n//: $\\begin{case}a\\end{case}$",
      "main.swift:2:6: 'case' is not an environment of formulas here. Did you mean 'cases'?"
    ),
    (
      "//: # A\n//: $\\begin{cases}a$",
      "main.swift:2:6: '\\begin{cases}' has no partner in this formula; '\\end{cases}' was expected."
    ),
    (
      "//: # A\n//: $\\begin{cases}a\\end{matrix}$",
      "main.swift:2:20: '\\end{matrix}' has no partner in this formula; '\\end{cases}' was expected."
    ),
    (
      "//: # A\n//: $\\frac{a}$",
      "main.swift:2:14: '\\frac' needs an argument, but none follows. Write it in braces."
    ),
    (
      "//: # A\n//: $x_$",
      "main.swift:2:8: '_' needs an argument, but none follows. Write it in braces."
    ),
    (
      "//: # A\n//: $\\left a$",
      "main.swift:2:12: a delimiter such as '(', ']', '\\{', '|' or '.' must follow, but 'a' was found."
    ),
    (
      "//: # A\n//: $x_1_2$",
      "main.swift:2:10: there are two '_' on one symbol. Use braces to say which belongs where."
    ),
    (
      "//: # A\n//: $x\\limits_1$",
      "main.swift:2:7: '\\limits' must follow an operator such as \\sum or \\max, but it does not. Remove it."
    ),
    ("//: # A\n//: $5%$", "main.swift:2:7: '%' has no meaning here. Write '\\%'."),
    ("//: # A\n//: $a & b$", "main.swift:2:8: '&' has no meaning here. Write '\\&'."),
    (
      "//: # A\n//: $ä$",
      "main.swift:2:6: 'ä' cannot stand in a formula as it is. Put words in \\text{...}."
    ),
  ])
  func everyFaultIsNamedWithItsPlace(_ source: String, _ expected: String) {
    #expect(message(source) == expected)
  }

  @Test func nearestNamesAreFoundBestFirst() {
    #expect(nearestNames(to: "alhpa", among: ["beta", "alpha", "alpha2"]) == ["alpha", "alpha2"])
    #expect(nearestNames(to: "floor", among: ["slope", "x"]) == [])
    #expect(nearestNames(to: "alpha", among: ["alpha-high"]) == ["alpha-high"])
  }
}
