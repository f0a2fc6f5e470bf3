import KernelInterface

/// What a kernel makes of pseudo-random numbers, as one number.
struct KernelHash {
  let kernel: StaticString
  /// Rows or sequences first; what each number means depends on the kernel.
  let shape: (Int, Int, Int, Int)
  /// FNV-1a over the bits of the results.
  let value: UInt64
}

/// Runs every kernel at shapes that lead it along each of its ways.
///
/// It takes memory from its caller and nothing from Swift's runtime, so that
/// `Sources/benchmarks/arm64.py` can compile it and the kernels for another processor alone.
struct KernelHashes<Kernels: KernelSet> {
  /// The floats of memory and the places for results that it needs.
  static var floatCount: Int { 4 << 20 }
  static var resultLimit: Int { 1024 }

  private let memory: UnsafeMutablePointer<Float>
  private let results: UnsafeMutablePointer<KernelHash>
  /// The floats that are taken.
  private var taken = 0
  private var randomState: UInt64 = 88_172_645_463_325_252
  /// The results so far.
  private(set) var count = 0

  init(memory: UnsafeMutablePointer<Float>, results: UnsafeMutablePointer<KernelHash>) {
    self.memory = memory
    self.results = results
  }

  mutating func run() {
    products(7, 5, 3)
    products(64, 8, 8)
    products(33, 16, 16)
    products(100, 48, 64)
    products(32, 96, 512)
    products(130, 130, 70)
    products(8, 64, 256)
    products(64, 64, 1000)
    products(128, 128, 300)
    products(256, 24, 64)
    products(1, 4096, 17)
    products(96, 512, 128)

    norms(13, 5)
    norms(9, 8)
    norms(6, 32)
    norms(5, 100)
    norms(3, 256)

    functions(2, scale: 0.5)
    functions(3, scale: 8)
    functions(4, scale: 120)
    vectors(208)

    attention(3, 9, 4, 3)
    attention(5, 32, 4, 2)
    attention(4, 21, 4, 4)
    attention(3, 64, 4, 5)
    attention(3, 20, 4, 6)
    attention(3, 20, 4, 7)
    attention(2, 64, 4, 8)
    attention(2, 33, 4, 16)
    attention(2, 64, 4, 32)
    attention(1, 40, 2, 4)
    attention(1, 17, 3, 8)
    attention(1, 100, 1, 24)
    attention(1, 130, 2, 64)
    attention(1, 1, 4, 8)

    decoding(1, 5, 4, 2)
    decoding(7, 19, 4, 8)
    decoding(3, 33, 2, 24)

    losses(6, 5)
    losses(32, 64)
    losses(17, 100)
    losses(9, 1000)

    embeddings(8, 5, 3)
    embeddings(32, 32, 16)
    embeddings(21, 100, 7)

    recurrences(1, 5, 3)
    recurrences(3, 40, 24)
    recurrences(2, 64, 100)
  }

  // MARK: Numbers

  private mutating func next() -> Float {
    randomState ^= randomState << 13
    randomState ^= randomState >> 7
    randomState ^= randomState << 17
    return Float(Int32(truncatingIfNeeded: randomState >> 40) &- 8_388_608) * (1 / 8_388_608)
  }

