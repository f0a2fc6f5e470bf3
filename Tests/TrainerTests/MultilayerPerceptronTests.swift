import Foundation
import Kernels
import Testing

@testable import Trainer

@Suite struct MultilayerPerceptronTests {
  /// A configuration and the batch that it is tested on.
  struct Case: CustomTestStringConvertible {
    var configuration: MultilayerPerceptronConfiguration
    var examples: Int
    var seed: UInt64

    var testDescription: String {
      let c = configuration
      return "\(c.inputs)-\(c.width)x\(c.layers)-\(c.outputs), \(c.activation), biases \(c.biases)"
    }

    /// Vectors, classes (some not counted) and values without structure.
    var data: (inputs: [Float], targets: [Int32], values: [Float]) {
      var generator = TestGenerator(seed &+ 50)
      let c = configuration
      let inputs = (0..<examples * c.inputs).map { _ in Float(generator.symmetric()) }
      let values = (0..<examples * c.outputs).map { _ in Float(generator.symmetric()) }
      var targets = (0..<examples).map { _ in
        generator.next() % 4 == 0 ? -1 : Int32(generator.next() % UInt64(c.outputs))
      }
      targets[0] = 0
      return (inputs, targets, values)
    }
  }

  static let cases: [Case] =
    [TransformerConfiguration.Activation.relu, .gelu].flatMap { activation in
      [false, true].flatMap { biases in
        [
          (3, 2, 5, 1, 7), (1, 1, 1, 1, 3), (20, 17, 18, 2, 5), (7, 3, 33, 3, 9),
          (16, 16, 16, 2, 16),
        ]
        .map { inputs, outputs, width, layers, examples in
          Case(
            configuration: MultilayerPerceptronConfiguration(
              inputs: inputs, outputs: outputs, width: width, layers: layers,
              activation: activation, biases: biases),
            examples: examples, seed: 6)
        }
      }
    } + [
      Case(
        configuration: MultilayerPerceptronConfiguration(
          inputs: 19, outputs: 6, width: 4, layers: 0), examples: 8, seed: 2)
    ]

