// CairoRendering: scenes on paper and on screens.
//
// `CairoRenderer` turns a `Plotting.Scene` into SVG (text), PDF and PNG (bytes). Text is shaped once,
// by Pango over a private book of fonts (`FontBook`, `BookFont`), whatever the surface: PDF and PNG
// are drawn by Cairo, SVG is written by ourselves with the same glyphs as outlines. `FontSubset` cuts
// a font down to the characters that a page uses.
//
// Depends on `Plotting` and on the C libraries cairo, pango, fontconfig and harfbuzz, which stay
// inside: no C type is public. The bytes depend on nothing but the scene and the versions of those
// libraries. It decides nothing about what is drawn.
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
