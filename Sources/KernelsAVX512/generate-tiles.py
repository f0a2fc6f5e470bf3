#!/usr/bin/env python3
"""Writes the register tiles of the matrix product: run it in its folder after a change.

A tile holds `height` rows of `width` lane groups of C in local variables, so that the compiler
keeps them in registers; arrays of accumulators do not stay there. 24 accumulators leave 8 of the
32 AVX-512 registers for B and for broadcast elements of A. At least 8 chains hide the latency of a
multiply-add. Processors with fewer or shorter registers have tiles of their own: generate-six.py.

In the NN form the rows of A lie apart: one pointer serves three rows, because it, it + stride and
it + 2 stride are single address operands. Unrolling over k gains nothing: a step's multiply-adds take
12 cycles, which leave room for the loop.

Variants serve operands that come from far. In the TN form `copying` reads the rows of B where they
lie and leaves them behind as a panel, at no cost beside the arithmetic; `fetching` then takes the
panel and asks, while it computes, for the rows of B that come next and for the C of a tile further
down. In the NN form `fetching` asks for what is read next, from end to end, and for its own C.
Two more variants are for processors that look far ahead: `asking` asks for one line a step, and
`filling` copies one, which has come by then, into a panel.
Tables of offsets say which line of C, or of B, is a step's: to leave an inner loop between two of
them costs a tile about as much as two steps.
"""

# For each width its heights: the largest, then those that make up the rest.
#
# The TN form has few rows, as many as a model is wide, and takes many steps for each: a tile of two
# rows then takes as long as B takes to come. So rows go in tiles of six and five wherever they can.
HEIGHTS = {4: [6, 4, 2, 1], 3: [8, 4, 2, 1], 2: [12, 8, 4, 2, 1], 1: [16, 8, 4, 2, 1]}

# Strides of A for which narrow tiles in the NN form are compiled with constant addresses: computing
# them takes more than what the multiply-adds leave of the processor's width.
STRIDES = {
    (1, "NN", ""): [16, 32, 48, 64, 96, 192], (2, "NN", ""): [32, 96, 128],
    (4, "NN", ""): [32, 64, 128], (4, "NN", "fetching"): [128, 384, 512],
}

HEAD = """// swift-format-ignore-file
// Written by generate-tiles.py; do not edit.
//
// `tile<height>x<width>` computes `tiles` blocks of `height` rows and `width` lane groups of
// C = A B + addend, one below the other; A is [m, k] in the NN form and [k, m] in the TN form. The
// addend, if there is one, lies like C and may be C.
// Each element of C is one chain of fused multiply-adds over k in ascending order.
// `columns<width>` computes all m rows of `width` lane groups.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)
"""

PARAMETERS = """  {first}: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?"""


# What the variants take beside the rest.
MORE = {
    ("TN", ""): "",
    ("NN", ""): "",
    ("TN", "copying"): ",\n  copy: UnsafeMutablePointer<Float>",
    ("TN", "asking"): ",\n  for next: UnsafePointer<Float>, lines: UnsafePointer<Int32>",
    ("TN", "filling"): (",\n  from next: UnsafePointer<Float>, lines: UnsafePointer<Int32>"
                        ",\n  into panel: UnsafeMutablePointer<Float>"),
    ("TN", "fetching"): ",\n  lines: UnsafePointer<Int32>, below: Int, next: UnsafePointer<Float>, pace: Int",
    ("NN", "fetching"): ",\n  lines: UnsafePointer<Int32>, next: UnsafePointer<Float>, pace: Int",
}

# How many rows ahead tiles of the TN form ask for A, and the copying tile for B. Elements of A are
# broadcast one by one, and of such lines the processor fetches none ahead by itself, as it does of a B
# that is read line by line.
AHEAD = 8


