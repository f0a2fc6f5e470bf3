import KernelInterface

/// A model whose output at a position depends on that position and the earlier ones alone, so that
/// it can write: a `Decoder` feeds its own choices back to it.
public protocol LanguageModel: Model {
  /// The FLOPs of taking the token at `position` (counted from 0), by what is kept of the earlier
  /// ones; the logits are counted at every position.
  func flopsPerStep(position: Int) -> Double

  /// The machine that runs this model forward position by position, for at most `sequences`
  /// sequences at once.
  func makeDecodingPass(sequences: Int, kernels: any KernelSet.Type) -> any DecodingPass
}

extension LanguageModel {
  /// The FLOPs of writing `generated` tokens after a prompt of `prompt`: every position that is
  /// taken, which the last token of a completion is not.
  public func flopsOfDecoding(prompt: Int, generated: Int) -> Double {
    var sum = 0.0
    for position in 0..<max(0, prompt + generated - 1) { sum += flopsPerStep(position: position) }
    return sum
  }
}

/// A forward pass that goes on where it stopped, with the memory of what it has seen.
///
/// Rows are time-major: row c · B + b is the c-th new position of sequence b. The logits of a
/// position are those of `ModelPass.forward`, bit for bit but for the sign of zero. All memory is
/// allocated when the pass is made. It is used by one thread at a time.
public protocol DecodingPass: AnyObject {
  /// The row stride of the logits.
  var logitsStride: Int { get }
  /// The most rows that one `advance` may take: no fewer than the sequences it was made for.
  var rowLimit: Int { get }
  /// The bytes of the pass's own memory, parameters not counted.
  var byteCount: Int { get }

  /// Takes over what it derives from the parameters and forgets all sequences.
  func prepare(parameters: UnsafePointer<Float>)

  /// Begins `sequences` sequences anew.
  func begin(sequences: Int)

  /// Takes the next `positions` tokens of every sequence, in at most `rowLimit` rows; returns the
  /// logits of the last of them, [sequences, outputCount], which hold until the next call.
  ///
  /// `ages[b]` is the number of positions that sequence b has behind it. It is negative while a
  /// sequence waits for longer prompts: its tokens up to position 0 then count for nothing.
  func advance(
    positions: Int, tokens: UnsafePointer<Int32>, ages: UnsafePointer<Int32>,
    parameters: UnsafePointer<Float>
  ) -> UnsafePointer<Float>
}
