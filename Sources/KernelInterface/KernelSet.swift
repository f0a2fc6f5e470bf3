// KernelInterface: the functions that every instruction set provides, by name and contract.
//
// `KernelsAVX512`, `KernelsAVX2` and `KernelsPortable` are three builds of one source folder, each
// with its own target CPU; each exports an `Implementation` of `KernelSet`. `Kernels` chooses one
// from the CPU's features. Callers hold `any KernelSet.Type`: a witness table is the table of
// functions, with argument labels. Every call is coarse (a matrix, a layer), so that the dynamic
// dispatch costs nothing and no SIMD value crosses a module boundary.
//
// Rejected: a struct of closures (no labels), generic kernels (slow in debug builds), a C core
// (measured: no faster).
//
// Glossary: B sequences, T positions, D width, V vocabulary, H heads.

/// The number of floats in a lane group: row strides are multiples of it.
///
/// Not a stored constant: reading one in another module is a call in a debug build.
@inlinable
public var laneCount: Int { 16 }

/// Rounds a count of floats up to whole lane groups.
@inlinable
public func padded(_ count: Int) -> Int { (count + (laneCount - 1)) & ~(laneCount - 1) }

/// The fp32 kernels of one instruction set.
///
/// Conventions shared by all functions:
/// - Matrices are row-major. A *stride* is the distance between rows in floats, at least the
///   padded column count and a multiple of 16. Pointers are 64-byte aligned.
/// - Columns beyond the logical width up to the next multiple of 16 are *padding*. Inputs hold
///   zeros there and kernels leave zeros there, so padding never changes a result.
/// - Every function gives the same bits on every instruction set: each output element is one chain
///   of fused multiply-adds in a fixed order, each reduction is 16 virtual lanes and one fixed tree.
/// - Nothing allocates, performs I/O or keeps state. Scratch is the caller's.
/// - NaN and infinity propagate; no function traps on them.
public protocol KernelSet: SendableMetatype {
  /// The name of the instruction set, for example `avx512`.
  static var name: String { get }

  // MARK: Matrix products

  /// `C = A B`, or `C += A B` if `accumulate`; A is [m, k], B is [k, n], C is [m, n].
  ///
  /// Each element of C is one fused-multiply-add chain over k in ascending order, begun at zero or at C.
  static func gemmNN(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool)

  /// `C = A Bᵀ`, or `C += A Bᵀ` if `accumulate`; A is [m, k], B is [n, k], C is [m, n].
  ///
  /// `scratch` holds `k * padded(n)` floats (B transposed).
  static func gemmNT(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>)

  /// `C = Aᵀ B`, or `C += Aᵀ B` if `accumulate`; A is [k, m], B is [k, n], C is [m, n].
  static func gemmTN(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int,
    c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool)

  /// Copies B, [k, n], into the order in which `gemmPacked` reads it: `k * padded(n)` floats.
  ///
  /// What the order is depends on the instruction set. The padding of B's rows is copied too.
  static func pack(
    k: Int, n: Int, b: UnsafePointer<Float>, bStride: Int,
    into panels: UnsafeMutablePointer<Float>)

  /// Copies Bᵀ for `gemmPacked`; B is [n, k], its rows padded: `k * padded(n)` floats.
  static func packTransposed(
    k: Int, n: Int, b: UnsafePointer<Float>, bStride: Int,
    into panels: UnsafeMutablePointer<Float>)

  /// `C = A B + addend` with a B that `pack` or `packTransposed` wrote, for one that serves many
  /// products; the addend, if there is one, is [m, n] with C's stride and may be C.
  ///
  /// Each element of C is one chain, begun at zero or at the addend.
  static func gemmPacked(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int, panels: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, cStride: Int, addend: UnsafePointer<Float>?)

  /// `C = A B`, zero where x ≤ 0, with a B in panels, as in `gemmPacked`; x is [m, n] with C's stride,
  /// or C itself if nil.
  ///
  /// So it ends with `relu` if x is nil, or with `reluBackward`; its bits are those of the two, one after
  /// the other.
  static func gemmPackedReLU(
    m: Int, n: Int, k: Int,
    a: UnsafePointer<Float>, aStride: Int, panels: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, cStride: Int, x: UnsafePointer<Float>?)

  // MARK: Normalisation and activation

