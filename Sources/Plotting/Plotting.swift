// Plotting: from data to an immutable drawing, without drawing it.
//
// A `Plot` holds one or more `Panel`s; a panel has two axes and a list of marks over data (`Points`,
// `Line`, `Band`, `ErrorBars`, `Rule`, `Annotation`, `Segment`, `Cells`). `Plot.scene(theme:)`
// lays it out and returns a `Scene`: paths, markers and texts at points (1/72 inch), with colours
// as roles. `Scene.text` prints it, which is what the golden tests compare; `CairoRendering` draws
// it. `Plot.csv()` gives the numbers behind the picture, `Plot.summary()` tells them in words.
//
// Order of work: marks -> rows of data (`Layer`) -> domains (`Scale`) -> ticks -> margins
// (`GridLayout`) -> drawing of each panel (`PanelPainter`) -> scene.
//
// A label is words and formulas between dollar signs, `"Tokens $D$"`. `MathTree` reads the formulas,
// as in prose; a scene holds the trees (`RichText`), and what draws the scene lays them out. How large
// a text is, the layout asks a `TextMeasurer`; the default answers from a table of Inter's advances
// and a guess at formulas, so that scenes are the same on every machine. A label that cannot be read
// is a `LabelError` when the figure is drawn.
//
// Depends on `MathTree` and Foundation.
//
// Rejected:
// - chart types (`scatterPlot(logX: true)`): a flag for every wish, and none composes;
// - logarithms taken by the caller: bars, bands and fits are then wrong, and ticks unreadable;
// - colours as numbers in the scene: a dark page needs the role, not the number;
// - drawing straight to Cairo: nothing to compare in a test but pixels.
