#!/usr/bin/env python3
"""Writes the register tiles of processors with few or short registers: run it here after a change.

A tile holds six rows of one lane group of C: 12 of AVX2's 16 registers, 24 of NEON's 32. AVX2 carries
out four operations a cycle; a step of k takes 20, 12 of them multiply-adds, in no less than six
cycles. What the loop needs beside them would cost an eighth of the time. So four steps stand one after
the other, with a barrier between, which keeps the compiler from gathering their loads and spilling
the sums.

Where A and B lie decides what else a step needs:
  NN      rows of A, rows of B
  TN      columns of A, rows of B
  Panel   rows of A, a panel of B, [k, 16]
  PanelReLU  like Panel, but the sums end as zero where another matrix, or they themselves, are at most zero
  Squares  panels of A and of B; a square is a lane group of rows and one of columns, in three tiles
  Filling  the same for one square, which fills another panel beside its multiply-adds

Half tiles, for products of at most eight columns, hold eight rows of half a lane group.
"""

HEAD = """// swift-format-ignore-file
// Written by generate-six.py; do not edit.
//
// `tile<height><form>` computes `tiles` blocks of `height` rows and one lane group of
// C = A B + addend, one below the other; `rows<form>` computes all m rows. The addend, if there is
// one, lies like C and may be C. In the forms NN and Panel A is [m, k], in the form TN [k, m]; B lies in
// rows, or as a panel [k, 16].
// The form PanelReLU reads what Panel does and adds nothing; C ends as zero where x <= 0, or C itself
// without an x, which lies like C.
// `tile<height><form>Half` computes eight columns of C and writes zeros beside them, unless told that it
// need not (`pads`).
// `squares` computes so many blocks of 16 rows and one lane group, one below the other, from a panel of B
// and from panels of A, [k, 16] too, that lie so many floats apart. `squareFilling` computes one and copies
// rows of 16 floats from `source`, `stride` apart, to `to`, as many as k has whole threes times three; it
// asks for what lies `ahead` of each.
// Each element of C is one chain of fused multiply-adds over k in ascending order.

import KernelInterface

#if !(KERNELS_AVX512 && arch(x86_64))

"""

# Rows of a tile: the most, then those that make up the rest. Of a half tile twelve would fit too, but
# the compiler loads all elements of A first and spills sums.
HEIGHTS = {"": [6, 4, 2, 1], "Half": [8, 4, 2, 1]}

# The tiles of a square.
HEIGHTS_OF_SQUARES = [6, 5, 5]

SQUARES = ["Squares", "Filling"]
COLUMNS = ["TN"]
ROWS_OF_B = ["NN", "TN"]
PANELS = ["Panel", "PanelReLU"]

# Steps that stand one after the other. In columns of A more lose: their addresses are all apart. But in
# half tiles of the TN form, with fewer, the compiler spills a sum in each step. A square fills a row of a
# panel each time: its three tiles fill as many as they take steps.
UNROLLED = {"NN": 4, "TN": 2, "TNHalf": 4, "Panel": 4, "PanelReLU": 4, "Squares": 4, "Filling": 3}

# Rows whose sums are stored at once, and the steps that they take by themselves before, where a
# processor wants it so (`storesApart`). Half tiles wait for loads and leave cycles for stores.
ROWS_STORED = {"": 2, "Half": 8}
LAST_STEPS = {"Filling": 3}

# Strides of A for which a product of one lane group, few rows and steps, is compiled with constant
# addresses: computing them would take as long as the multiply-adds.
STRIDES = [16, 32, 48, 64, 96, 192]

ROWS = "_ a: UnsafePointer<Float>, _ aStride: Int,\n  _ b: UnsafePointer<Float>, _ bStride: Int,"

PARAMETERS = {
    "NN": ROWS, "TN": ROWS,
    "Panel": "_ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,",
    "PanelReLU": "_ a: UnsafePointer<Float>, _ aStride: Int, _ panel: UnsafePointer<Float>,",
    "Squares": "_ a: UnsafePointer<Float>, apart: Int, _ panel: UnsafePointer<Float>,",
    "Filling": "_ a: UnsafePointer<Float>, _ panel: UnsafePointer<Float>,\n"
               "  from source: UnsafePointer<Float>, _ stride: Int, ahead: Int,\n"
               "  to: UnsafeMutablePointer<Float>,",
}


# Vectors of tiles of sixteen and of eight columns, and how they are loaded.
LANES = {"": ("Lanes", "lanes"), "Half": ("HalfLanes", "halfLanes")}


def pads(form, size):
    """Whether a caller may leave the padding as it is."""
    return form == "NN" and size == "Half"