  /// Zeros, and a lane group behind them.
  private mutating func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
    let place = memory + taken
    taken += padded(count) + laneCount
    precondition(taken <= Self.floatCount, "a shape needs more memory than there is")
    var i = 0
    while i < padded(count) + laneCount {
      place[i] = 0
      i += 1
    }
    return place
  }

  /// Random values within ±`scale` in rows padded to whole lane groups.
  private mutating func matrix(
    _ rows: Int, _ columns: Int, scale: Float = 1
  ) -> UnsafeMutablePointer<Float> {
    let place = zeros(rows * padded(columns))
    var row = 0
    while row < rows {
      var column = 0
      while column < columns {
        place[row * padded(columns) + column] = scale * next()
        column += 1
      }
      row += 1
    }
    return place
  }

  /// Whole numbers from 0 on below `limit`.
  private mutating func indices(_ count: Int, below limit: Int) -> UnsafeMutablePointer<Int32> {
    let place = UnsafeMutableRawPointer(zeros(count)).bindMemory(to: Int32.self, capacity: count)
    var i = 0
    while i < count {
      place[i] = Int32(truncatingIfNeeded: i * 37 % limit)
      i += 1
    }
    return place
  }

  private mutating func record(
    _ kernel: StaticString, _ shape: (Int, Int, Int, Int), _ values: UnsafePointer<Float>,
    _ rows: Int, _ columns: Int
  ) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var row = 0
    while row < rows {
      var column = 0
      while column < columns {
        hash = (hash ^ UInt64(values[row * padded(columns) + column].bitPattern)) &* 0x100_0000_01b3
        column += 1
      }
      row += 1
    }
    precondition(count < Self.resultLimit, "there are more results than places")
    (results + count).initialize(to: KernelHash(kernel: kernel, shape: shape, value: hash))
    count += 1
  }

  // MARK: Kernels

  private mutating func products(_ m: Int, _ n: Int, _ k: Int) {
    taken = 0
    let shape = (m, n, k, 0)
    let (a, aTransposed) = (matrix(m, k), matrix(k, m))
    let (b, bTransposed) = (matrix(k, n), matrix(n, k))
    let c = matrix(m, n)
    let panels = zeros(k * padded(n))
    for accumulates in 0..<2 {
      let accumulate = accumulates == 1
      Kernels.gemmNN(
        m: m, n: n, k: k, a: a, aStride: padded(k), b: b, bStride: padded(n), c: c,
        cStride: padded(n), accumulate: accumulate)
      record("gemmNN", shape, c, m, n)
      Kernels.gemmTN(
        m: m, n: n, k: k, a: aTransposed, aStride: padded(m), b: b, bStride: padded(n), c: c,
        cStride: padded(n), accumulate: accumulate)
      record("gemmTN", shape, c, m, n)
      Kernels.gemmNT(
        m: m, n: n, k: k, a: a, aStride: padded(k), b: bTransposed, bStride: padded(k), c: c,
        cStride: padded(n), accumulate: accumulate, scratch: panels)
      record("gemmNT", shape, c, m, n)
      if accumulate {
        Kernels.pack(k: k, n: n, b: b, bStride: padded(n), into: panels)
      } else {
        Kernels.packTransposed(k: k, n: n, b: bTransposed, bStride: padded(k), into: panels)
      }
      Kernels.gemmPacked(
        m: m, n: n, k: k, a: a, aStride: padded(k), panels: panels, c: c, cStride: padded(n),
        addend: accumulate ? UnsafePointer(c) : nil)
      record("gemmPacked", shape, c, m, n)
      let x = accumulate ? UnsafePointer(matrix(m, n)) : nil
      Kernels.gemmPackedReLU(
        m: m, n: n, k: k, a: a, aStride: padded(k), panels: panels, c: c, cStride: padded(n), x: x)
      record("gemmPackedReLU", shape, c, m, n)
    }
  }

  private mutating func norms(_ rows: Int, _ width: Int) {
    taken = 0
    let shape = (rows, width, 0, 0)
    let (x, gain) = (matrix(rows, width), matrix(1, width))
    let (y, inverse) = (zeros(rows * padded(width)), zeros(rows))
    Kernels.rmsNorm(
      rows: rows, width: width, x: x, stride: padded(width), gain: gain, epsilon: 1e-5, y: y,
      inverseRMS: inverse)
    record("rmsNorm", shape, y, rows, width)
    record("rmsNorm", shape, inverse, 1, rows)
    let (dy, dx, dgain) = (matrix(rows, width), matrix(rows, width), matrix(1, width))
    Kernels.rmsNormBackward(
      rows: rows, width: width, x: x, stride: padded(width), gain: gain, inverseRMS: inverse,
      dy: dy, addend: dx, dx: dx, dgain: dgain)
    record("rmsNormBackward", shape, dx, rows, width)
    record("rmsNormBackward", shape, dgain, 1, width)

    let plain = x + width
    Kernels.padRows(rows: rows - 1, width: width, x: plain, y: y)
    record("padRows", shape, y, rows - 1, width)
    Kernels.broadcast(rows: rows, width: width, x: gain, y: y, stride: padded(width))
    record("broadcast", shape, y, rows, width)
    Kernels.addRows(rows: rows, width: width, x: dx, stride: padded(width), y: dgain)
    record("addRows", shape, dgain, 1, width)
  }

  private mutating func functions(_ groups: Int, scale: Float) {
    taken = 0
    let count = 16 * laneCount * groups
    let shape = (count, 0, 0, 0)
    let (x, dy, y) = (matrix(1, count, scale: scale), matrix(1, count), zeros(count))
    Kernels.relu(count: count, x: x, y: y)
    record("relu", shape, y, 1, count)
    Kernels.reluBackward(count: count, x: x, dy: dy, dx: y)
    record("reluBackward", shape, y, 1, count)
    Kernels.gelu(count: count, x: x, y: y)
    record("gelu", shape, y, 1, count)
    Kernels.exp(count: count, x: x, y: y)
    record("exp", shape, y, 1, count)
    Kernels.tanh(count: count, x: x, y: y)
    record("tanh", shape, y, 1, count)
    Kernels.geluWithSlope(count: count, x: x, y: y)
    record("geluWithSlope", shape, y, 1, count)
    record("geluWithSlope", shape, x, 1, count)
    Kernels.multiply(count: count, x: x, y: dy)
    record("multiply", shape, dy, 1, count)
    for i in 0..<count { x[i] *= scale * x[i] }
    Kernels.log(count: count, x: x, y: y)
    record("log", shape, y, 1, count)
  }

  private mutating func vectors(_ count: Int) {
    taken = 0
    let shape = (count, 0, 0, 0)
    let (x, y, sum) = (matrix(1, count), matrix(1, count), zeros(1))
    sum[0] = Kernels.sumOfSquares(count: count, x: x)
    record("sumOfSquares", shape, sum, 1, 1)
    Kernels.add(count: count, x: x, y: y)
    Kernels.addScaled(count: count, factor: 0.3, x: x, y: y)
    Kernels.scale(count: count, factor: 0.7, y: y)
    record("scale", shape, y, 1, count)
    let (first, second) = (matrix(1, count), matrix(1, count))
    for i in 0..<count { second[i] *= second[i] }
    Kernels.adamW(
      count: count, parameters: x, gradients: y, firstMoment: first, secondMoment: second,
      rate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, decay: 0.1, correction1: 1.3,
      correction2: 2.7, gradientScale: 0.9)
    record("adamW", shape, x, 1, count)
    record("adamW", shape, first, 1, count)
    record("adamW", shape, second, 1, count)
  }

  private mutating func attention(
    _ sequences: Int, _ positions: Int, _ heads: Int, _ headWidth: Int
  ) {
    taken = 0
    let shape = (sequences, positions, heads, headWidth)
    let (rows, width) = (sequences * positions, heads * headWidth)
    let (qkv, bias) = (matrix(rows, 3 * width), matrix(heads, positions))
    let output = zeros(rows * padded(width))
    let state = zeros(sequences * Kernels.attentionStateCount(positions: positions, heads: heads))
    let scratch = zeros(
      Kernels.attentionScratchCount(
        positions: positions, heads: heads, headWidth: headWidth, byTokens: true))
    Kernels.attention(
      sequences: sequences, positions: positions, heads: heads, headWidth: headWidth, scale: 0.35,
      qkv: qkv, qkvStride: padded(3 * width), tokens: nil, bias: bias, output: output,
      outputStride: padded(width), state: state, scratch: scratch)
    record("attention", shape, output, rows, width)
    let (doutput, dqkv) = (matrix(rows, width), zeros(rows * padded(3 * width)))
    let dbias = matrix(heads, positions)
    Kernels.attentionBackward(
      sequences: sequences, positions: positions, heads: heads, headWidth: headWidth, scale: 0.35,
      qkv: qkv, qkvStride: padded(3 * width), tokens: nil, doutput: doutput,
      outputStride: padded(width), state: state, dqkv: dqkv, dbias: dbias, scratch: scratch)
    record("attentionBackward", shape, dqkv, rows, 3 * width)
    record("attentionBackward", shape, dbias, heads, positions)

    // The same operands as a table of as many tokens as there are positions.
    let tokens = indices(rows, below: rows)
    Kernels.attention(
      sequences: sequences, positions: positions, heads: heads, headWidth: headWidth, scale: 0.35,
      qkv: qkv, qkvStride: padded(3 * width), tokens: tokens, bias: bias, output: output,
      outputStride: padded(width), state: state, scratch: scratch)
    record("attentionByTokens", shape, output, rows, width)
    Kernels.attentionBackward(
      sequences: sequences, positions: positions, heads: heads, headWidth: headWidth, scale: 0.35,
      qkv: qkv, qkvStride: padded(3 * width), tokens: tokens, doutput: doutput,
      outputStride: padded(width), state: state, dqkv: dqkv, dbias: dbias, scratch: scratch)
    record("attentionBackwardByTokens", shape, dqkv, rows, 3 * width)
  }

  /// Some positions more than there are slots, so that the ring goes round.
  private mutating func decoding(_ sequences: Int, _ slots: Int, _ heads: Int, _ headWidth: Int) {
    taken = 0
    let shape = (sequences, slots, heads, headWidth)
    let width = heads * headWidth
    let bias = matrix(heads, slots)
    let spread = zeros(Kernels.attentionStepBiasCount(positions: slots, heads: heads))
    Kernels.spreadAttentionBias(positions: slots, heads: heads, bias: bias, spread: spread)
    let cache = zeros(
      Kernels.attentionCacheCount(
        sequences: sequences, heads: heads, headWidth: headWidth, slots: slots))
    let scratch = zeros(
      Kernels.attentionStepScratchCount(
        sequences: sequences, heads: heads, headWidth: headWidth, slots: slots))
    let (qkv, output) = (zeros(sequences * padded(3 * width)), zeros(sequences * padded(width)))
    let visible = indices(sequences, below: 1)
    for position in 0..<slots + 3 {
      for row in 0..<sequences {
        for column in 0..<3 * width { qkv[row * padded(3 * width) + column] = next() }
        visible[row] = Int32(truncatingIfNeeded: min(position + 1, slots))
      }
      Kernels.attentionStep(
        sequences: sequences, heads: heads, headWidth: headWidth, scale: 0.35, qkv: qkv,
        qkvStride: padded(3 * width), bias: spread, slots: slots, slot: position % slots,
        visible: visible, cache: cache, output: output, outputStride: padded(width),
        scratch: scratch)
    }
    record("attentionStep", shape, output, sequences, width)
  }

  private mutating func losses(_ rows: Int, _ columns: Int) {
    taken = 0
    let shape = (rows, columns, 0, 0)
    let logits = matrix(rows, columns, scale: 6)
    let (choices, room) = (zeros(rows), zeros(columns))
    let uniforms = UnsafeMutableRawPointer(zeros(2 * rows)).bindMemory(
      to: Double.self, capacity: rows)
    for row in 0..<rows { uniforms[row] = Double(next()) / 2 + 0.5 }
    Kernels.choose(
      rows: rows, columns: columns, logits: logits, stride: padded(columns),
      inverseTemperature: 0.7, uniforms: uniforms,
      choices: UnsafeMutableRawPointer(choices).bindMemory(to: Int32.self, capacity: rows),
      scratch: room)
    record("choose", shape, choices, 1, rows)

    let (targets, losses) = (indices(rows, below: columns), zeros(rows))
    targets[rows / 2] = -1
    Kernels.crossEntropy(
      rows: rows, columns: columns, logits: logits, stride: padded(columns), targets: targets,
      gradientScale: 0.01, losses: losses)
    record("crossEntropy", shape, logits, rows, columns)
    record("crossEntropy", shape, losses, 1, rows)

    let (soft, table) = (matrix(rows, columns, scale: 6), matrix(3, columns))
    for i in 0..<3 * padded(columns) { table[i] *= table[i] }
    let targetRows = indices(rows, below: 3)
    Kernels.crossEntropySoft(
      rows: rows, columns: columns, logits: soft, stride: padded(columns), targets: table,
      targetStride: padded(columns), targetRows: targetRows, gradientScale: 0.01, losses: losses)
    record("crossEntropySoft", shape, soft, rows, columns)
    record("crossEntropySoft", shape, losses, 1, rows)

    let (outputs, values) = (matrix(rows, columns), matrix(rows, columns))
    Kernels.squaredError(
      rows: rows, columns: columns, outputs: outputs, stride: padded(columns), targets: values,
      targetStride: padded(columns), gradientScale: 0.01, losses: losses)
    record("squaredError", shape, outputs, rows, columns)
    record("squaredError", shape, losses, 1, rows)
  }

  private mutating func embeddings(_ rows: Int, _ width: Int, _ period: Int) {
    taken = 0
    let shape = (rows, width, period, 0)
    let vocabulary = 11
    let (table, positions) = (matrix(vocabulary, width), matrix(period, width))
    let (tokens, y) = (indices(rows, below: vocabulary), zeros(rows * padded(width)))
    Kernels.embed(
      rows: rows, width: width, tokens: tokens, table: table, tableStride: padded(width),
      positions: positions, period: period, y: y, stride: padded(width))
    record("embed", shape, y, rows, width)
    Kernels.embedBackward(
      rows: rows, width: width, tokens: tokens, dy: y, stride: padded(width), dtable: table,
      tableStride: padded(width), dpositions: positions, period: period)
    record("embedBackward", shape, table, vocabulary, width)
    record("embedBackward", shape, positions, period, width)
  }

  private mutating func recurrences(_ sequences: Int, _ positions: Int, _ width: Int) {
    taken = 0
    let shape = (sequences, positions, width, 0)
    let rows = sequences * positions
    let (forget, value) = (matrix(rows, width, scale: 3), matrix(rows, width))
    let (gate, bias) = (matrix(rows, width, scale: 3), matrix(1, width))
    let hidden = matrix(sequences, width)
    let output = zeros(rows * padded(width))
    Kernels.gatedStep(
      sequences: sequences, width: width, forget: forget, value: value, gate: gate,
      stride: padded(width), bias: bias, state: hidden, output: output)
    record("gatedStep", shape, hidden, sequences, width)
    record("gatedStep", shape, output, sequences, width)
    let state = zeros(sequences * Kernels.gatedScanStateCount(positions: positions, width: width))
    Kernels.gatedScan(
      sequences: sequences, positions: positions, width: width, forget: forget, value: value,
      gate: gate, stride: padded(width), bias: bias, state: state, output: output)
    record("gatedScan", shape, output, rows, width)
    let (doutput, dbias) = (matrix(rows, width), matrix(1, width))
    Kernels.gatedScanBackward(
      sequences: sequences, positions: positions, width: width, forget: forget, value: value,
      gate: gate, stride: padded(width), bias: bias, state: state, doutput: doutput, dbias: dbias)
    record("gatedScanBackward", shape, forget, rows, width)
    record("gatedScanBackward", shape, value, rows, width)
    record("gatedScanBackward", shape, gate, rows, width)
    record("gatedScanBackward", shape, dbias, 1, width)
  }
}
