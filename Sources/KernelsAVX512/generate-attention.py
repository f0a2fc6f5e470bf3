#!/usr/bin/env python3
"""Writes attention for narrow heads: run it in its folder after a change.

A head of w columns has w vectors of 16 queries, few enough to stay in registers from key to key.
That lets each product be joined with the arithmetic on its result: scores with their maximum,
weights with the sums of values, score gradients with the gradient by the queries. Every chain is
that of the general form, step by step.

Rows of keys and of values that lie a known number of floats apart give every element a constant
offset; others are copied to lie `w` floats apart. The gradients by keys and by values share vectors, lane by lane in turn, so that heads half
a lane group wide fill it.
"""

# Widths, and the distance between rows of queries, keys and values of a model with four heads.
STRIDES = {2: 32, 4: 48, 8: 96}

# Keys whose chains run at once: enough to hide the latency of a multiply-add.
KEYS = 8

# Keys whose exponentials are computed side by side.
EXPONENTIALS = 4

# Rows of a tile of gradients by keys and values: the largest, then those that make up the rest.
HEIGHTS = [16, 4, 1]

HEAD = """// swift-format-ignore-file
// Written by generate-attention.py; do not edit.
//
// Attention of one head of `width` columns for a panel of 16 queries, forward and backward; see
// `NarrowAttention.swift`.

import KernelInterface

#if KERNELS_AVX512 && arch(x86_64)
"""


def scores(w, rows, source, factor, indent):
    """The chains over the head's columns of some rows of keys or values."""
    out = []
    out += ["var " + ", ".join(f"s{i} = Lanes()" for i in range(rows))]
    for c in range(w):
        out += ["; ".join(f"s{i} = Lanes({source}[{i} * stride + {c}]).times({factor}{c}, plus: s{i})"
                          for i in range(rows))]
    return [indent + line for line in out]


FROM, INTO = "UnsafePointer<Float>", "UnsafeMutablePointer<Float>"


def opening(name, w, parameters):
    """The head of a function, and the function that calls it with the strides that are known."""
    listed = ",\n".join(f"  {label}: {kind}" for label, kind in parameters)
    out = [f"func {name}(", listed, ") {", "  switch stride {"]
    for pattern, stride in [(f"case {STRIDES[w]}", STRIDES[w]), ("default", w)]:
        passed = ", ".join(
            f"known: {stride}" if label == "stride" else f"{label}: {label}"
            for label, _ in parameters)
        out += [f"  {pattern}:", f"    {name}({passed})"]
    out += ["  }", "}", "", "@_transparent", f"private func {name}("]
    return out + [listed.replace("  stride:", "  known stride:"), ") {"]


def forward(w):
    out = opening(f"attendNarrow{w}", w, [
        ("keys", "Int"), ("start", "Int"), ("queries", "Int"), ("scale", "Float"),
        ("query", FROM), ("key", FROM), ("value", FROM), ("stride", "Int"), ("bias", FROM + "?"),
        ("results", INTO), ("weights", INTO)])
    out += ["  let factor = Lanes(scale)"]
    out += [f"  let q{c} = query.lanes({16 * c}) * factor" for c in range(w)]
    out += ["  var greatest = Lanes(-.infinity), other = greatest", "  var j = 0",
            "  var row = key, place = weights"]

    def group(rows, masked):
        lines = scores(w, rows, "row", "q", "    ")
        lines += ["    if let bias {", "      let near = bias - j"]
        lines += [f"      s{i} = s{i} + (near - {i}).lanes()" for i in range(rows)]
        lines += ["    }", "    " + "; ".join(f"place.store(s{i}, {16 * i})" for i in range(rows))]
        for i in range(rows):
            name = "greatest" if i % 2 == 0 else "other"
            if masked:
                lines += [f"    {name} = {name}.greater(s{i}.replacing(with: Lanes(-.infinity), "
                          f"where: future(j + {i} - start)))"]
            else:
                lines += [f"    {name} = {name}.greater(s{i})"]
        lines += [f"    row += {rows} * stride; place += {16 * rows}; j += {rows}"]
        return lines

    out += ["  while j < start {"] + group(KEYS, False) + ["  }"]
    out += [f"  while j + {KEYS} <= keys {{"] + group(KEYS, True) + ["  }"]
    out += ["  while j < keys {"] + group(1, True) + ["  }"]
    out += ["  greatest = greatest.greater(other)", "  var sum = Lanes()", "  j = 0",
            "  place = weights"]

    def exponentials(rows, masked):
        lines = []
        for i in range(rows):
            mask = f".replacing(with: Lanes(), where: future(j + {i} - start))" if masked else ""
            lines += [f"    let e{i} = (place.lanes({16 * i}) - greatest).exponentialOfNegative(){mask}"]
        lines += ["    " + "; ".join(f"place.store(e{i}, {16 * i}); sum = sum + e{i}"
                                     for i in range(rows))]
        lines += [f"    place += {16 * rows}; j += {rows}"]
        return lines

    out += ["  while j < start {"] + exponentials(EXPONENTIALS, False) + ["  }"]
    out += [f"  while j + {EXPONENTIALS} <= keys {{"] + exponentials(EXPONENTIALS, True) + ["  }"]
    out += ["  while j < keys {"] + exponentials(1, True) + ["  }"]
    out += ["  var inverse = Lanes(1) / sum", "  if queries < laneCount {",
            "    let beyond = IntLanes.numbers .>= IntLanes(Int32(truncatingIfNeeded: queries))",
            "    inverse = inverse.replacing(with: Lanes(), where: beyond)", "  }"]
    out += ["  var " + ", ".join(f"o{c} = Lanes()" for c in range(w)),
            "  row = value; place = weights; j = 0"]

    def sums(rows):
        lines = []
        for i in range(rows):
            lines += [f"    let p{i} = place.lanes({16 * i}) * inverse; place.store(p{i}, {16 * i})",
                      "    " + "; ".join(
                          f"o{c} = Lanes(row[{i} * stride + {c}]).times(p{i}, plus: o{c})" for c in range(w))]
        lines += [f"    row += {rows} * stride; place += {16 * rows}; j += {rows}"]
        return lines

    out += ["  while j + 4 <= keys {"] + sums(4) + ["  }"]
    out += ["  while j < keys {"] + sums(1) + ["  }"]
    out += [f"  results.store(o{c}, {16 * c})" for c in range(w)]
    out += ["}", ""]
    return "\n".join(out)