def header(name, first, form, size=""):
    first = f"_ {first}: Int, " if first else ""
    return [f"func {name}(", f"  {first}_ k: Int, {PARAMETERS[form]}",
            "  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, "
            f"_ {'x' if form == 'PanelReLU' else 'addend'}: UnsafePointer<Float>?"
            + (", pads: Bool" if pads(form, size) else ""), ") {"]


def indented(lines):
    """The lines of a body, each two spaces further in for each brace that is open before it."""
    out, depth = [], 1
    for line in map(str.strip, lines):
        out += ["  " * (depth - line.startswith("}")) + line]
        depth += line.count("{") - line.count("}")
    return out


def body(height, form, size="", below=None):
    """Computes and stores a tile at c. The next one, of `below` rows, is asked for if that is given."""
    rows = range(height)
    lanes, load = LANES[size]
    bases = range(0, height, 3) if form in ["NN"] + PANELS else [0]
    columns, square, filling = form in COLUMNS, form in SQUARES, form == "Filling"
    across = "bStride" if form in ROWS_OF_B else "16"
    down = "aStride" if columns else "16" if square else "1"
    out = ["var " + ", ".join(f"c{i} = {lanes}()" for i in rows)]
    if form != "PanelReLU":
        out += ["if let addend {", "  let from = addend + row"]
        out += [f"  c{i} = from.{load}({i} * cStride)" for i in rows]
        # A gradient that is added to comes from afar; what is only written costs less unasked for.
        if below:
            out += [f"  from.fetch({height + i} * cStride)" for i in range(below)]
        out += ["}"]
    out += ["var q = " + ("b" if across == "bStride" else "panel")]
    out += [f"var p{i} = a" + (f" + {i} * aStride" if i > 0 else "") for i in bases]

    def step(number, rows):
        further = f" + {number}" if number > 0 else ""
        lines = ["do {", f"  let b0 = q.{load}()"]
        for i in rows:
            element = f"p{i // 3 * 3}[{i % 3} * aStride{further}]"
            if columns:
                element = f"p0[{i}]"
            elif square:
                element = f"p0[{i + 16 * number}]"
            lines += [f"  c{i} = {lanes}({element}).times(b0, plus: c{i})"]
        return lines + ["}"]

    def onward(steps):
        by = down if columns else f"{steps * int(down)}"
        return f"q += {across}; " + "; ".join(f"p{i} += {by}" for i in bases)

    def several(steps, rows, fills=False):
        lines = []
        for number in range(steps):
            if number > 0:
                lines += [onward(1) if columns else f"q += {across}", "inOrder()"]
            if number == 1 and fills:
                lines += FILL
            lines += step(number, rows)
        return lines

    def store(rows):
        def value(i):
            if form != "PanelReLU":
                return f"c{i}"
            return f"c{i}.gated(by: x?.{load}(row + {i} * cStride) ?? c{i})"

        lines = [f"c.store({value(i)}, {i} * cStride)" for i in rows]
        if size:
            padding = [f"c.store(HalfLanes(), {i} * cStride + 8)" for i in rows]
            lines += ["if pads {"] + padding + ["}"] if pads(form, size) else padding
        return lines

    # But for columns of A the pointer itself counts: a counter would become an index register.
    steps = UNROLLED.get(form + size, UNROLLED[form]) if height > 1 else 1
    last_steps = LAST_STEPS.get(form, 4)
    groups = [rows[i:i + ROWS_STORED[size]] for i in range(0, height, ROWS_STORED[size])]
    scale = "" if down == "1" else f" * {down}"
    last = ""
    if len(groups) > 1:
        last = "last"
        out += [f"let last = storesApart && k >= {last_steps} ? {last_steps} : 0"]
    if not columns:
        out += [f"let end = p0 + k{scale}"]
    if steps > 1:
        if columns:
            out += [f"for _ in 0..<k % {steps} {{"]
        else:
            out += [f"let first = p0 + k % {steps}{scale}", "while p0 < first {"]
        out += step(0, rows) + [onward(1), "}"]
    if columns:
        count = "(k - last)" if last else "k"
        out += [f"for _ in 0..<{count}" + (f" / {steps}" if steps > 1 else "") + " {"]
    else:
        out += ["while p0" + (f" + last{scale}" if last else "") + " < end {"]
    out += several(steps, rows, filling) + [onward(steps), "}"]
    if last:
        out += ["if last == 0 {"] + store(rows) + ["} else {"]
        for group in groups:
            out += ["do {", "var q = q" + (", p0 = p0" if columns else "")]
            out += several(last_steps, group, filling and group is groups[0]) + store(group)
            out += ["}", "inOrder()"]
        out += ["}"]
    else:
        out += store(rows)
    return out


