import ArgumentParser
import Foundation
import KernelInterface
import Kernels
import Randomness
import Trainer

/// Writes transformers with their logits and gradients, for other programs to compare with.
struct Parity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parity",
    abstract: "Write small transformers with their logits and gradients as safetensors.",
    discussion: """
      Each file says all that is needed to rebuild its model: the metadata `configuration` (JSON), \
      the parameters under their names, `tokens` and `targets` ([sequences, positions], whole \
      numbers as F32; a negative target does not count), and what this package makes of them: \
      `logits` [sequences, positions, V], `gradients.NAME` for each parameter, and the mean loss \
      in nats as the metadata `loss`. Matrices are [inputs, outputs], to be multiplied from the \
      right. Sources/benchmarks/parity.py rebuilds each in PyTorch and prints the differences.
      """)

  /// A form of the model; the name is that of its file.
  enum Form: String, CaseIterable, ExpressibleByArgument {
    case relativeRelu = "relative-relu-untied"
    case relativeGelu = "relative-gelu-tied"
    case learnedRelu = "learned-relu-tied"
    case learnedGelu = "learned-gelu-untied"
    case causalGains = "causal-gelu-untied-gains"
  }

  @Option(help: "Where to write FORM.safetensors; made if missing.")
  var folder = ".runs/parity"

  @Option(
    parsing: .upToNextOption,
    help: "Forms: \(Form.allCases.map(\.rawValue).joined(separator: ", ")) (default: all).")
  var forms: [Form] = Form.allCases

  @Option(help: "Layers of each model.")
  var layers = 2

  @Option(help: "Width of each model, a multiple of 4.")
  var width = 24

  @Option(help: "Positions of a sequence.")
  var context = 21

  @Option(help: "Tokens that the model tells apart.")
  var vocabulary = 37

  @Option(help: "Sequences of the batch.")
  var sequences = 3

  @Option(help: "Decides parameters and tokens.")
  var seed: UInt64 = 1

  func validate() throws {
    guard sequences >= 1 else {
      throw ValidationError("--sequences must be at least 1; found \(sequences).")
    }
    try benchmarks.validate("--sequences", sequences: sequences, context: context)
    do throws(ConfigurationError) {
      for form in forms { try modelConfiguration(form).validate() }
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() throws {
    let url = URL(fileURLWithPath: folder)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        "--folder must be a folder or a place where one can be made; \(folder) is neither. "
          + "Name another.")
    }
    for form in forms {
      let file = url.appendingPathComponent("\(form.rawValue).safetensors")
      try write(form, to: file)
      try writeLine(file.path)
    }
  }

  /// The model of a form.
  func modelConfiguration(_ form: Form) -> TransformerConfiguration {
    var configuration = TransformerConfiguration(
      vocabulary: vocabulary, context: context, width: width, layers: layers,
      positions: .relativeBias(.zero))
    switch form {
    case .relativeRelu: break
    case .relativeGelu:
      configuration.activation = .gelu
      configuration.output = .tied
    case .learnedRelu:
      configuration.positions = .learned
      configuration.output = .tied
    case .learnedGelu:
      configuration.positions = .learned
      configuration.activation = .gelu
    case .causalGains:
      configuration.positions = .none
      configuration.activation = .gelu
      configuration.normGain = true
    }
    return configuration
  }

  /// Random tokens and targets; one target in eight does not count.
  func batch() -> (tokens: [Int32], targets: [Int32]) {
    var stream = RandomStream(seed: seed, "parity batch")
    let count = sequences * context
    let tokens = (0..<count).map { _ in Int32(stream.uniform(below: vocabulary)) }
    let targets = (0..<count).map { index in
      index > 0 && stream.uniform(below: 8) == 0 ? -1 : Int32(stream.uniform(below: vocabulary))
    }
    return (tokens, targets)
  }

  /// Writes one form's model, batch, logits and gradients.
  func write(_ form: Form, to url: URL) throws {
    let model = try Transformer(modelConfiguration(form))
    let differentiation = Differentiation(model: model, seed: seed)
    let (tokens, targets) = batch()
    let result = differentiation.run(tokens: tokens, targets: targets, isa: .best)

    let positions = [sequences, context]
    var tensors = [
      NamedTensor(name: "tokens", shape: positions, values: tokens.map(Float.init)),
      NamedTensor(name: "targets", shape: positions, values: targets.map(Float.init)),
      NamedTensor(name: "logits", shape: positions + [vocabulary], values: result.logits),
    ]
    for tensor in model.layout.tensors {
      tensors.append(
        NamedTensor(
          name: tensor.name, shape: tensor.shape,
          values: Differentiation.unpadded(tensor, differentiation.parameters.floats)))
      tensors.append(
        NamedTensor(
          name: "gradients.\(tensor.name)", shape: tensor.shape,
          values: Differentiation.unpadded(tensor, result.gradient)))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try Checkpoint.write(
      tensors,
      metadata: [
        "format": "pt", "model": Transformer.kind,
        "configuration": String(decoding: try encoder.encode(model.configuration), as: UTF8.self),
        "loss": String(result.loss), "trainerVersion": String(trainerVersion),
      ], to: url)
  }
}
