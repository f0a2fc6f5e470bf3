// MathTree: formulas as trees, from the part of TeX that the book uses.
//
//     let formula = try MathParser.parse(#"\frac{A}{N^\alpha}"#)
//     formula.linear                                       // A/N^α, for those who read plain text
//
// `Literate` reads the formulas of the prose with it and `Plotting` those of the labels of figures,
// so that both know the same commands and complain in the same words; `Weaving` writes the trees as
// MathML, `CairoRendering` lays them out as boxes. `MathSpacing` has the space between atoms, the
// same for all of them.
//
// It depends on nothing. A fault is a `MathError` with its place (`SourceLocation`).
//
// Rejected:
// * the parser within `Literate`, where it began: `Plotting` would then need a reader of Markdown
//   and its C library to draw an axis;
// * labels that are parsed where they are drawn: `Plotting` could neither tell what a label says in
//   plain words nor guess its size without a renderer.
