// Literate: chapter sources in, document trees out.
//
// A chapter is a valid Swift program. Lines that begin with `//:` are prose (CommonMark with
// tables, footnotes, `$...$` and `$$...$$`); all other lines are code. This target cuts such a
// file apart and gives back one tree, `Document`, in which each node knows its source line:
//
//     let document = try ChapterSource.parse(text, file: "chapters/01-x/main.swift")
//     let caption = try Markdown.parse("Loss against $N$.", at: SourceLocation(file: ..., line: 7))
//
// Beside CommonMark there are six things of our own:
//
//     \(alpha)  \(alpha.interval)              a recorded value, in prose and in formulas
//     @fig:name  @tbl:name  @eq:name  @ch:name cross-references; `$$...$$ {#eq:name}` names a formula
//     // MARK: - aside TITLE ... // MARK: - end   code (and prose) that a reader may skip
//     ### Exercise: TITLE                      an exercise, up to the next heading of its level
//                                              or the program's next code
//     #### Solution                            inside an exercise: its solution, folded
//     /*: ... */                               a block of prose, the same as lines with `//:`
//
// An exercise and its solution are ordinary headings, so that the source reads well in an editor
// and any other Markdown reader shows it sensibly.
//
// It depends on cmark-gfm (`CMarkdown`) and on `MathTree`, which reads the formulas and whose names it
// passes on, as every document holds formulas; nothing else: no files, no drawing, no Foundation.
//
// Rejected:
// * parsing the prose of each comment alone: a footnote defined at the end of a chapter would be
//   unknown at its head. Instead the file is parsed once, with each stretch of code replaced by
//   one comment line, and a table leads from lines of that text back to lines of the file.
// * raw HTML in prose: it cannot be printed on paper. It is an error.
// * `$` left alone as a dollar sign when its partner is missing: a formula that silently turns
//   into text is found by a reader. It is an error, `\$` is a dollar sign.
// * TeX through a library: nothing serves both MathML and a page drawn by hand.

@_exported public import MathTree