def backward(w):
    out = opening(f"attendBackwardNarrow{w}", w, [
        ("keys", "Int"), ("start", "Int"), ("scale", "Float"), ("doutput", FROM),
        ("key", FROM), ("value", FROM), ("stride", "Int"), ("weights", FROM), ("gradients", INTO),
        ("pairs", INTO), ("biasRows", INTO + "?"), ("biasStride", "Int"), ("dquery", INTO)])
    out += [f"  let d{c} = doutput.lanes({16 * c})" for c in range(w)]
    out += ["  var sum = Lanes()", "  var j = 0",
            "  var row = value, place = gradients, weight = weights"]

    def group(rows):
        lines = scores(w, rows, "row", "d", "    ")
        lines += ["    " + "; ".join(f"place.store(s{i}, {16 * i})" for i in range(rows))]
        lines += [f"    sum = weight.lanes({16 * i}).times(s{i}, plus: sum)" for i in range(rows)]
        lines += [f"    row += {rows} * stride; place += {16 * rows}; weight += {16 * rows}; j += {rows}"]
        return lines

    out += [f"  while j + {KEYS} <= keys {{"] + group(KEYS) + ["  }"]
    out += ["  while j < keys {"] + group(1) + ["  }"]
    out += ["  let factor = Lanes(scale)",
            "  var " + ", ".join(f"q{c} = Lanes()" for c in range(w)),
            "  row = key; place = gradients; weight = weights",
            "  var pair = pairs, block = 0",
            "  while block < keys {",
            "    // A bias gradient's first term is written instead of added to a zero.",
            "    let begins = block == 0",
            "    var sums = biasRows.map { $0 + (start - block) }",
            "    var left = min(laneCount, keys - block)",
            "    block += laneCount"]

    def gradients(rows):
        lines = []
        for i in range(rows):
            lines += [f"      let w{i} = weight.lanes({16 * i}), g{i} = w{i} * (place.lanes({16 * i}) - sum)",
                      f"      let t{i} = g{i} * factor, m{i} = t{i}.interleaved(with: w{i})",
                      f"      pair.store(m{i}.low, {32 * i}); pair.store(m{i}.high, {32 * i + 16})",
                      "      " + "; ".join(
                          f"q{c} = Lanes(row[{i} * stride + {c}]).times(t{i}, plus: q{c})" for c in range(w))]
        lines += ["      if let old = sums {", "        if begins {"]
        lines += [f"          old.store(Lanes() + g{i}, {i} * biasStride)" for i in range(rows)]
        lines += ["        } else {"]
        lines += [f"          old.store(old.lanes({i} * biasStride) + g{i}, {i} * biasStride)"
                  for i in range(rows)]
        lines += ["        }", f"        sums = old + {rows} * biasStride", "      }"]
        lines += [f"      row += {rows} * stride; place += {16 * rows}; weight += {16 * rows}; "
                  f"pair += {32 * rows}; left -= {rows}"]
        return lines

    out += ["    while left >= 4 {"] + gradients(4) + ["    }"]
    out += ["    while left > 0 {"] + gradients(1) + ["    }", "  }"]
    out += [f"  dquery.store(q{c}, {16 * c})" for c in range(w)]
    out += ["}", ""]
    return "\n".join(out)


def products():
    out = ["/// `sums[j] += Σ_i pairs[j, i] rows[i]`, or `=` if `begins`; a pair goes to lanes in turn.",
           "func addPairs(", "  keys: Int, queries: Int, pairs: UnsafePointer<Float>,",
           "  rows: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, stride: Int, begins: Bool",
           ") {", "  var left = keys, pairs = pairs, sums = sums"]
    for height in HEIGHTS:
        rows = range(height)
        out += [f"  while left >= {height} {{",
                "    var " + ", ".join(f"c{i} = Lanes()" for i in rows), "    if !begins {",
                "      " + "; ".join(f"c{i} = sums.lanes({i} * stride)" for i in rows), "    }",
                "    var row = rows, pair = pairs", "    for _ in 0..<queries {",
                "      let b = row.lanes()"]
        out += [f"      c{i} = pair.pairs({32 * i}).times(b, plus: c{i})" for i in rows]
        out += ["      row += stride; pair += 2", "    }",
                "    " + "; ".join(f"sums.store(c{i}, {i} * stride)" for i in rows),
                f"    left -= {height}; pairs += {32 * height}; sums += {height} * stride", "  }"]
    out += ["}", ""]
    return "\n".join(out)


def write(name, text):
    with open(name, "w") as file:
        file.write(HEAD + "\n" + text + "\n#endif\n")


for width in STRIDES:
    write(f"AttentionTiles{width}.swift", forward(width) + "\n" + backward(width))
write("AttentionPairs.swift", products())
