import Testing

@testable import Literate

private func fault(_ text: String) -> String {
  do {
    _ = try Bibliography.parse(text, file: "r.bib")
    return "no error"
  } catch {
    return error.description
  }
}

struct BibliographyTests {
  private static let text = """
    Words between entries are comment, 100 % of them.
    % @article{hidden2000, title = {Not read}}
    @Article{kaplan2020,
      author = {Jared Kaplan and
        Sam McCandlish and others},
      title  = "Scaling {laws}   for\n neural language models",
      year = 2020, eprint = {2001.08361},
    }
    @misc{las-casas2022, author = {de Las Casas, Diego and {The Group and Friends}},
      title = {T}, year = {2022}, doi = {10.1/x}}
    @misc{li2024, author = {Zhiyuan Li and Hong Liu}, title = {A}, year = {2024}}
    @misc{li2024b, author = {Zhiyuan Li and Hong Liu}, title = {B}, year = {2024}}
    """

  @Test func entriesAreRead() throws {
    let works = try Bibliography.parse(Self.text, file: "r.bib").works
    #expect(works.map(\.key) == ["kaplan2020", "las-casas2022", "li2024", "li2024b"])
    #expect(works[0].title == "Scaling laws for neural language models")
    #expect(works[0].authors.map(\.family) == ["Kaplan", "McCandlish"])
    #expect(works[0].hasOthers)
    #expect(works[0].shortAuthors == "Kaplan et\u{A0}al.")
    #expect(works[0].address == "https://arxiv.org/abs/2001.08361")
    #expect(works[0].line == 3)
    #expect(works[1].authors[0].family == "de Las Casas")
    #expect(works[1].authors[0].initials == "D.")
    #expect(works[1].authors[1] == .init(family: "The Group and Friends", given: ""))
    #expect(works[1].address == "https://doi.org/10.1/x")
    #expect(works[2].shortAuthors == "Li and Liu")
  }

  @Test func worksOfOneYearGetLetters() throws {
    let works = try Bibliography.parse(Self.text, file: "r.bib").works
    #expect(works.map(\.label) == ["2020", "2022", "2024a", "2024b"])
  }

  @Test func particlesBelongToTheFamily() throws {
    let text = "@a{x2000, author = {Leandro von Werra and Jean-Luc B. Brun}, title={t}, year=2000}"
    let authors = try Bibliography.parse(text, file: "r.bib").works[0].authors
    #expect(authors[0] == .init(family: "von Werra", given: "Leandro"))
    #expect(authors[1].initials == "J.-L.\u{A0}B.")
  }

  @Test(arguments: [
    (
      "\n@article{x2000, title = {t}, year = 2000}",
      "r.bib:2: the entry 'x2000' has no field 'author'. Add 'author = {...}'."
    ),
    (
      "@article{x2000, author = {A B}, year = 2000}",
      "r.bib:1: the entry 'x2000' has no field 'title'. Add 'title = {...}'."
    ),
    (
      "@article{x2000, author = {A B}, title = {t}, year = 20}",
      "r.bib:1: the year of the entry 'x2000' must have four digits, but is '20'. Correct it."
    ),
    (
      "@article{Kaplan, author = {A B}, title = {t}, year = 2000}",
      "r.bib:1: 'Kaplan' cannot be cited: a key is made of lower-case letters and hyphens, a year, and perhaps one letter more. Write, for example, 'kaplan2020'."
    ),
    (
      "@a{x2000, author={A}, title={t}, year=2000}\n@a{x2000, author={A}, title={t}, year=2000}",
      "r.bib:2: there are two entries 'x2000', the first in line 1. Remove one of them."
    ),
    (
      "@a{x2000,\n  author {A}}",
      "r.bib:2: '=' must stand here, but '{A}}' was found. An entry looks like '@article{kaplan2020, author = {Jared Kaplan and others}, title = {...}, year = {2020}}'."
    ),
    (
      "@a{x2000,\n  author = {A}, title = {never closed",
      "r.bib:2: a value that is closed must stand here, but '{never closed' was found. An entry looks like '@article{kaplan2020, author = {Jared Kaplan and others}, title = {...}, year = {2020}}'."
    ),
  ])
  func faultsNameLineAndRemedy(text: String, expected: String) {
    #expect(fault(text) == expected)
  }
}
