// Weaving: a chapter's source and the record of its run in, pages out.
//
//     try Weaver.weaveChapter(source: main, recordFolder: folder, to: folder/index.html)
//     try Weaver.weaveReport(chapters: [ChapterFiles(source: ..., recordFolder: ...)], to: report)
//
// The way of a page:
//
//     main.swift    -> Literate.Document      prose, formulas, listings
//     record.json   -> ChapterRecord          claims, values, figures, tables
//     both          -> WovenChapter           values filled in, everything in its place, numbered
//     WovenChapter  -> HTMLPrinter            one page
//     all of them   -> BookPrinter            the printed book
//
// `WovenChapter` knows neither HTML nor paper. Pages are one file each: fonts, figures and data are
// inside, nothing is fetched.
//
// The way of a printed page (folder `PDF`):
//
//     prose         -> TextSetter             words, formulas, glue: what a line is made of
//     a paragraph   -> LineBreaker            the lines that are best together
//     a chapter     -> ChapterSetter          strips, spaces, floats, places where a page may end
//     all strips    -> PageFiller             pages
//     pages         -> CairoRendering         the file
//
// Page numbers in the text are known when all of it is set: the book is set until they stay.
//
// It depends on `Literate` for trees, on `CairoRendering` for fonts, formulas and the file of the
// book, and on `Plotting` for the palettes that a page and its figures share. It measures nothing
// and decides nothing about a figure; it only says so when something is missing.
//
// Rejected:
// * a template engine: a page has one shape, and a wrong name in a template is found at run time;
// * MathJax or KaTeX: a script of 300 kB and a network, where every browser now sets MathML;
// * LaTeX or headless Chromium for the book: hundreds of MB, and the web's look from the second;
// * Pango's paragraphs: they are broken line by line, and no words are;
// * a half-written report when a record is missing: a reader cannot see what is not there.
