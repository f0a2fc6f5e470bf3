// CairoRendering: scenes and pages on paper and on screens.
//
// `CairoRenderer` turns a `Plotting.Scene` into SVG (text), PDF and PNG (bytes). A label, words and
// formulas, is laid out once over a private book of fonts (`FontBook.label`, `BookFont`), for measuring
// and for every surface: PDF and PNG are drawn by Cairo, SVG is written by ourselves with the same
// glyphs as outlines. `FontSubset` cuts
// a font down to the characters that a page uses.
//
// `PDFDocument` writes the pages of a book (`BookPage`): runs of glyphs that `FontBook.runs` shapes
// by HarfBuzz, formulas that `MathLayout` lays out by a font's MATH table, figures that `Drawing`
// reads back from their SVG, links, an outline, and the structure that programs read aloud by.
//
// Depends on `Plotting`, on `MathTree` for formulas, and on the C libraries cairo, pango, fontconfig and harfbuzz, which stay
// inside: no C type is public. The bytes depend on nothing but the scene and the versions of those
// libraries. It decides nothing about what is drawn or what stands where on a page.
//
// Threads: Pango and fontconfig objects belong to a `FontBook` and are used under its lock. Rendering
// may be called from anywhere; two figures are not drawn at the same time.
//
// Rejected:
// - Cairo's own SVG surface: every point becomes a path of 300 bytes, glyph names repeat from figure
//   to figure and must be renumbered, and a colour no longer knows its role, so that two roles of one
//   colour cannot be told apart on a dark page;
// - text as `<text>`: it looks different wherever the font is missing;
// - the machine's own font configuration: another machine, another figure.
