import Testing

@testable import Trainer

@Suite struct OptimizerTests {
  static let (inputs, outputs, dimension, batch) = (6, 5, 3, 7)

  static func memory() throws -> AssociativeMemory {
    try AssociativeMemory(
      AssociativeMemoryConfiguration(
        inputs: inputs, outputs: outputs, dimension: dimension, embeddings: .gaussian(seed: 3),
        initialDeviation: 0.5))
  }

  static func batch(_ step: Int) -> (tokens: [Int32], targets: [Int32]) {
    randomBatch(
      sequences: batch, positions: 1, inputs: inputs, outputs: outputs, seed: UInt64(step))
  }

  /// The optimisers in Double, with the gradient of a softmax regression written out.
  struct Reference {
    var w: [Double]
    let embeddings: [Double]
    var m: [Double]
    var v: [Double]
    var steps = 0

    mutating func step(_ optimizer: Optimizer, rate: Double) {
      let (tokens, targets) = OptimizerTests.batch(steps)
      let (n, k) = (OptimizerTests.dimension, OptimizerTests.outputs)
      var gradient = [Double](repeating: 0, count: w.count)
      let counted = Double(targets.count { $0 >= 0 })
      for (token, target) in zip(tokens, targets) where target >= 0 {
        let e = embeddings[Int(token) * n..<(Int(token) + 1) * n].map { $0 }
        let logits = product(e, n, w, k)
        for output in 0..<k {
          var loss = logits
          loss[output] += 1e-6
          let above = meanCrossEntropy(logits: loss, columns: k, targets: [target])
          loss[output] -= 2e-6
          let below = meanCrossEntropy(logits: loss, columns: k, targets: [target])
          for index in 0..<n {
            gradient[index * k + output] += e[index] * (above - below) / 2e-6 / counted
          }
        }
      }
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if let clip = optimizer.clip, norm > clip {
        for index in gradient.indices { gradient[index] *= clip / norm }
      }
      steps += 1
      for index in w.indices {
        switch optimizer.rule {
        case .sgd: w[index] -= rate * gradient[index]
        case .adamW(let beta1, let beta2, let epsilon, let decay):
          m[index] = beta1 * m[index] + (1 - beta1) * gradient[index]
          v[index] = beta2 * v[index] + (1 - beta2) * gradient[index] * gradient[index]
          var power1 = 1.0
          var power2 = 1.0
          for _ in 0..<steps {
            power1 *= beta1
            power2 *= beta2
          }
          let first = m[index] / (1 - power1)
          let second = v[index] / (1 - power2)
          w[index] -= rate * (first / (second.squareRoot() + epsilon) + decay * w[index])
        }
      }
    }
  }

  @Test(arguments: [
    Optimizer.adamW(), .adamW(beta1: 0.8, beta2: 0.95, epsilon: 1e-3, decay: 0.1, clip: nil),
    .adamW(epsilon: 1e-2, clip: 0.05), .sgd(), .sgd(clip: 0.05),
    .adamW(rates: .maximalUpdate(baseWidth: 6)),
  ])
  func updatesEqualTheReference(_ optimizer: Optimizer) throws {
    let model = try Self.memory()
    let schedule = Schedule.cosine(rate: 0.05, warmup: 2, steps: 12)
    let run = try TrainingRun(
      model: model, optimizer: optimizer, schedule: schedule, seed: 1,
      sequencesPerBatch: Self.batch)
    let start = try #require(run.snapshot().values(of: "memory")).map(Double.init)
    var reference = Reference(
      w: start, embeddings: model.frozenTensors[0].values.map(Double.init),
      m: start.map { _ in 0 }, v: start.map { _ in 0 })
    let multiplier = optimizer.rates == .uniform ? 1.0 : 2
    for step in 0..<12 {
      let (tokens, targets) = Self.batch(step)
      try run.step(tokens: tokens, targets: targets)
      reference.step(optimizer, rate: multiplier * schedule.rate(step: step))
    }
    let found = try #require(run.snapshot().values(of: "memory"))
    for (value, expected) in zip(found, reference.w) {
      #expect(abs(Double(value) - expected) < 2e-5)
    }
    #expect(zip(start, reference.w).contains { abs($0 - $1) > 0.003 })
  }

