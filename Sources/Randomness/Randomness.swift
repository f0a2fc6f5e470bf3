// Randomness: seeded streams of random numbers, the same bits on every machine.
//
// A `RandomStream` is Philox4x32-10 (Salmon et al. 2011): word number i of a stream is a pure
// function of the stream's identity and i. A stream is made from a seed and a name, and splits by
// name or by index into independent streams; splitting depends on the identity alone, never on
// what was drawn before, so adding a draw in one part of a program changes no other part.
//
//     let root = RandomStream(seed: 7, "power-law-error")
//     var weights = root.split("weights")
//     var batches = root.split("batches").split(step)
//     let x = weights.normal()
//
// Upon the stream stand uniform, bounded and normal variates, permutations, alias tables and the
// Zipf distribution. `Reproducible` holds the exponential, the logarithm, the power and the arctangent
// from which other targets build what must not depend on the platform's mathematical library.
//
// Depends on nothing, not even Foundation. Layer 0.
//
// Rejected designs:
// - A global generator, or one generator handed from part to part: any new draw moves all later
//   ones, and parallel trials would depend on their order.
// - `SystemRandomNumberGenerator` and the standard library's `shuffled(using:)`, `random(in:using:)`:
//   the first has no seed, the algorithms of the others are not promised to stay the same.
// - xoshiro or PCG with jumps: a little faster, but a jump by name is not natural, and a stream's
//   position cannot be set in constant time.
// - Box-Muller or ziggurat normals: the first needs sine and cosine, the second a variable number
//   of draws. The inverse distribution function needs one draw for one normal.
// - Philox over SIMD vectors: no faster on a baseline CPU, and far slower in debug builds, in which
//   the tests run.
