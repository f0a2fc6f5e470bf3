#if KERNELS_AVX512 && arch(x86_64) && canImport(Glibc)
  import Glibc
#endif

/// How far beyond an instruction that waits a processor goes on by itself: either choice gives the
/// same bits.
///
/// By their makers' manuals a Cascade Lake holds 224 instructions, some five steps of a tile, and a
/// Zen 5 448. The first waits for what comes from afar unless tiles ask for it ahead; the second goes
/// on as long as blocks stay in its second-level cache, and requests and copies only take its time.
enum Lookahead: CaseIterable {
  case short, long

  #if KERNELS_AVX512 && arch(x86_64) && canImport(Glibc)
    /// Long where the first-level cache has 48 KiB, as it has in Ice Lake, what followed it, and Zen 5;
    /// of these only a Zen 5 was measured.
    static let ofThisProcessor =
      sysconf(Int32(_SC_LEVEL1_DCACHE_SIZE)) >= 48 << 10 ? Lookahead.long : .short
  #else
    static var ofThisProcessor: Lookahead { .short }
  #endif
}
