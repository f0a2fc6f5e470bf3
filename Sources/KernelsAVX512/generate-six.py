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
  Panel   rows of A, a panel of B, [k, 16]; each tile asks for its part of what follows the panel
  Copies  a copy of A, [k, 6] for each tile, two floats apart, and a panel of B

Half tiles, for products of at most eight columns, hold eight rows of half a lane group.
"""

HEAD = """// swift-format-ignore-file
// Written by generate-six.py; do not edit.
//
// `tile<height><form>` computes `tiles` blocks of `height` rows and one lane group of
// C = A B + addend, one below the other; `rows<form>` computes all m rows. The addend, if there is
// one, lies like C and may be C. In the forms NN and Panel A is [m, k], in the form TN [k, m], and in
// the form Copies [k, 6] for each tile, two floats apart; B lies in rows, or as a panel [k, 16].
// `tile<height><form>Half` computes eight columns of C and writes zeros beside them, unless told that it
// need not (`pads`).
// Each element of C is one chain of fused multiply-adds over k in ascending order.

import KernelInterface

#if !(KERNELS_AVX512 && arch(x86_64))

"""

# Rows of a tile: the most, then those that make up the rest. Of a half tile twelve would fit too, but
# the compiler loads all elements of A first and spills sums.
HEIGHTS = {"": [6, 4, 2, 1], "Half": [8, 4, 2, 1]}

# Steps that stand one after the other. In the TN form more lose: their addresses are all apart. But in
# its half tiles, with fewer, the compiler spills a sum in each step.
UNROLLED = {"NN": 4, "TN": 2, "TNHalf": 4, "Panel": 4, "Copies": 4}

# Strides of A for which a product of one lane group, few rows and steps, is compiled with constant
# addresses: computing them would take as long as the multiply-adds.
STRIDES = [16, 32, 48, 64, 96, 192]

ROWS = "_ a: UnsafePointer<Float>, _ aStride: Int,\n  _ b: UnsafePointer<Float>, _ bStride: Int,"

PARAMETERS = {
    "NN": ROWS, "TN": ROWS,
    "Panel": "_ a: UnsafePointer<Float>, _ aStride: Int,\n"
             "  _ panel: UnsafePointer<Float>, next: UnsafePointer<Float>, lines: Int,",
    "Copies": "_ a: UnsafePointer<Float>, _ panel: UnsafePointer<Float>,",
}


# Vectors of tiles of sixteen and of eight columns, and how they are loaded.
LANES = {"": ("Lanes", "lanes"), "Half": ("HalfLanes", "halfLanes")}


def pads(form, size):
    """Whether a caller may leave the padding as it is."""
    return form == "NN" and size == "Half"


def header(name, first, form, size=""):
    return [f"func {name}(", f"  _ {first}: Int, _ k: Int, {PARAMETERS[form]}",
            "  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?"
            + (", pads: Bool" if pads(form, size) else ""), ") {"]


def tile(height, form, size=""):
    rows = range(height)
    lanes, load = LANES[size]
    inlined = form != "Copies"
    bases = range(0, height, 3) if form in ["NN", "Panel"] else [0]
    across = "bStride" if form in ["NN", "TN"] else "16"
    down = {"TN": "aStride", "Copies": f"{height}"}.get(form, "1")
    out = ["@_transparent"] if inlined else []
    out += header(f"tile{height}{form}{size}", "tiles", form, size)
    if inlined:
        out[1] = "private " + out[1]
    changing = ["a = a", "c = c", "row = 0"]
    if form == "Panel":
        changing += ["next = next"]
    out += ["  var " + ", ".join(changing), "  for _ in 0..<tiles {"]
    out += ["    var " + ", ".join(f"c{i} = {lanes}()" for i in rows)]
    out += ["    if let addend {", "      let from = addend + row"]
    out += [f"      c{i} = from.{load}({i} * cStride)" for i in rows]
    out += ["    }"]
    if form in ["Panel", "Copies"]:
        out += [f"    let below = UnsafePointer(c + {height} * cStride)",
                "    " + "; ".join(f"below.fetch({i} * cStride)" for i in rows)]
    if form == "Panel":
        out += ["    for _ in 0..<lines { next.fetchEarly(); next += 16 }"]
    out += ["    var q = " + ("b" if across == "bStride" else "panel")]
    out += [f"    var p{i} = a" + (f" + {i} * aStride" if i > 0 else "") for i in bases]

    def step(number):
        further = f" + {number}" if number > 0 else ""
        lines = ["      do {", f"        let b0 = q.{load}()"]
        for i in rows:
            element = {"TN": f"p0[{i}]", "Copies": f"p0[{i + height * number}]"}.get(
                form, f"p{i // 3 * 3}[{i % 3} * aStride{further}]")
            lines += [f"        c{i} = {lanes}({element}).times(b0, plus: c{i})"]
        return lines + ["      }"]

    def onward(steps):
        by = down if form == "TN" else f"{steps * int(down)}"
        return f"      q += {across}; " + "; ".join(f"p{i} += {by}" for i in bases)

    # But for TN the pointer itself counts: a counter would become an index register.
    steps = UNROLLED.get(form + size, UNROLLED[form]) if height > 1 else 1
    scale = "" if down == "1" else f" * {down}"
    if form != "TN":
        out += [f"    let end = p0 + k{scale}" + (
            f", whole = end - k % {steps}{scale}" if steps > 1 else "")]
    if steps > 1:
        out += [f"    for _ in 0..<k / {steps} {{" if form == "TN" else "    while p0 < whole {"]
        for number in range(steps):
            if number > 0:
                out += [onward(1) if form == "TN" else f"      q += {across}", "      inOrder()"]
            out += step(0 if form == "TN" else number)
        out += [onward(steps), "    }"]
    rest = f"k % {steps}" if steps > 1 else "k"
    out += [f"    for _ in 0..<{rest} {{" if form == "TN" else "    while p0 < end {"]
    out += step(0) + [onward(1), "    }"]
    out += [f"    c.store(c{i}, {i} * cStride)" for i in rows]
    if size:
        padding = [f"      c.store(HalfLanes(), {i} * cStride + 8)" for i in rows]
        out += ["    if pads {"] + padding + ["    }"] if pads(form, size) else padding
    by = {"TN": f"{height}", "Copies": f"{height} * k + 2"}.get(form, f"{height} * aStride")
    out += [f"    a += {by}; c += {height} * cStride; row += {height} * cStride",
            "  }", "}", ""]
    return "\n".join(out)


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
    out += parameters
    row = "row" if form == "TN" else "row * aStride"
    operand = "panel, next: next + row / 6 * lines * 16, lines: lines" if form == "Panel" else "b, bStride"
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
                f"      at(addend, row * cStride){passed}",
                f"    row += {height}" + ("" if tiles == "1" else f" * {tiles}"), "  }"]
    return "\n".join(out + ["}", ""])


FILES = {
    "TilesSixNN.swift": [("NN", "")], "TilesSixTN.swift": [("TN", "")],
    "TilesSixPanel.swift": [("Panel", ""), ("Copies", "")],
    "TilesHalfNN.swift": [("NN", "Half")], "TilesHalfTN.swift": [("TN", "Half")],
}

for name, forms in FILES.items():
    parts = []
    for form, size in forms:
        if form == "Copies":
            parts += [tile(HEIGHTS[size][0], form)]
        else:
            parts += [tile(height, form, size) for height in HEIGHTS[size]] + [all_rows(form, size)]
    with open(name, "w") as file:
        file.write(HEAD + "\n".join(parts) + "\n#endif\n")