  @Test(arguments: cases)
  func theSquaredErrorHasTheRightGradient(_ test: Case) throws {
    let model = try MultilayerPerceptron(test.configuration)
    let probe = Probe(model, seed: test.seed)
    let reference = ReferencePerceptron(configuration: test.configuration)
    let (inputs, _, values) = test.data
    func loss(_ parameters: [String: [Double]]) -> Double {
      let outputs = reference.outputs(parameters, inputs: inputs.map(Double.init)).outputs
      let squares = zip(outputs, values).map { ($0 - Double($1)) * ($0 - Double($1)) }
      return squares.reduce(0, +) / Double(test.examples)
    }
    #expect(
      reference.outputs(probe.tensors, inputs: inputs.map(Double.init)).kinkMargin > 5e-5,
      "choose another seed")
    let found = try withPointers(inputs, values) { (inputs, values) throws(TrainingError) in
      try probe.gradient(.vectors(inputs), against: .values(values))
    }
    let expected = loss(probe.tensors)
    #expect(abs(found.loss - expected) <= 2e-6 * expected)
    try GradientTests.compare(
      found.byTensor, model: model, at: probe.tensors, sample: 40, seed: test.seed, loss: loss)
    #expect(GradientTests.paddingIsZero(found.flat, model))
  }

  @Test(arguments: cases)
  func theCrossEntropyHasTheRightGradient(_ test: Case) throws {
    let model = try MultilayerPerceptron(test.configuration)
    let probe = Probe(model, seed: test.seed)
    let reference = ReferencePerceptron(configuration: test.configuration)
    let (inputs, targets, _) = test.data
    func loss(_ parameters: [String: [Double]]) -> Double {
      meanCrossEntropy(
        logits: reference.outputs(parameters, inputs: inputs.map(Double.init)).outputs,
        columns: test.configuration.outputs, targets: targets)
    }
    let found = try withPointers(inputs, targets) { (inputs, targets) throws(TrainingError) in
      try probe.gradient(.vectors(inputs), against: .tokens(targets))
    }
    let expected = loss(probe.tensors)
    #expect(abs(found.loss - expected) <= 2e-6 * expected)
    try GradientTests.compare(
      found.byTensor, model: model, at: probe.tensors, sample: 40, seed: test.seed, loss: loss)
  }

  @Test(arguments: cases)
  func neitherTheMicroBatchNorTheInstructionSetChangesABit(_ test: Case) throws {
    let model = try MultilayerPerceptron(test.configuration)
    let (inputs, targets, values) = test.data
    func gradients(_ isa: InstructionSet, _ microBatch: Int) throws -> [UInt32] {
      let probe = Probe(model, seed: 1, kernels: isa.kernels)
      let squared = try withPointers(inputs, values) { (inputs, values) throws(TrainingError) in
        try probe.gradient(.vectors(inputs), against: .values(values), microBatch: microBatch)
      }
      let entropy = try withPointers(inputs, targets) { (inputs, targets) throws(TrainingError) in
        try probe.gradient(.vectors(inputs), against: .tokens(targets), microBatch: microBatch)
      }
      return (squared.flat + entropy.flat).map(\.bitPattern)
    }
    let whole = try gradients(.best, test.examples)
    for isa in InstructionSet.available {
      for microBatch in [1, 2, test.examples] {
        #expect(try gradients(isa, microBatch) == whole)
      }
    }
  }

  static func run(
    outputs: Int = 2, rate: Double = 1e-2, examples: Int = 16, microBatch: Int? = nil
  ) throws -> TrainingRun {
    try TrainingRun(
      model: MultilayerPerceptron(
        MultilayerPerceptronConfiguration(inputs: 3, outputs: outputs, width: 24, layers: 2)),
      optimizer: .adamW(), schedule: .cosine(rate: rate, warmup: 10, steps: 600), seed: 5,
      sequencesPerBatch: examples, microBatch: microBatch)
  }

  /// Points of a cube; the product and the sum of squares of their coordinates.
  static func points(_ count: Int, seed: UInt64) -> (inputs: [Float], values: [Float]) {
    var generator = TestGenerator(seed)
    var (inputs, values): ([Float], [Float]) = ([], [])
    for _ in 0..<count {
      let x = (0..<3).map { _ in Float(generator.symmetric()) }
      inputs += x
      values += [2 * x[0] * x[1], x[0] * x[0] + x[1] * x[1] + x[2] * x[2]]
    }
    return (inputs, values)
  }

  @Test func aRegressionLearnsASmoothFunction() throws {
    let run = try Self.run()
    let test = Self.points(500, seed: 999)
    let untrained = try run.evaluate(inputs: test.inputs, values: test.values)
    for step in 0..<600 {
      let (inputs, values) = Self.points(16, seed: UInt64(step))
      try run.step(inputs: inputs, values: values)
    }
    let trained = try run.evaluate(inputs: test.inputs, values: test.values)
    #expect(untrained > 1 && trained < untrained / 50)
    // The loss is that of the outputs which a caller sees.
    let outputs = try run.evaluator.outputs(inputs: test.inputs)
    let squares = zip(outputs, test.values).reduce(0.0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
    #expect(abs(squares / 500 - trained) < 1e-6 * trained)
  }

  @Test func aClassificationLearnsAnOctant() throws {
    let run = try Self.run()
    func classes(_ inputs: [Float]) -> [Int32] {
      stride(from: 0, to: inputs.count, by: 3).map { inputs[$0] * inputs[$0 + 1] > 0 ? 1 : 0 }
    }
    let test = Self.points(500, seed: 999).inputs
    #expect(abs(try run.evaluate(inputs: test, targets: classes(test)) - log(2)) < 1e-6)
    for step in 0..<600 {
      let inputs = Self.points(16, seed: UInt64(step)).inputs
      try run.step(inputs: inputs, targets: classes(inputs))
    }
    #expect(try run.evaluate(inputs: test, targets: classes(test)) < 0.15)
  }

  @Test func classesThatAreCertainEqualDistributionsThatAre() throws {
    let (hard, soft) = (try Self.run(), try Self.run())
    let table = try DistributionTable(columns: 2, probabilities: [1, 0, 0, 1])
    for step in 0..<5 {
      let inputs = Self.points(16, seed: UInt64(step)).inputs
      let targets = (0..<16).map { Int32($0 % 3) - 1 }
      let first = try hard.step(inputs: inputs, targets: targets)
      let second = try soft.step(inputs: inputs, distributions: table, rows: targets)
      #expect(abs(first - second) < 1e-6)
      #expect(
        abs(
          try soft.evaluator.evaluateSoft(inputs: inputs, distributions: table, rows: targets)
            - hard.evaluate(inputs: inputs, targets: targets)) < 1e-5)
    }
  }

  @Test func aResumedRunEqualsAnUninterruptedOne() throws {
    let whole = try Self.run()
    var half: TrainingSnapshot?
    for step in 0..<8 {
      if step == 4 { half = whole.snapshot() }
      let (inputs, values) = Self.points(16, seed: UInt64(step))
      try whole.step(inputs: inputs, values: values)
    }
    let resumed = try Self.run(microBatch: 3)
    try resumed.restore(#require(half))
    for step in 4..<8 {
      let (inputs, values) = Self.points(16, seed: UInt64(step))
      try resumed.step(inputs: inputs, values: values)
    }
    #expect(resumed.snapshot() == whole.snapshot())
    let (read, snapshot) = try CheckpointTests.roundTrip(whole, as: MultilayerPerceptron.self)
    #expect(snapshot == whole.snapshot())
    #expect(read.configuration.inputs == 3)
  }

  @Test func wrongBatchesAreNamedAndChangeNothing() throws {
    let run = try Self.run()
    let before = run.snapshot()
    let (inputs, values) = Self.points(16, seed: 1)
    func error(_ body: () throws -> Void) -> TrainingError? {
      #expect(throws: TrainingError.self, performing: body)
    }
    #expect(
      error { try run.step(inputs: [], values: []) } == .partialVector(numbers: 0, width: 3))
    #expect(
      error { try run.step(inputs: Array(inputs.dropLast()), values: values) }
        == .partialVector(numbers: 47, width: 3))
    #expect(
      error { try run.step(inputs: inputs, values: Array(values.dropLast())) }
        == .valueCount(found: 31, expected: 32, outputs: 2))
    #expect(
      error { try run.step(inputs: Array(inputs[..<6]), values: Array(values[..<4])) }
        == .wrongBatch(sequences: 2, expected: 16))
    #expect(
      error { try run.step(inputs: inputs, targets: [0]) } == .targetCount(tokens: 16, targets: 1))
    #expect(
      error { try run.step(inputs: inputs, targets: (0..<16).map { $0 == 9 ? 2 : 0 }) }
        == .targetOutOfRange(index: 9, target: 2, count: 2))
    #expect(
      error { try run.step(inputs: inputs, targets: [Int32](repeating: -1, count: 16)) }
        == .noTargets)
    var wrong = inputs
    wrong[7] = .infinity
    #expect(
      error { try run.step(inputs: wrong, values: values) }
        == .notFinite(what: "inputs", index: 7, value: .infinity))
    var wrongValues = values
    wrongValues[30] = -.infinity
    #expect(
      error { try run.step(inputs: inputs, values: wrongValues) }
        == .notFinite(what: "values", index: 30, value: -.infinity))
    #expect(error { try run.step(tokens: [1], targets: [1]) } == .tokensForVectors(width: 3))
    #expect(
      error { _ = try TrainingRunTests.run().step(inputs: inputs, targets: [1]) }
        == .vectorsForTokens(count: 9))
    #expect(run.snapshot() == before)
  }

  @Test func sizesAndFlopsAreThoseOfTheFormulas() throws {
    let model = try MultilayerPerceptron(
      MultilayerPerceptronConfiguration(inputs: 10, outputs: 3, width: 20, layers: 3))
    #expect(model.parameterCount == 11 * 20 + 2 * 21 * 20 + 21 * 3)
    let forward: Double = 2 * (10 * 20 + 2 * 20 * 20 + 20 * 3)
    #expect(model.flopsPerToken(training: false) == forward)
    #expect(model.flopsPerToken(training: true) == 3 * forward - 2 * 10 * 20)
    let linear = try MultilayerPerceptron(
      MultilayerPerceptronConfiguration(
        inputs: 10, outputs: 3, width: 1, layers: 0, biases: false))
    #expect(linear.parameterCount == 30 && linear.flopsPerToken(training: true) == 120)
  }

  @Test func wrongConfigurationsNameTheirField() {
    let good = MultilayerPerceptronConfiguration(inputs: 4, outputs: 5, width: 6)
    let fields: [(WritableKeyPath<MultilayerPerceptronConfiguration, Int>, String)] = [
      (\.inputs, "inputs"), (\.outputs, "outputs"), (\.width, "width"), (\.layers, "layers"),
    ]
    for (path, name) in fields {
      for value in [-1, .max] {
        var wrong = good
        wrong[keyPath: path] = value
        let error = #expect(throws: ConfigurationError.self) { try MultilayerPerceptron(wrong) }
        #expect(error?.field == name)
      }
    }
  }
}