def tile(height, width, form, variant=""):
    rows, groups = range(height), range(width)
    bases = range(0, height, 3) if form == "NN" else [0]
    alone = variant in ["copying", "asking", "filling"]
    access = "" if alone else "private "
    out = [] if alone else ["@_transparent"]
    out += [f"{access}func tile{height}x{width}{form}{variant}("]
    out += [PARAMETERS.format(first="_ tiles") + MORE[form, variant]]
    out += [") {", "  var a = a, c = c, row = 0", "  for _ in 0..<tiles {"]
    if variant == "copying":
        out[-2] += ", copy = copy"
    elif variant == "fetching":
        out[-2] += ", next = next"
    elif variant == "asking":
        out[-2] += ", line = lines"
    elif variant == "filling":
        out[-2] += ", line = lines, panel = panel"
    for i in rows:
        out += ["    var " + ", ".join(f"c{i}_{j} = Lanes()" for j in groups)]
    out += ["    if let addend {", "      let from = addend + row"]
    for i in rows:
        out += ["      " + "; ".join(
            f"c{i}_{j} = from.lanes({i} * cStride + {16 * j})" for j in groups)]
    out += ["    }"]
    out += ["    var q = b"]
    for i in bases:
        out += [f"    var p{i} = a + {i} * aStride"]
    if variant == "fetching":
        below = " + below" if form == "TN" else ""
        out += [f"    let coming = UnsafePointer(c){below}", "    var line = lines"]
    # A lower tile makes up the rest, and has no next; a narrower one gains nothing.
    if form == "NN" and not variant and width == 4 and height == HEIGHTS[4][0]:
        out += ["    " + "; ".join(f"a.fetch({height + i} * aStride)" for i in rows)]
    # In the NN form the pointer itself counts: a counter would become an index register in every
    # address, and the processor splits such multiply-adds in two.
    if form == "NN":
        out += ["    let end = p0 + k", "    while p0 < end {"]
    elif variant == "fetching":
        out += ["    let end = lines + 2 * k", "    while line < end {"]
    else:
        out += ["    for _ in 0..<k {"]
    out += ["      let " + ", ".join(f"b{j} = q.lanes({16 * j})" for j in groups)]
    if variant == "copying":
        out += [f"      let below = q + {AHEAD} * bStride",
                "      " + "; ".join(f"below.fetch({16 * j})" for j in groups)]
        out += ["      " + "; ".join(f"copy.store(b{j}, {16 * j})" for j in groups)
                + f"; copy += {16 * width}"]
    if variant == "asking":
        out += ["      next.fetch(Int(line[0])); line += 1"]
    if variant == "filling":
        out += ["      panel.store(next.lanes(Int(line[0])), 0); panel += 16; line += 1"]
    if variant == "fetching":
        out += ["      coming.fetch(Int(line[0])); "
                + ("next.fetchEarly(); line += 1; next += pace" if form == "NN" else
                   "next.fetchEarly(Int(line[1])); line += 2")]
    # Smaller tiles only make up the rest.
    if form == "TN" and not variant and height * width >= 16:
        out += [f"      p0.fetch({AHEAD} * aStride)"]
    for i in rows:
        if form == "NN":
            element = f"p{i // 3 * 3}[{i % 3} * aStride]"
        else:
            element = f"p0[{i}]"
        if width == 1:
            out += [f"      c{i}_0 = Lanes({element}).times(b0, plus: c{i}_0)"]
        else:
            out += [f"      let a{i} = Lanes({element})"]
            out += ["      " + "; ".join(
                f"c{i}_{j} = a{i}.times(b{j}, plus: c{i}_{j})" for j in groups)]
    by = "1" if form == "NN" else "aStride"
    out += ["      q += bStride; " + "; ".join(f"p{i} += {by}" for i in bases), "    }"]
    for i in rows:
        out += ["    " + "; ".join(f"c.store(c{i}_{j}, {i} * cStride + {16 * j})" for j in groups)]
    down = "aStride" if form == "NN" else "1"
    if variant == "fetching" and form == "TN":
        out += ["    next += pace"]
    out += [f"    a += {height} * {down}; c += {height} * cStride; row += {height} * cStride",
            "  }", "}", ""]
    return "\n".join(out)


def shares_out(width, form, variant):
    """Whether rows that are no multiple of the highest tile's go in some tiles that are one row lower."""
    return width == 4 and form == "TN" and not variant


