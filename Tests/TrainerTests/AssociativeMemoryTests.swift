import Foundation
import Testing

@testable import Trainer

@Suite struct AssociativeMemoryTests {
  @Test func truncatedOneHotsStoreTheFirstInputsAndConfuseTheOthers() throws {
    let c = AssociativeMemoryConfiguration(
      inputs: 5, outputs: 4, dimension: 3, embeddings: .truncatedOneHot)
    let model = try AssociativeMemory(c)
    #expect(
      model.frozenTensors[0].values == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    let run = try TrainingRun(
      model: model, optimizer: .sgd(), schedule: .constant(rate: 5), seed: 1, sequencesPerBatch: 5)
    let tokens: [Int32] = [0, 1, 2, 3, 4]
    let targets: [Int32] = [3, 0, 1, 2, 2]
    for _ in 0..<500 { try run.step(tokens: tokens, targets: targets) }
    let known = try run.evaluate(tokens: [0, 1, 2], targets: [3, 0, 1])
    #expect(known < 0.01)
    #expect(abs(try run.evaluate(tokens: [3, 4], targets: [2, 2]) - log(4)) < 1e-6)
  }

  @Test func gaussianEmbeddingsHaveUnitLengthOnAverage() throws {
    let model = try AssociativeMemory(
      AssociativeMemoryConfiguration(
        inputs: 200, outputs: 2, dimension: 30, embeddings: .gaussian(seed: 4)))
    let squares = model.frozenTensors[0].values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares / 200 - 1) < 4 * (2.0 / 6000).squareRoot())
  }

  @Test func givenEmbeddingsAreUsedAsGiven() throws {
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    let model = try AssociativeMemory(
      AssociativeMemoryConfiguration(
        inputs: 3, outputs: 2, dimension: 2, embeddings: .table(values: values)))
    #expect(model.frozenTensors[0].values == values)
    let probe = Probe(model, seed: 1)
    let evaluator = Evaluator(model: model, sequences: 3, microBatch: 3, kernels: probe.kernels)
    evaluator.parameters.assign(probe.parameters)
    let expected = product(values.map(Double.init), 2, probe.tensors["memory"]!, 2)
    for (found, value) in zip(try evaluator.logits(tokens: [0, 1, 2]), expected) {
      #expect(abs(Double(found) - value) < 1e-6)
    }
  }

  @Test func sizesAndFlopsAreThoseOfOneMatrix() throws {
    let model = try AssociativeMemory(
      AssociativeMemoryConfiguration(
        inputs: 1000, outputs: 512, dimension: 20, embeddings: .gaussian(seed: 1)))
    #expect(model.parameterCount == 20 * 512)
    #expect(model.flopsPerToken(training: false) == 2 * 20 * 512)
    #expect(model.flopsPerToken(training: true) == 4 * 20 * 512)
    #expect(model.positionsPerSequence == 1 && model.inputCount == 1000)
    #expect(model.outputCount == 512 && model.width == 20)
  }
}
