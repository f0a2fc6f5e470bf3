/// The state of a training run between two steps.
///
/// A value: it may be kept, sent to another thread, and restored any number of times.
public struct TrainingSnapshot: Sendable, Equatable {
  /// The kind of model that the state belongs to, for example `transformer`.
  public let modelKind: String
  /// The tensors, with multipliers of one.
  public let layout: ParameterLayout
  /// The steps taken.
  public let step: Int
  /// The flat buffers, with padding.
  let parameters: [Float]
  let firstMoment: [Float]?
  let secondMoment: [Float]?

  /// The values of a tensor, row by row, or nil if there is none of that name.
  public func values(of name: String) -> [Float]? {
    guard let tensor = layout[name] else { return nil }
    return parameters.withUnsafeBufferPointer { layout.unpadded(tensor, from: $0.baseAddress!) }
  }

  /// A hash of the parameters' bit patterns: FNV-1a, 64 bits, in the order of the layout.
  ///
  /// Padding is left out. Two runs agree bit for bit if their fingerprints do, but for chance.
  public var fingerprint: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for tensor in layout.tensors {
      for value in values(of: tensor.name) ?? [] {
        var bits = value.bitPattern
        for _ in 0..<4 {
          hash = (hash ^ UInt64(bits & 0xff)) &* 0x100_0000_01b3
          bits >>= 8
        }
      }
    }
    return hash
  }

  /// Throws unless the snapshot's tensors are those of `model`.
  func check(against model: any Model) throws(TrainingError) {
    let kind = type(of: model).kind
    guard kind == modelKind else {
      throw .foreignSnapshot(reason: "the model is a \(kind), the snapshot of a \(modelKind)")
    }
    let found = layout.tensors.map { "\($0.name) \($0.shape)" }
    let expected = model.layout.tensors.map { "\($0.name) \($0.shape)" }
    guard found != expected else { return }
    let difference =
      zip(found, expected).first { $0 != $1 }.map { "the snapshot has \($0), the model \($1)" }
      ?? "the snapshot has \(found.count) tensors, the model \(expected.count)"
    throw .foreignSnapshot(reason: difference)
  }
}
