#!/usr/bin/env python3
"""Writes the register tiles of the matrix product: run it in its folder after a change.

A tile holds `height` rows of `width` lane groups of C in local variables, so that the compiler
keeps them in registers; arrays of accumulators do not stay there. 24 accumulators leave 8 of the
32 AVX-512 registers for B and for broadcast elements of A. AVX2 has 16 registers, two to a lane
group, and NEON 32, four to a lane group: 6 accumulators.
"""

# File, condition, chains of the peak measurement, and for each width its heights: the largest,
# then those that make up the rest.
WIDE = "KERNELS_AVX512 && arch(x86_64)"
FILES = [
    ("Tiles4.swift", WIDE, 24, {4: [6, 4, 2, 1]}),
    ("Tiles3.swift", WIDE, 0, {3: [8, 4, 2, 1]}),
    ("Tiles2.swift", WIDE, 0, {2: [12, 8, 4, 2, 1]}),
    ("Tiles1.swift", WIDE, 0, {1: [24, 16, 8, 4, 2, 1]}),
    ("TilesNarrow.swift", f"!({WIDE})", 6, {1: [6, 4, 2, 1]}),
]

HEAD = """// swift-format-ignore-file
// Written by generate-tiles.py; do not edit.
//
// `tile<height>x<width>` computes `tiles` blocks of `height` rows and `width` lane groups of
// C = A B, or C += A B, one below the other. A[i, k] is `a[i * aRow + k * aStep]`. Each element
// of C is one chain of fused multiply-adds over k in ascending order.
// `columns<width>NN` and `columns<width>TN` compute all m rows of `width` lane groups.

import KernelInterface

#if {condition}
"""

PARAMETERS = """  {first}: Int, _ k: Int, _ a: UnsafePointer<Float>, {strides},
  _ b: UnsafePointer<Float>, _ bStride: Int,
  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulate: Bool
"""


def tile(height, width):
    rows, groups = range(height), range(width)
    out = ["@inline(__always)", f"private func tile{height}x{width}("]
    out += [PARAMETERS.format(first="_ tiles", strides="_ aRow: Int, _ aStep: Int").rstrip()]
    out += [") {", "  var a = a, c = c", "  for _ in 0..<tiles {"]
    for i in rows:
        out += ["    var " + ", ".join(f"c{i}_{j} = Lanes()" for j in groups)]
    out += ["    if accumulate {"]
    for i in rows:
        out += ["      " + "; ".join(
            f"c{i}_{j} = c.lanes({i} * cStride + {16 * j})" for j in groups)]
    out += ["    }", "    var p = a, q = b", "    for _ in 0..<k {"]
    out += ["      let " + ", ".join(f"b{j} = q.lanes({16 * j})" for j in groups)]
    for i in rows:
        out += [f"      let a{i} = Lanes(p[{i} * aRow])"]
        out += ["      " + "; ".join(
            f"c{i}_{j} = a{i}.times(b{j}, plus: c{i}_{j})" for j in groups)]
    out += ["      p += aStep; q += bStride", "    }"]
    for i in rows:
        out += ["    " + "; ".join(f"c.store(c{i}_{j}, {i} * cStride + {16 * j})" for j in groups)]
    out += [f"    a += {height} * aRow; c += {height} * cStride", "  }", "}", ""]
    return "\n".join(out)


def columns(width, heights, form):
    row, step = ("aStride", "1") if form == "NN" else ("1", "aStride")
    out = [f"func columns{width}{form}("]
    out += [PARAMETERS.format(first="_ m", strides="_ aStride: Int").rstrip(), ") {"]
    arguments = f"k, a + row * {row}, {row}, {step}, b, bStride, c + row * cStride, cStride, accumulate"
    out += ["  var row = 0"]
    for index, height in enumerate(heights):
        if index == 0:
            out += [f"  let tiles = m / {height}", "  if tiles > 0 {",
                    f"    tile{height}x{width}(tiles, {arguments})",
                    f"    row += {height} * tiles", "  }"]
        else:
            out += [f"  if m - row >= {height} {{",
                    f"    tile{height}x{width}(1, {arguments})",
                    f"    row += {height}", "  }"]
    out += ["}", ""]
    return "\n".join(out)


def peak(count):
    """`count` independent chains, run so often that one round makes 24 multiply-adds."""
    out = ["func multiplyAddRounds(_ rounds: Int, _ factor: Float, _ addend: Float) -> Float {",
           "  let factor = Lanes(factor), addend = Lanes(addend)"]
    for i in range(count):
        out += [f"  var x{i} = Lanes({i})"]
    out += [f"  for _ in 0..<rounds {{"]
    for _ in range(24 // count):
        for i in range(count):
            out += [f"    x{i} = x{i}.times(factor, plus: addend)"]
    out += ["  }", "  var sum = x0"]
    for i in range(1, count):
        out += [f"  sum = sum + x{i}"]
    out += ["  return sum.treeSum()", "}", ""]
    return "\n".join(out)


for name, condition, chains, tiles in FILES:
    text = HEAD.format(condition=condition) + "\n"
    for width, heights in tiles.items():
        for height in heights:
            text += tile(height, width) + "\n"
        for form in ["NN", "TN"]:
            text += columns(width, heights, form) + "\n"
    if chains > 0:
        text += peak(chains) + "\n"
    with open(name, "w") as file:
        file.write(text + "#endif\n")
