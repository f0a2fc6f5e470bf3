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
//     WovenChapter  -> HTMLPrinter            one page; a page of paper begins at the same tree
//
// `WovenChapter` knows no HTML: another printer needs nothing but this tree and the folder of
// figures. Pages are one file each: fonts, figures and data are inside, nothing is fetched.
//
// It depends on `Literate` for trees, on `CairoRendering` for subsets of fonts and on `Plotting` for
// the palettes that a page and its figures share. It measures
// nothing and decides nothing about a figure; it only says so when something is missing.
//
// Rejected:
// * a template engine: a page has one shape, and a wrong name in a template is found at run time;
// * MathJax or KaTeX: a script of 300 kB and a network, where every browser now sets MathML;
// * a half-written report when a record is missing: a reader cannot see what is not there.