  @Test func maximalUpdateScalesHiddenAndOutputMatricesOnly() throws {
    let model = try Transformer(TransformerTests.languageModel(width: 128))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(rates: .maximalUpdate(baseWidth: 32)),
      schedule: .constant(rate: 1), seed: 1, sequencesPerBatch: 1)
    let multipliers = Dictionary(
      uniqueKeysWithValues: run.layout.tensors.map { ($0.name, $0.rateMultiplier) })
    #expect(
      multipliers == [
        "embedding": 1, "layers.0.attention.qkv": 0.25, "layers.0.attention.bias": 1,
        "layers.0.attention.output": 0.25, "layers.0.mlp.input": 0.25, "layers.0.mlp.output": 0.25,
        "output": 0.25,
      ])
  }

  @Test func aTensorWithMultiplierZeroIsFrozen() throws {
    let model = try Transformer(
      TransformerConfiguration(vocabulary: 6, context: 4, width: 8, positions: .learned))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(decay: 0.1, rates: .named(["embedding": 0, "positions": 2])),
      schedule: .constant(rate: 0.01), seed: 1, sequencesPerBatch: 2)
    let before = run.snapshot()
    for step in 0..<3 {
      let (tokens, targets) = markovBatch(step: step, sequences: 2, positions: 4, vocabulary: 6)
      try run.step(tokens: tokens, targets: targets)
    }
    let after = run.snapshot()
    #expect(after.values(of: "embedding") == before.values(of: "embedding"))
    for name in ["positions", "output", "layers.0.mlp.input"] {
      #expect(after.values(of: name) != before.values(of: name), "\(name)")
    }
  }

  @Test func decaySparesGainsAndBiases() throws {
    // With all targets' gradients clipped to almost nothing, SGD-like motion stops: what still
    // shrinks does so by decay.
    let model = try Transformer(
      TransformerConfiguration(
        vocabulary: 6, context: 8, width: 8, positions: .relativeBias(.previousTokens(value: 4)),
        normGain: true))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(epsilon: 1e6, decay: 0.5), schedule: .constant(rate: 0.1),
      seed: 1, sequencesPerBatch: 1)
    let before = run.snapshot()
    let (tokens, targets) = markovBatch(step: 0, sequences: 1, positions: 8, vocabulary: 6)
    try run.step(tokens: tokens, targets: targets)
    let after = run.snapshot()
    for tensor in model.layout.tensors {
      let old = try #require(before.values(of: tensor.name))
      let new = try #require(after.values(of: tensor.name))
      let factor: Float = tensor.decays ? 0.95 : 1
      #expect(zip(old, new).allSatisfy { abs($0 * factor - $1) < 1e-5 }, "\(tensor.name)")
    }
  }

  @Test func theNormIsThatOfTheWholeGradient() throws {
    let model = try Transformer(TransformerTests.languageModel(width: 8))
    let run = try TrainingRun(
      model: model, optimizer: .adamW(rates: .maximalUpdate(baseWidth: 32)),
      schedule: .constant(rate: 0.01), seed: 1, sequencesPerBatch: 2)
    let (tokens, targets) = markovBatch(step: 0, sequences: 2, positions: 32, vocabulary: 64)
    var probe = Probe(model, seed: 1)
    probe.parameters = run.snapshot().parameters
    let gradient = try probe.gradient(tokens: tokens, targets: targets).flat
    let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    try run.step(tokens: tokens, targets: targets)
    #expect(abs(run.gradientNorm / norm - 1) < 1e-6)
  }
}