# A Zen 3 holds few stores back until there is what they store. So a row is asked for long before, and
# only one is copied in three steps.
FILL = ["to.store(source.lanes())", "source.fetch(ahead)", "to += 16; source += stride", "inOrder()"]


def tile(height, form, size=""):
    head = ["@_transparent"] + header(f"tile{height}{form}{size}", "tiles", form, size)
    head[1] = "private " + head[1]
    out = ["var a = a, c = c, row = 0", "for _ in 0..<tiles {"] + body(height, form, size)
    by = f"{height}" if form in COLUMNS else f"{height} * aStride"
    out += [f"a += {by}; c += {height} * cStride; row += {height} * cStride", "}"]
    return "\n".join(head + indented(out + ["}"]) + [""])


def squares(form):
    # In line with others they would spill sums.
    out, head, tail = ["var a = a, c = c, row = 0"], ["@inline(never)"], []
    if form == "Filling":
        head += header("squareFilling", "", form)
        out += ["var source = source, to = to"]
    else:
        head += header("squares", "count", form)
        out += ["for _ in 0..<count {"]
        tail = ["a += apart - 16", "}"]
    for height, below in zip(HEIGHTS_OF_SQUARES, HEIGHTS_OF_SQUARES[1:] + HEIGHTS_OF_SQUARES):
        out += ["do {"] + body(height, form, below=below)
        out += [f"a += {height}; c += {height} * cStride; row += {height} * cStride", "}"]
    return "\n".join(head + indented(out + tail + ["}"]) + [""])


def all_rows(form, size=""):
    out = []
    parameters = header(f"rows{form}{size}", "m", form, size)
    passed = ", pads: pads)" if pads(form, size) else ")"
    if form == "NN":
        call = f"rowsNN{size}(m, k, a, known: {{}}, b, bStride, c, known: {{}}, addend{passed}"
        out += parameters + ["  guard cStride == 16 else {", "    " + call.format("aStride", "cStride"),
                             "    return", "  }", "  switch aStride {"]
        for stride in STRIDES:
            out += [f"  case {stride}: " + call.format(stride, 16)]
        out += ["  default: " + call.format("aStride", 16), "  }", "}", ""]
        parameters = ["@_transparent", "private " + parameters[0]] + [
            line.replace("_ aStride", "known aStride").replace("_ cStride", "known cStride")
            for line in parameters[1:]]
    if form == "PanelReLU":
        call = "rowsPanelReLU(m, k, a, aStride, panel, c, cStride, known: {})"
        out += parameters + ["  if let x {", "    " + call.format("x"), "  } else {",
                             "    " + call.format("nil"), "  }", "}", ""]
        parameters = ["@_transparent", "private " + parameters[0]] + [
            line.replace("_ x", "known x") for line in parameters[1:]]
    out += parameters
    row = "row" if form == "TN" else "row * aStride"
    operand = "panel" if form in PANELS else "b, bStride"
    beside = "x" if form == "PanelReLU" else "addend"
    arguments = f"k, a + {row}, aStride, {operand}, c + row * cStride, cStride,"
    out += ["  var row = 0"]
    # Fewer than eight vectors of sums leave multiply-adds waiting, so a rest of two rows takes another
    # six, in two tiles of four.
    counts = {6: "m > 6 && m % 6 == 2 ? m / 6 - 1 : m / 6", 4: "(m - row) / 4", 8: "m / 8"}
    for height in HEIGHTS[size]:
        tiles = "1"
        if height in counts:
            tiles = f"tiles{height}"
            out += [f"  let {tiles} = {counts[height]}", f"  if {tiles} > 0 {{"]
        else:
            out += [f"  if m - row >= {height} {{"]
        out += [f"    tile{height}{form}{size}(", f"      {tiles}, {arguments}",
                f"      at({beside}, row * cStride){passed}",
                f"    row += {height}" + ("" if tiles == "1" else f" * {tiles}"), "  }"]
    return "\n".join(out + ["}", ""])


FILES = {
    "TilesSixNN.swift": [("NN", "")], "TilesSixTN.swift": [("TN", "")],
    "TilesSixPanel.swift": [("Panel", "")], "TilesSixPanelReLU.swift": [("PanelReLU", "")],
    "TilesSixSquares.swift": [("Squares", "")], "TilesSixFilling.swift": [("Filling", "")],
    "TilesHalfNN.swift": [("NN", "Half")], "TilesHalfTN.swift": [("TN", "Half")],
}

for name, forms in FILES.items():
    parts = []
    for form, size in forms:
        if form in SQUARES:
            parts += [squares(form)]
        else:
            parts += [tile(height, form, size) for height in HEIGHTS[size]] + [all_rows(form, size)]
    with open(name, "w") as file:
        file.write(HEAD + "\n".join(parts) + "\n#endif\n")
