#!/usr/bin/env python3
"""Writes the register tiles of products of width eight, and of few steps: run it in its folder after a
change.

Eight columns fill half of a lane group. A tile therefore holds two rows of C in each group, lane by
lane: c0[0], c1[0], c0[1], c1[1] and so on. Rows of B are spread to b[0], b[0], b[1], b[1] ..., and
one 64-bit broadcast brings the two elements of A: half the multiply-adds of a tile of whole rows.
In the TN form the two elements lie side by side in memory; in the NN form a block of A is interleaved
first, two shuffles for 32 elements.

A multiply-add and its broadcast are two instructions here, so that 16 of each and one load of B take
a little more than the 8 cycles that the multiply-adds need.

A B of few steps and lane groups fits the registers: no loop over k, which would be over almost before
it has begun.
"""

PAIRS_HEAD = """// swift-format-ignore-file
// Written by generate-narrow.py; do not edit.
//
// `pairs<height>NN` computes 2 x `height` rows of C = A B + addend with at most eight columns, and
// `pairs<height>TN` as many of C = Aᵀ B + addend: two rows of C to a lane group, element by element
// in turn. Each element of C is one chain of fused multiply-adds over k in ascending order.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

"""

STEPS_HEAD = """// swift-format-ignore-file
// Written by generate-narrow.py; do not edit.
//
// `steps{steps}x<groups>` computes m rows and so many lane groups of C = A B + addend for k = {steps}; the
// rows of A lie 16 floats apart. Each element of C is one chain of fused multiply-adds over k in
// ascending order.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)

"""

# Pairs of rows to a tile: the largest, then those that make up the rest.
HEIGHTS = [16, 4, 1]


def accumulators(pairs, partner):
    out = [f"  var c{i} = Lanes()" for i in pairs]
    out += ["  if let addend {"]
    out += [f"    c{i} = together(addend + {2 * i} * cStride, {partner})" for i in pairs]
    out += ["  }"]
    return out


def tile(height, form):
    pairs = range(height)
    last = "second" if form == "NN" and height == 1 else "cStride"
    more = ",\n  partner: Int, second: Int" if last == "second" else ""
    out = ["@_transparent", f"func pairs{height}{form}("]
    if form == "NN":
        out += ["  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>,",
                "  _ block: UnsafeMutablePointer<Float>,"]
    else:
        out += ["  _ k: Int, _ a: UnsafePointer<Float>, _ aStride: Int,",
                "  _ b: UnsafePointer<Float>, _ bStride: Int,"]
    out += [f"  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?{more}"]
    out += [") {"]
    out += accumulators(pairs, last)
    if form == "NN":
        partner = "partner" if height == 1 else "aStride"
        out += ["  var q = b, step = 0", "  while step < k {",
                f"    interleave({height}, a + step, aStride, {partner}, block)",
                # The pointer itself counts: a counter would become an index register.
                "    var p = UnsafePointer(block)", "    let end = p + 2 * min(k - step, 16)",
                "    while p < end {", "      let row = q.lanes()"]
        out += [f"      c{i} = p.pairs({32 * i}).times(row, plus: c{i})" for i in pairs]
        out += ["      p += 2; q += 16", "    }", "    step += 16", "  }"]
    else:
        out += ["  var p = a, q = b"]
        out += ["  for _ in 0..<k {", "    let row = spread(q.lanes())"]
        out += [f"    c{i} = p.pairs({2 * i}).times(row, plus: c{i})" for i in pairs]
        out += ["    p += aStride; q += bStride", "  }"]
    out += [f"  part(c{i}, c + {2 * i} * cStride, {last})" for i in pairs]
    out += ["}", ""]
    return "\n".join(out) + "\n"


# Rows that go by at a time, for so many steps and lane groups: eight chains of multiply-adds.
ROWS = {(8, 1): 8, (8, 2): 4, (16, 1): 8}


def some_rows(rows, steps, groups):
    """Computes `rows` rows from `row` on."""
    out = ["    let p = a + row * 16, r = c + row * cStride"]
    for i in range(rows):
        out += ["    var " + ", ".join(f"c{i}_{j} = Lanes()" for j in range(groups))]
    out += ["    if let addend {", "      let from = addend + row * cStride"]
    for i in range(rows):
        out += ["      " + "; ".join(
            f"c{i}_{j} = from.lanes({i} * cStride + {16 * j})" for j in range(groups))]
    out += ["    }"]
    for step in range(steps):
        for i in range(rows):
            out += [f"    let a{i}_{step} = Lanes(p[{16 * i + step}])"]
            out += ["    " + "; ".join(
                f"c{i}_{j} = a{i}_{step}.times(b{step}_{j}, plus: c{i}_{j})"
                for j in range(groups))]
    for i in range(rows):
        out += ["    " + "; ".join(
            f"r.store(c{i}_{j}, {i} * cStride + {16 * j})" for j in range(groups))]
    return out + [f"    row += {rows}", "  }"]


def few_steps(steps, groups):
    out = [f"func steps{steps}x{groups}(",
           "  _ m: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ bStride: Int,",
           "  _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ addend: UnsafePointer<Float>?",
           ") {"]
    for step in range(steps):
        out += ["  let " + ", ".join(
            f"b{step}_{j} = b.lanes({step} * bStride + {16 * j})" for j in range(groups))]
    rows = ROWS[steps, groups]
    out += ["  var row = 0", f"  while m - row >= {rows} {{"]
    out += some_rows(rows, steps, groups)
    out += ["  while row < m {"] + some_rows(1, steps, groups) + ["}", ""]
    return "\n".join(out) + "\n"


for steps, name in [(8, "TilesEight.swift"), (16, "TilesSixteen.swift")]:
    with open(name, "w") as file:
        file.write(STEPS_HEAD.format(steps=steps))
        for groups in [groups for k, groups in ROWS if k == steps]:
            file.write(few_steps(steps, groups))
        file.write("#endif\n")

with open("TilesPairs.swift", "w") as file:
    file.write(PAIRS_HEAD)
    for form in ["NN", "TN"]:
        for height in HEIGHTS:
            file.write(tile(height, form))
    file.write("#endif\n")
