#if os(Linux)
  import Foundation
  import Testing

  @testable import Trainer

  /// What a run takes from the system is what follows from its shapes, within 10 %.
  ///
  /// Measured in a process of its own, after a first step has touched every page.
  @Suite struct MemoryTests {
    @Test func aTransformersMemoryFollowsFromItsShapes() async {
      await #expect(processExitsWith: .success) {
        let c = TransformerConfiguration(
          vocabulary: 64, context: 64, width: 256, layers: 4,
          positions: .relativeBias(.previousTokens(value: 4)))
        let (d, r, rows) = (256, 4, 32 * 64)
        let matrices = 4 * (4 + 2 * r) * d * d
        // Residual streams, norms' results, queries, keys and values, attention, inner layer.
        let activations = 4 * rows * (2 + 1 + 3 + 1 + 1 + r) * d
        // Weights of attention: 4 heads, the lower triangle in blocks of 16.
        let weights = 4 * 4 * 32 * 64 * (64 + 16) / 2
        // The last norm, logits and gradients: residual, norm, queries, keys, values, inner layer.
        let rest = rows * (2 * d + 64 + (2 + 3 + r) * d)
        try compare(
          model: Transformer(c), sequences: 32, floats: 6 * matrices + activations + weights + rest)
      }
    }

    @Test func aRecurrencesMemoryFollowsFromItsShapes() async {
      await #expect(processExitsWith: .success) {
        let c = GatedRecurrenceConfiguration(vocabulary: 64, context: 64, width: 256, layers: 4)
        let (d, r, rows) = (256, 4, 32 * 64)
        let matrices = 4 * (4 + 2 * r) * d * d
        // Residual streams, norms' results, three operands and a result, inner layer, states.
        let activations = 4 * rows * (2 + 1 + 4 + 1 + r) * d + 4 * rows / 16 * d
        let rest = rows * (2 * d + 64 + (2 + 1 + r) * d)
        try compare(
          model: GatedRecurrence(c), sequences: 32, floats: 6 * matrices + activations + rest)
      }
    }

    @Test func aPerceptronsMemoryFollowsFromItsShapes() async {
      await #expect(processExitsWith: .success) {
        let c = MultilayerPerceptronConfiguration(inputs: 64, outputs: 16, width: 1024, layers: 4)
        let matrices = (64 + 3 * 1024 + 16) * 1024
        let activations = 4096 * (64 + 4 * 1024 + 2 * 16 + 2 * 1024)
        try compare(
          model: MultilayerPerceptron(c), sequences: 4096, floats: 6 * matrices + activations)
      }
    }

    @Test func aMemorysMemoryFollowsFromItsShapes() async {
      await #expect(processExitsWith: .success) {
        let c = AssociativeMemoryConfiguration(
          inputs: 16, outputs: 4096, dimension: 512, embeddings: .gaussian(seed: 1))
        try compare(
          model: AssociativeMemory(c), sequences: 4096,
          floats: 4 * 512 * 4096 + 4096 * (512 + 4096))
      }
    }
  }

  /// Ends the process unless a run with AdamW takes `floats` floats within 10 %, and says so itself.
  private func compare(model: any Model, sequences: Int, floats: Int) throws {
    let count = sequences * model.positionsPerSequence
    let targets = [Int32](repeating: 1, count: count)
    let inputs = [Float](repeating: 0.5, count: count * (model.inputWidth ?? 0))
    let before = residentBytes()
    let run = try TrainingRun(
      model: model, optimizer: .adamW(), schedule: .constant(rate: 1e-3), seed: 1,
      sequencesPerBatch: sequences, microBatch: sequences)
    if model.inputWidth == nil {
      try run.step(tokens: targets, targets: targets)
    } else {
      try run.step(inputs: inputs, targets: targets)
    }
    let taken = Double(residentBytes() - before)
    let expected = Double(4 * floats)
    func agrees(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 0.1 * b }
    precondition(expected > 5e7, "too little to be measured against a program's own pages")
    precondition(
      agrees(taken, expected) && agrees(Double(run.byteCount), taken)
        && agrees(Double(run.byteCount), expected),
      "taken \(taken), stated \(run.byteCount), from the shapes \(expected)")
  }

  private func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(
      separator: " ")
    guard let fields, fields.count > 1, let pages = Int(fields[1]) else {
      fatalError("/proc/self/statm cannot be read")
    }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
#endif
