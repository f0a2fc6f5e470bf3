#if KERNELS_AVX512 && arch(x86_64) && canImport(Glibc)
  import Glibc
#endif

/// How far beyond an instruction that waits a processor goes on by itself: either choice gives the
/// same bits.
///
/// A Cascade Lake holds 224 instructions, some five steps of a tile, and waits for what comes from
/// afar unless tiles ask for it ahead. A Zen 5 holds 448 and goes on, as long as blocks stay in its
/// second-level cache; there requests and copies only take time.
enum Lookahead: CaseIterable {
  case short, long

  #if KERNELS_AVX512 && arch(x86_64) && canImport(Glibc)
    /// Long where the first-level cache has 48 KiB, as it has in processors that hold 350 instructions
    /// or more (Ice Lake and what followed it, Zen 5).
    static let ofThisProcessor =
      sysconf(Int32(_SC_LEVEL1_DCACHE_SIZE)) >= 48 << 10 ? Lookahead.long : .short
  #else
    static var ofThisProcessor: Lookahead { .short }
  #endif
}
