#!/usr/bin/env python3
"""Writes the measurement of the peak of multiply-adds: run it in its folder after a change.

It takes as many independent chains as the registers hold, in variables of their own, so that the
compiler keeps them there.
"""

HEAD = """// swift-format-ignore-file
// Written by generate-peak.py; do not edit.

import KernelInterface

// Each round makes 24 multiply-adds of 16 lanes.

#if KERNELS_AVX512 && arch(x86_64)

"""


def rounds(chains):
    out = ["func multiplyAddRounds(_ rounds: Int, _ factor: Float, _ addend: Float) -> Float {",
           "  let factor = Lanes(factor), addend = Lanes(addend)"]
    out += [f"  var x{i} = Lanes({i})" for i in range(chains)]
    out += ["  for _ in 0..<rounds {"]
    out += [f"    x{i} = x{i}.times(factor, plus: addend)" for i in range(chains)] * (24 // chains)
    out += ["  }", "  var sum = x0"]
    out += [f"  sum = sum + x{i}" for i in range(1, chains)]
    return "\n".join(out + ["  return sum.treeSum()", "}", ""])


with open("MultiplyAddPeak.swift", "w") as file:
    file.write(HEAD + rounds(24) + "\n#else\n\n" + rounds(6) + "\n#endif\n")
