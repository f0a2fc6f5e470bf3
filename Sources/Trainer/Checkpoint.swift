import Foundation

/// A model and the state of its training in a safetensors file.
///
/// The tensors have the names and the shapes of the model's layout, without padding, as F32;
/// matrices are [inputs, outputs], to be multiplied from the right: `x @ w`. Tensors that a model
/// does not train are there too, so that the file alone gives the logits. The optimiser's moments,
/// if written, are named `optimizer.first.` and `optimizer.second.` and the tensor's name. The
/// metadata are strings: `format` (`pt`), `model` (its kind), `configuration` (JSON), `step`,
/// `trainerVersion`.
public struct Checkpoint: Sendable {
  /// The strings of the file's header.
  public let metadata: [String: String]
  /// Where it was read from, for errors.
  public let path: String
  private let shapes: [String: [Int]]
  private let data: [String: [Float]]
  /// The names of all tensors, in the order of the file.
  public let names: [String]

  /// Reads and checks a file.
  public init(contentsOf url: URL) throws(CheckpointError) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: url)
    } catch {
      throw .unreadable(path: url.path, reason: error.localizedDescription)
    }
    let file = try Safetensors(bytes, path: url.path)
    path = url.path
    metadata = file.metadata
    names = file.tensors.map(\.name)
    shapes = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.shape) })
    data = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.values) })
  }

  /// The shape of a tensor, or nil if there is none of that name.
  public func shape(of name: String) -> [Int]? { shapes[name] }

  /// The values of a tensor, row by row, or nil if there is none of that name.
  public func values(of name: String) -> [Float]? { data[name] }

  // MARK: - Writing

  /// Writes a snapshot of `model` beside `url` and renames it, so that a file is whole or absent.
  ///
  /// - Parameter includingOptimizer: Whether to write the moments, which triples the size; needed
  ///   to go on with the training, not to run the model.
  public static func write(
    _ snapshot: TrainingSnapshot, of model: any Model, to url: URL, includingOptimizer: Bool
  ) throws {
    try snapshot.check(against: model)
    var parts = [("", snapshot.parameters)]
    if includingOptimizer, let first = snapshot.firstMoment, let second = snapshot.secondMoment {
      parts += [(firstPrefix, first), (secondPrefix, second)]
    }
    var tensors = model.frozenTensors
    for (prefix, flat) in parts {
      flat.withUnsafeBufferPointer { flat in
        for tensor in snapshot.layout.tensors {
          tensors.append(
            NamedTensor(
              name: prefix + tensor.name, shape: tensor.shape,
              values: snapshot.layout.unpadded(tensor, from: flat.baseAddress!)))
        }
      }
    }
    try write(
      tensors,
      metadata: [
        "format": "pt", "model": snapshot.modelKind, "configuration": try json(of: model),
        "step": String(snapshot.step), "trainerVersion": String(trainerVersion),
      ], to: url)
  }

  /// Writes any tensors and strings beside `url` and renames the file, so that it is whole or absent.
  ///
  /// For files that say more than a model does, such as logits and gradients; `load` refuses them.
  /// Names must differ, and each tensor must have as many values as its shape says.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String], to url: URL
  ) throws(CheckpointError) {
    var names: Set<String> = []
    for tensor in tensors {
      precondition(names.insert(tensor.name).inserted, "two tensors are named '\(tensor.name)'")
      precondition(
        tensor.values.count == tensor.shape.reduce(1, *),
        "'\(tensor.name)' has \(tensor.values.count) values and the shape \(tensor.shape)")
    }
    let file = Safetensors(
      metadata: metadata,
      tensors: tensors.map { Safetensors.Tensor(name: $0.name, shape: $0.shape, values: $0.values) }
    )
    do {
      try file.bytes.write(to: url, options: .atomic)
    } catch {
      throw CheckpointError.unwritable(path: url.path, reason: error.localizedDescription)
    }
  }

  static let firstPrefix = "optimizer.first."
  static let secondPrefix = "optimizer.second."

  private static func json(of model: some Model) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(model.configuration), as: UTF8.self)
  }

  // MARK: - Reading as a model

  /// The model and the snapshot that were written.
  ///
  /// The snapshot has moments if the file has them. Weights of another trainer version are read;
  /// going on with their training gives other bits than that version would have given.
  public func load<M: Model>(
    _ type: M.Type
  ) throws(CheckpointError) -> (model: M, snapshot: TrainingSnapshot) {
    guard let kind = metadata["model"], let configuration = metadata["configuration"] else {
      throw foreign("its metadata name no model and configuration")
    }
    guard kind == M.kind else { throw foreign("it holds a \(kind), not a \(M.kind)") }
    let model: M
    do {
      model = try M(JSONDecoder().decode(M.Configuration.self, from: Data(configuration.utf8)))
    } catch {
      throw foreign("its configuration cannot be built: \(error)")
    }
    guard let step = metadata["step"].flatMap(Int.init), step >= 0 else {
      throw foreign("its step is '\(metadata["step"] ?? "missing")'")
    }

    for frozen in model.frozenTensors {
      guard shapes[frozen.name] == frozen.shape,
        data[frozen.name]?.map(\.bitPattern) == frozen.values.map(\.bitPattern)
      else { throw foreign("its frozen tensor '\(frozen.name)' is not the configuration's") }
    }
    let prefixes = [Self.firstPrefix, Self.secondPrefix]
    let moments = names.contains { name in prefixes.contains { name.hasPrefix($0) } }
    var expected = Set(model.frozenTensors.map(\.name))
    for tensor in model.layout.tensors {
      for prefix in moments ? [""] + prefixes : [""] { expected.insert(prefix + tensor.name) }
    }
    if let extra = names.first(where: { !expected.contains($0) }) {
      throw foreign("its tensor '\(extra)' is not one of the model's")
    }
    let snapshot = TrainingSnapshot(
      modelKind: M.kind, layout: model.layout, step: step,
      parameters: try flat(model.layout, prefix: ""),
      firstMoment: moments ? try flat(model.layout, prefix: Self.firstPrefix) : nil,
      secondMoment: moments ? try flat(model.layout, prefix: Self.secondPrefix) : nil)
    return (model, snapshot)
  }

  /// The tensors with `prefix` as a flat buffer with padding.
  private func flat(_ layout: ParameterLayout, prefix: String) throws(CheckpointError) -> [Float] {
    var flat = [Float](repeating: 0, count: layout.paddedCount)
    for tensor in layout.tensors {
      let name = prefix + tensor.name
      guard let values = data[name], let shape = shapes[name] else {
        throw foreign("it lacks the tensor '\(name)'")
      }
      guard shape == tensor.shape else {
        throw foreign("its tensor '\(name)' is \(shape), the model's \(tensor.shape)")
      }
      flat.withUnsafeMutableBufferPointer {
        layout.write(values, of: tensor, to: $0.baseAddress!)
      }
    }
    return flat
  }

  private func foreign(_ reason: String) -> CheckpointError { .foreign(path: path, reason: reason) }
}
