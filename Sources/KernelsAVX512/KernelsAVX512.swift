// KernelsAVX512, KernelsAVX2, KernelsPortable: fp32 kernels for training small transformers.
//
// One source folder, compiled three times with different target CPUs (`KernelsAVX2` and
// `KernelsPortable` are links to this folder); `Kernels` chooses a build from the CPU's features. The
// tests compile what is written for AVX-512 once more, for AVX2, and so run it on more processors.
// Depends on `KernelInterface` for the protocol and for `Lanes`, the 16-lane vector.
//
// Rules that make the three builds agree bit for bit:
// - A sum over k in a matrix product is one chain of fused multiply-adds in ascending order.
//   Blocking k does not break the chain: its value passes through memory unrounded.
// - Any other sum along a row is 16 chains, lane l taking columns l, l + 16, ..., then one tree.
// - An expression uses a fused multiply-add on every machine or on none; no reciprocal estimates.
// - exp, log and tanh are our own. libm is never called, except that x86-64 without FMA leaves
//   the exactly rounded `fmaf` to it.
// - The algorithm depends on shapes only, never on the instruction set. Register tiles do depend
//   on it, but a tile decides where a chain runs, not what it adds.
//
// arm64 runs the portable build, which has NEON's multiply-add. No arm64 machine has timed it; an
// emulator shows that it gives the same bits (`Sources/benchmarks/arm64.py`).
//
// What share of a limit a kernel reaches is the best of a few runs of `benchmarks gemm` and
// `benchmarks elementwise --elements 16384`, alone on its core, arrays of 64 KiB; the limits are
// measured beside it. Other processors give other shares.
//
// Rejected: packing both operands of every product as BLAS libraries do (most widths here fit the
// caches; only transposed products copy both, where it pays), arrays of accumulators (they leave the
// registers), threads inside a kernel (independent training runs use the other cores better).

import KernelInterface

/// The kernels of one instruction set.
public enum Implementation: KernelSet {
  /// `avx512`, `avx2` or `portable`: which build of the folder this is.
  public static var name: String {
    #if KERNELS_AVX512
      "avx512"
    #elseif KERNELS_AVX2
      "avx2"
    #else
      "portable"
    #endif
  }

  /// 768 FLOPs a round: as many independent chains as the registers hold, 24 multiply-adds in all.
  public static func multiplyAddPeak(iterations: Int) -> Float {
    multiplyAddRounds(iterations, 0.5, 1)
  }
}