def columns(width, heights, form, variant=""):
    strides = STRIDES.get((width, form, variant))
    if not strides and width > 1:
        return columns_body(width, heights, form, "", variant)
    # Few columns go with few rows and steps, where computing addresses would take most of the time.
    name = f"columns{width}{form}{variant}"
    more = ",\n      lines: lines, next: next, pace: pace" if variant else ""
    out = [f"func {name}(", PARAMETERS.format(first="_ m") + MORE[form, variant], ") {"]
    call = f"{name}(\n      m, k, a, {{}}, b, bStride, c, known: {{}}, addend{more})"
    general = call.format("known: aStride", "cStride")
    narrow = "16" if width == 1 else "cStride"
    if strides:
        if width == 1:
            out += ["  guard cStride == 16 else {", f"    {general}", "    return", "  }"]
        out += ["  switch aStride {"]
        for stride in strides:
            out += [f"  case {stride}:", "    " + call.format(f"known: {stride}", narrow)]
        out += ["  default:", "    " + call.format("known: aStride", narrow), "  }"]
    else:
        out += ["  if cStride == 16 {", "    " + call.format("known: aStride", "16"),
                "  } else {", f"    {general}", "  }"]
    out += ["}", ""]
    return "\n".join(out) + "\n" + columns_body(width, heights, form, "known ", variant)


def columns_body(width, heights, form, label, variant=""):
    parameters = PARAMETERS.format(first="_ m") + MORE[form, variant]
    if label:
        parameters = parameters.replace("_ aStride", "known aStride")
        parameters = parameters.replace("_ cStride", "known cStride")
    out = ["@_transparent", "private "] if label else [""]
    out[-1] += f"func columns{width}{form}{variant}("
    out += [parameters, ") {"]
    row = "row * aStride" if form == "NN" else "row"
    arguments = f"k, a + {row}, aStride, b, bStride, c + row * cStride, cStride, at(addend, row * cStride)"
    if variant:
        per_tile = "pace" if form == "TN" else "(k * pace)"
        next_place = f"next: next + (row + {heights[0] - 1}) / {heights[0]} * {per_tile}"
        arguments += ",\n      lines: lines, " + (
            f"below: below, {next_place}, pace: pace" if form == "TN" else
            f"{next_place}, pace: pace")
    out += ["  var row = 0"]

    def many(tiles, height):
        return [f"  if {tiles} > 0 {{",
                f"    tile{height}x{width}{form}{variant}({tiles}, {arguments})",
                f"    row += {height} * {tiles}", "  }"]

    for index, height in enumerate(heights):
        if index == 0 and shares_out(width, form, variant):
            less = height - 1
            out += [f"  let missing = ({height} - m % {height}) % {height}",
                    f"  let lower = {less} * missing <= m ? missing : 0",
                    f"  let tiles = (m - {less} * lower) / {height}"]
            out += many("tiles", height) + many("lower", less)
        elif index == 0:
            out += [f"  let tiles = m / {height}"] + many("tiles", height)
        else:
            out += [f"  if m - row >= {height} {{",
                    f"    tile{height}x{width}{form}{variant}(1, {arguments})",
                    f"    row += {height}", "  }"]
    out += ["}", ""]
    return "\n".join(out)


def write(name, text):
    with open(name, "w") as file:
        file.write(HEAD + "\n" + text + "#endif\n")


def all_tiles(width, variant=""):
    heights = HEIGHTS[width]
    text = ""
    for form in ["NN", "TN"]:
        for height in heights + [heights[0] - 1] * shares_out(width, form, variant):
            text += tile(height, width, form, variant) + "\n"
        text += columns(width, heights, form, variant) + "\n"
    return text


for width in HEIGHTS:
    write(f"Tiles{width}.swift", all_tiles(width))
write("Tiles4Filling.swift",
      "".join(tile(HEIGHTS[4][0], 4, "TN", variant) + "\n" for variant in ["asking", "filling"]))
write("Tiles4Fetching.swift",
      tile(HEIGHTS[4][0], 4, "TN", "copying") + "\n" + all_tiles(4, "fetching"))