  /// RMS norm: `y = x r`, `r = 1 / sqrt(mean(x²) + epsilon)`, times `gain` per column if given.
  ///
  /// x and y are [rows, width]; `inverseRMS` receives r for each row.
  static func rmsNorm(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int,
    gain: UnsafePointer<Float>?, epsilon: Float,
    y: UnsafeMutablePointer<Float>, inverseRMS: UnsafeMutablePointer<Float>)

  /// The backward pass of `rmsNorm`: `dx =` the gradient plus the addend, if there is one, which is
  /// [rows, width] with x's stride and may be dx; `dgain +=` (accumulated).
  static func rmsNormBackward(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int,
    gain: UnsafePointer<Float>?, inverseRMS: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    addend: UnsafePointer<Float>?, dx: UnsafeMutablePointer<Float>,
    dgain: UnsafeMutablePointer<Float>?)

  /// `y = max(x, 0)` over `count` floats, a multiple of 16; may run in place.
  static func relu(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `dx = dy`, but 0 where x ≤ 0 (where x is NaN, dy passes), over `count` floats; overwrites, may run in place on `dy`.
  static func reluBackward(
    count: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>)

  /// GELU, tanh form: `y = x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
  ///
  /// Below x = -10 the result is x e⁻⁸⁷, of size 2·10⁻³⁸ |x|, instead of something yet smaller.
  static func gelu(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `y = gelu(x)`, and `x = gelu'(x)` in its own place, by which the backward pass multiplies.
  static func geluWithSlope(
    count: Int, x: UnsafeMutablePointer<Float>, y: UnsafeMutablePointer<Float>)

  // MARK: Embedding

  /// `y[r] = table[tokens[r]]`, plus `positions[r mod period]` if given; y is [rows, width].
  static func embed(
    rows: Int, width: Int, tokens: UnsafePointer<Int32>,
    table: UnsafePointer<Float>, tableStride: Int,
    positions: UnsafePointer<Float>?, period: Int,
    y: UnsafeMutablePointer<Float>, stride: Int)

  /// `dtable[tokens[r]] += dy[r]`, `dpositions[r mod period] += dy[r]`, rows in ascending order.
  static func embedBackward(
    rows: Int, width: Int, tokens: UnsafePointer<Int32>,
    dy: UnsafePointer<Float>, stride: Int,
    dtable: UnsafeMutablePointer<Float>?, tableStride: Int,
    dpositions: UnsafeMutablePointer<Float>?, period: Int)

  // MARK: Causal attention

  /// The floats that `attention` stores for the backward pass, for one sequence.
  static func attentionStateCount(positions: Int, heads: Int) -> Int

  /// The sequences that `attention` takes together: fewer take about as long.
  static func attentionSequences(positions: Int, heads: Int, headWidth: Int) -> Int

  /// The floats of scratch that `attention` and `attentionBackward` need, with or without tokens.
  static func attentionScratchCount(
    positions: Int, heads: Int, headWidth: Int, byTokens: Bool
  ) -> Int

  /// Causal softmax attention over each of `sequences` sequences of T positions.
  ///
  /// `qkv` is [B T, 3 D] with D = H · headWidth: the queries, keys and values of head h start at
  /// columns `h·w`, `D + h·w` and `2D + h·w`; with tokens, position r has row `tokens[r]` of a `qkv`
  /// of as many rows as there are tokens. The score of query i and key j ≤ i is
  /// `scale · q_i·k_j + bias[h, i - j]`; `bias` is [H, T] with row stride `padded(T)`, or nil.
  /// `output` is [B T, D], overwritten. `state` receives what the backward pass needs.
  static func attention(
    sequences: Int, positions: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int, tokens: UnsafePointer<Int32>?,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, outputStride: Int,
    state: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)

  /// The backward pass of `attention`: `dqkv =` (overwritten), or, with tokens, `dqkv[tokens[r]] +=`
  /// (accumulated), positions in ascending order; `dbias +=` (accumulated), one sequence after the
  /// other. Both passes take the same sequences in one call.
  static func attentionBackward(
    sequences: Int, positions: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int, tokens: UnsafePointer<Int32>?,
    doutput: UnsafePointer<Float>, outputStride: Int, state: UnsafePointer<Float>,
    dqkv: UnsafeMutablePointer<Float>, dbias: UnsafeMutablePointer<Float>?,
    scratch: UnsafeMutablePointer<Float>)

  // MARK: Decoding

  /// The floats that `attentionStep` keeps of one layer's keys and values, for `slots` positions.
  static func attentionCacheCount(
    sequences: Int, heads: Int, headWidth: Int, slots: Int
  ) -> Int

  /// The floats of scratch that `attentionStep` needs.
  static func attentionStepScratchCount(
    sequences: Int, heads: Int, headWidth: Int, slots: Int
  ) -> Int

  /// The floats of a bias that `spreadAttentionBias` writes.
  static func attentionStepBiasCount(positions: Int, heads: Int) -> Int

  /// Copies a bias, [H, T] with row stride `padded(T)`, into the order that `attentionStep` reads.
  static func spreadAttentionBias(
    positions: Int, heads: Int, bias: UnsafePointer<Float>, spread: UnsafeMutablePointer<Float>)

  /// Causal softmax attention of one new position of each of B sequences, by what is kept of the
  /// earlier ones.
  ///
  /// `qkv` is [B, 3 D], as in `attention`. The new keys and values go into place `slot` of `cache`,
  /// a ring of `slots` positions; sequence b sees the latest `visible[b]` positions of the ring,
  /// 1 ... slots, the new one counted. `bias` comes from `spreadAttentionBias` with T = `slots`, or
  /// is nil. `output` is [B, D], overwritten by the bits that `attention` gives for that position,
  /// but for the sign of zero. Places of the ring that no step has written must hold finite numbers.
  static func attentionStep(
    sequences: Int, heads: Int, headWidth: Int, scale: Float,
    qkv: UnsafePointer<Float>, qkvStride: Int, bias: UnsafePointer<Float>?,
    slots: Int, slot: Int, visible: UnsafePointer<Int32>, cache: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>, outputStride: Int,
    scratch: UnsafeMutablePointer<Float>)

  /// Chooses a column of each row of logits, [rows, columns].
  ///
  /// Without `uniforms` the first of the greatest logits; with them, numbers in [0, 1), column v with
  /// probability in proportion to `exp(inverseTemperature · logit)`: the first column at which the
  /// running sum exceeds `uniforms[r]` times the total. -1 if a logit is NaN or the greatest is
  /// infinite. `scratch` holds `padded(columns)` floats.
  static func choose(
    rows: Int, columns: Int, logits: UnsafePointer<Float>, stride: Int, inverseTemperature: Float,
    uniforms: UnsafePointer<Double>?, choices: UnsafeMutablePointer<Int32>,
    scratch: UnsafeMutablePointer<Float>)

  // MARK: Gated recurrence

  /// The floats that `gatedScan` stores for the backward pass, for one sequence.
  static func gatedScanStateCount(positions: Int, width: Int) -> Int

  /// A diagonal linear recurrence with gates over each of `sequences` sequences of T positions.
  ///
  /// With z = forget + bias, g = gate and s the logistic function, per channel:
  /// `h[t] = s(z) h[t-1] + s(-z) value[t]` from `h[-1] = 0`, and `output[t] = g s(g) h[t]`. All
  /// matrices are [B T, width] with row stride `stride`, `bias` is [width]. `state` receives what
  /// the backward pass needs.
  static func gatedScan(
    sequences: Int, positions: Int, width: Int,
    forget: UnsafePointer<Float>, value: UnsafePointer<Float>, gate: UnsafePointer<Float>,
    stride: Int, bias: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>)

  /// The backward pass of `gatedScan`, in place: `forget`, `value` and `gate` hold the operands and
  /// receive their gradients (overwritten); `dbias +=` (accumulated).
  static func gatedScanBackward(
    sequences: Int, positions: Int, width: Int,
    forget: UnsafeMutablePointer<Float>, value: UnsafeMutablePointer<Float>,
    gate: UnsafeMutablePointer<Float>, stride: Int, bias: UnsafePointer<Float>,
    state: UnsafePointer<Float>, doutput: UnsafePointer<Float>,
    dbias: UnsafeMutablePointer<Float>)

  /// One position of `gatedScan` for each of B sequences; `state`, [B, width] with row stride
  /// `padded(width)`, holds h before and after. The same bits as the scan's.
  static func gatedStep(
    sequences: Int, width: Int,
    forget: UnsafePointer<Float>, value: UnsafePointer<Float>, gate: UnsafePointer<Float>,
    stride: Int, bias: UnsafePointer<Float>, state: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>)

  // MARK: Losses

  /// Softmax cross-entropy against one target a row, in nats.
  ///
  /// `losses[r] = log Σ exp(logits[r]) − logits[r, targets[r]]`; a row whose target is negative is
  /// ignored and its loss is zero. If `gradientScale` is not zero, `logits` is overwritten by
  /// `gradientScale · (softmax − onehot)`, and by zero in ignored rows and in the padding;
  /// if it is zero, `logits` keeps its values.
  static func crossEntropy(
    rows: Int, columns: Int, logits: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Int32>, gradientScale: Float, losses: UnsafeMutablePointer<Float>)

  /// Softmax cross-entropy against a distribution a row, in nats.
  ///
  /// Row r's target is row `targetRows[r]` of `targets` ([*, columns], rows sum to one); a negative
  /// row index ignores the row. `losses[r] = log Σ exp(logits[r]) − Σ p logits[r]`; the gradient is
  /// `gradientScale · (softmax − p)`, written as in `crossEntropy`.
  static func crossEntropySoft(
    rows: Int, columns: Int, logits: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Float>, targetStride: Int, targetRows: UnsafePointer<Int32>,
    gradientScale: Float, losses: UnsafeMutablePointer<Float>)

  /// The squared error of each row: `losses[r] = Σ (outputs[r, c] − targets[r, c])²`.
  ///
  /// `outputs` is [rows, columns], `targets` too, both with zeros in the padding. If `gradientScale`
  /// is not zero, `outputs` is overwritten by `2 · gradientScale · (outputs − targets)`; if it is
  /// zero, `outputs` keeps its values.
  static func squaredError(
    rows: Int, columns: Int, outputs: UnsafeMutablePointer<Float>, stride: Int,
    targets: UnsafePointer<Float>, targetStride: Int, gradientScale: Float,
    losses: UnsafeMutablePointer<Float>)

  // MARK: Rows

  /// Copies `rows` rows of `width` floats that lie one behind the other, at any address, into rows
  /// of `padded(width)`, the padding filled with zeros.
  static func padRows(
    rows: Int, width: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `y[r] = x` for every row; y is [rows, width].
  static func broadcast(
    rows: Int, width: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, stride: Int)

  /// `y += Σ x[r]`, rows in ascending order; x is [rows, width].
  static func addRows(
    rows: Int, width: Int, x: UnsafePointer<Float>, stride: Int, y: UnsafeMutablePointer<Float>)

  // MARK: Vectors and optimiser (counts are multiples of 16)

  /// `y = 0`.
  static func zero(count: Int, y: UnsafeMutablePointer<Float>)

  /// `y += x`.
  static func add(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `y += factor · x`.
  static func addScaled(
    count: Int, factor: Float, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `y *= factor`.
  static func scale(count: Int, factor: Float, y: UnsafeMutablePointer<Float>)

  /// `y *= x`, element by element.
  static func multiply(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `Σ x²`: 16 lanes, each a chain over its elements, added by the fixed tree.
  static func sumOfSquares(count: Int, x: UnsafePointer<Float>) -> Float

  /// `y = exp(x)`; at most 1 ulp from the true value where that is normal, zero below.
  static func exp(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `y = log(x)`, x > 0, at most 1 ulp from the true value; zero gives −∞, a negative x NaN.
  static func log(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// `y = tanh(x)`; at most 2 ulps from the true value.
  static func tanh(count: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// One AdamW update (Loshchilov & Hutter 2019, algorithm 2) of `count` parameters.
  ///
  /// With `g = gradientScale · gradients`: `m = β₁ m + (1−β₁) g`, `v = β₂ v + (1−β₂) g²`,
  /// `p −= rate · (m · correction1 / (sqrt(v · correction2) + epsilon) + decay · p)` with
  /// `correctionI = 1 / (1 − βᵢ^t)`, computed by the caller. Zero parameters with zero gradients
  /// stay zero, so padding survives.
  static func adamW(
    count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>,
    rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float,
    correction1: Float, correction2: Float, gradientScale: Float)

  // MARK: Measuring the machine

  /// Runs `iterations` rounds of 24 independent 16-lane fused multiply-adds; 768 FLOPs each.
  ///
  /// Returns a value that depends on all of them, so that none can be removed. The fastest of many
  /// timed calls is the FMA peak that other kernels are compared with.
  static func multiplyAddPeak(iterations: Int) -> Float
}
