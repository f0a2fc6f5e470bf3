import Foundation
import Kernels
import Testing
import Trainer

@testable import benchmarks

@Suite struct ParityTests {
  /// A fresh folder that is removed afterwards.
  private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("parity-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// The file of a form, read again.
  private func sample(_ form: Parity.Form, _ flags: [String] = []) throws -> Checkpoint {
    try withFolder { folder in
      let parity = try Parity.parse(["--folder", folder.path, "--forms", form.rawValue] + flags)
      let url = folder.appendingPathComponent("sample.safetensors")
      try parity.write(form, to: url)
      return try Checkpoint(contentsOf: url)
    }
  }

  /// The file's parameters by themselves, as a checkpoint that loads.
  private func evaluator(
    _ sample: Checkpoint, parameters: [String: [Float]] = [:]
  ) throws -> Evaluator {
    let others: Set<String> = ["tokens", "targets", "logits"]
    let names = sample.names.filter { !others.contains($0) && !$0.hasPrefix("gradients.") }
    let tensors = try names.map { name in
      NamedTensor(
        name: name, shape: try #require(sample.shape(of: name)),
        values: try #require(parameters[name] ?? sample.values(of: name)))
    }
    var metadata = sample.metadata
    metadata["step"] = "0"
    let (model, snapshot) = try withFolder { folder in
      let url = folder.appendingPathComponent("parameters.safetensors")
      try Checkpoint.write(tensors, metadata: metadata, to: url)
      return try Checkpoint(contentsOf: url).load(Transformer.self)
    }
    return try Evaluator(model: model, snapshot: snapshot)
  }

  private func integers(_ sample: Checkpoint, _ name: String) throws -> [Int32] {
    try #require(sample.values(of: name)).map(Int32.init)
  }

  @Test(arguments: Parity.Form.allCases)
  func aFileAloneGivesTheLogitsAndTheLoss(form: Parity.Form) throws {
    let sample = try sample(form)
    #expect(sample.metadata["model"] == "transformer")
    #expect(sample.shape(of: "logits") == [3, 21, 37])
    let evaluator = try evaluator(sample)
    let tokens = try integers(sample, "tokens")
    let targets = try integers(sample, "targets")
    #expect(targets.contains { $0 < 0 })
    #expect(try evaluator.logits(tokens: tokens) == sample.values(of: "logits"))
    let loss = try evaluator.evaluate(tokens: tokens, targets: targets)
    #expect(abs(loss - (Double(sample.metadata["loss"] ?? "") ?? .nan)) < 1e-12)
  }

  /// Along a direction d the loss must change by g · d: both sides from the file alone.
  @Test(arguments: Parity.Form.allCases)
  func theFilesGradientIsThatOfItsLoss(form: Parity.Form) throws {
    let sample = try sample(form)
    let tokens = try integers(sample, "tokens")
    let targets = try integers(sample, "targets")
    let names = sample.names.filter { $0.hasPrefix("gradients.") }
      .map { String($0.dropFirst("gradients.".count)) }
    #expect(names.count >= 10)
    for name in names {
      let gradient = try #require(sample.values(of: "gradients.\(name)"))
      let values = try #require(sample.values(of: name))
      // Along the gradient itself, so far that the loss moves well above its rounding.
      let square = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
      let norm = square.squareRoot()
      #expect(norm > 1e-4, "\(name)")
      let length = min(0.02, 4e-3 / norm)
      func loss(_ sign: Double) throws -> Double {
        let moved = zip(values, gradient).map { $0 + Float(sign * length / norm * Double($1)) }
        return try evaluator(sample, parameters: [name: moved])
          .evaluate(tokens: tokens, targets: targets)
      }
      let change = try loss(1) - loss(-1)
      let expected = 2 * length * norm
      #expect(abs(change - expected) < 0.02 * expected + 4e-6, "\(name): \(change), \(expected)")
    }
  }

  @Test func sizesAndFormsAreThoseAskedFor() throws {
    let sample = try sample(
      .learnedRelu,
      ["--width", "12", "--layers", "1", "--context", "5", "--vocabulary", "7", "--sequences", "2"])
    #expect(sample.shape(of: "logits") == [2, 5, 7])
    #expect(sample.shape(of: "positions") == [5, 12])
    #expect(sample.shape(of: "output") == nil)
    #expect(throws: (any Error).self) { try Parity.parse(["--width", "10"]) }
    #expect(throws: (any Error).self) { try Parity.parse(["--sequences", "0"]) }
  }

  @Test(arguments: Parity.Form.allCases)
  func everyInstructionSetGivesTheSameBits(form: Parity.Form) throws {
    let parity = try Parity.parse([])
    let model = try Transformer(parity.modelConfiguration(form))
    let differentiation = Differentiation(model: model, seed: 5)
    let (tokens, targets) = parity.batch()
    let results = InstructionSet.available.map {
      differentiation.run(tokens: tokens, targets: targets, isa: $0)
    }
    for result in results.dropFirst() {
      #expect(result.loss == results[0].loss)
      #expect(result.logits == results[0].logits)
      #expect(result.gradient == results[0].gradient)
    }
    #expect(results[0].gradient.contains { $0 != 0 })
  }
}
