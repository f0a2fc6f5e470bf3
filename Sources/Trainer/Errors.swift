// All errors of this target and their texts.

/// A configuration that cannot be built: which field, what was found, what must hold.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The type that was configured.
  public let type: String
  /// The field that is wrong.
  public let field: String
  /// The value that was found, as text.
  public let value: String
  /// What must hold, completing 'must'.
  public let requirement: String
  /// What to do.
  public let advice: String

  init(type: String, field: String, value: String, requirement: String, advice: String) {
    self.type = type
    self.field = field
    self.value = value
    self.requirement = requirement
    self.advice = advice
  }

  /// What must hold, what was found and what to do.
  public var description: String {
    "`\(field)` of \(type) must \(requirement); found \(value). \(advice)"
  }
}

/// A step or an evaluation that could not be done.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The loss or the gradient became NaN or infinite; the parameters are as before the step.
  case diverged(step: Int, loss: Float)
  case noTokens
  /// The tokens are not a whole number of sequences.
  case partialSequence(tokens: Int, positions: Int)
  /// A step needs exactly its batch.
  case wrongBatch(sequences: Int, expected: Int)
  case targetCount(tokens: Int, targets: Int)
  case tokenOutOfRange(index: Int, token: Int32, count: Int)
  case targetOutOfRange(index: Int, target: Int32, count: Int)
  case distributionOutOfRange(index: Int, row: Int32, count: Int)
  case distributionWidth(columns: Int, expected: Int)
  /// A row of a distribution table is no distribution.
  case notADistribution(row: Int, sum: Double)
  /// Every target is ignored, so that there is no loss.
  case noTargets
  /// The inputs are not a whole number of sequences of vectors, or none.
  case partialVector(numbers: Int, width: Int)
  case valueCount(found: Int, expected: Int, outputs: Int)
  /// A number of a batch is NaN or infinite.
  case notFinite(what: String, index: Int, value: Float)
  case temperature(Double)
  /// Tokens were given to a model whose inputs are vectors.
  case tokensForVectors(width: Int)
  /// Vectors were given to a model whose inputs are tokens.
  case vectorsForTokens(count: Int)
  /// A snapshot of another model or another optimiser.
  case foreignSnapshot(reason: String)

  /// What must hold, what was found and what to do.
  public var description: String {
    switch self {
    case .diverged(let step, let loss):
      "the loss and the gradient must stay finite; step \(step) has loss \(loss). "
        + "Lower the learning rate, lengthen the warm-up or clip the gradient."
    case .noTokens:
      "a batch must hold at least one sequence; found no tokens. Pass tokens."
    case .partialSequence(let tokens, let positions):
      "the number of tokens must be a multiple of the \(positions) positions of a sequence; "
        + "found \(tokens). Drop the incomplete sequence or fill it and ignore its targets."
    case .wrongBatch(let sequences, let expected):
      "a step must get \(expected) sequences, the run's sequencesPerBatch; found \(sequences). "
        + "Pass that many or make the run with another batch."
    case .targetCount(let tokens, let targets):
      "there must be one target for each token; found \(targets) targets for \(tokens) tokens. "
        + "Give positions that do not count a negative target."
    case .tokenOutOfRange(let index, let token, let count):
      "tokens must be 0 ..< \(count); token \(index) is \(token). "
        + "Check the vocabulary of the data against the model's."
    case .targetOutOfRange(let index, let target, let count):
      "targets must be below \(count) (negative: not counted); target \(index) is \(target). "
        + "Check the vocabulary of the data against the model's."
    case .distributionOutOfRange(let index, let row, let count):
      "rows of distributions must be below \(count) (negative: not counted); position \(index) "
        + "has row \(row). Check the table against the rows."
    case .distributionWidth(let columns, let expected):
      "distributions must have the model's \(expected) outputs; found \(columns) columns. "
        + "Make the table over the model's vocabulary."
    case .notADistribution(let row, let sum):
      "each row of a distribution table must be non-negative and sum to 1 within 0.0001; "
        + "row \(row) sums to \(sum). Normalise the row."
    case .noTargets:
      "at least one position must count; found only ignored targets. Pass a target of at least 0."
    case .partialVector(let numbers, let width):
      "the inputs must be one or more whole vectors of the model's \(width) numbers; found "
        + "\(numbers) numbers. Pass the examples row by row, without padding."
    case .valueCount(let found, let expected, let outputs):
      "there must be \(outputs) values for each example, \(expected) in all; found \(found). "
        + "Pass the values row by row, without padding."
    case .notFinite(let what, let index, let value):
      "`\(what)` must be finite numbers; number \(index) is \(value). Clean the data."
    case .temperature(let value):
      "a temperature must be a positive number; found \(value). 1 takes the model as it is."
    case .tokensForVectors(let width):
      "this model must get vectors of \(width) numbers; found tokens. "
        + "Call the function that takes `inputs`."
    case .vectorsForTokens(let count):
      "this model must get tokens 0 ..< \(count); found vectors. "
        + "Call the function that takes `tokens`."
    case .foreignSnapshot(let reason):
      "a snapshot must come from a run of the same model and kind of optimiser; \(reason). "
        + "Make the run with the configuration that the snapshot was taken from."
    }
  }
}

/// A checkpoint file that could not be written or read.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// The file ends before what its header promises, or goes on after it.
  case wrongLength(path: String, expected: Int, found: Int)
  /// The header is no safetensors header.
  case badHeader(path: String, reason: String)
  /// One tensor's entry is wrong.
  case badTensor(path: String, tensor: String, reason: String)
  /// The tensors are not those of the model that the caller asked for.
  case foreign(path: String, reason: String)

  /// What must hold, what was found and what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "a checkpoint must be readable; \(path): \(reason). Check the path."
    case .unwritable(let path, let reason):
      "a checkpoint's folder must be writable; \(path): \(reason). Check path and free space."
    case .wrongLength(let path, let expected, let found):
      "a checkpoint must have the length that its header states, \(expected) bytes; "
        + "\(path) has \(found). Copy or write the file again."
    case .badHeader(let path, let reason):
      "a checkpoint must begin with a safetensors header; \(path): \(reason). "
        + "Check that the file is a safetensors file and complete."
    case .badTensor(let path, let tensor, let reason):
      "each tensor must be described completely; \(path), tensor '\(tensor)': \(reason). "
        + "Write the file again."
    case .foreign(let path, let reason):
      "a checkpoint must hold the model that is read from it; \(path): \(reason). "
        + "Read it as the model that it was written from."
    }
  }
}

/// A prompt that cannot be completed, or a step of decoding that could not be done.
public enum DecodingError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooManyPrompts(found: Int, limit: Int)
  case emptyPrompt(prompt: Int)
  case promptTooLong(prompt: Int, tokens: Int, positions: Int)
  case tokenOutOfRange(prompt: Int, index: Int, token: Int32, count: Int)
  /// A step needs one token for each sequence that was begun.
  case tokenCount(found: Int, expected: Int)
  case contextFull(sequence: Int, positions: Int)
  case noRoom(limit: Int)
  case temperature(Double)
  case stopCount(found: Int, expected: Int)
  /// The logits are NaN or infinite.
  case notFinite(prompt: Int, position: Int)

  /// What must hold, what was found and what to do.
  public var description: String {
    switch self {
    case .tooManyPrompts(let found, let limit):
      "a decoder must get at most its \(limit) sequences at once; found \(found) prompts. "
        + "Make it larger, or use `generate`, which takes them in turn."
    case .emptyPrompt(let prompt):
      "a prompt must have at least one token; prompt \(prompt) is empty. "
        + "Begin it with a token that opens every sequence."
    case .promptTooLong(let prompt, let tokens, let positions):
      "a prompt must fit the model's \(positions) positions; prompt \(prompt) has \(tokens) tokens. "
        + "Shorten it or train with a longer context."
    case .tokenOutOfRange(let prompt, let index, let token, let count):
      "tokens must be 0 ..< \(count); token \(index) of sequence \(prompt) is \(token). "
        + "Check the vocabulary of the prompts against the model's."
    case .tokenCount(let found, let expected):
      "a step must get one token for each of the \(expected) sequences under way; found \(found). "
        + "Begin with prompts first, then pass as many tokens."
    case .contextFull(let sequence, let positions):
      "a sequence must stay within the model's \(positions) positions; sequence \(sequence) is full. "
        + "Stop there or train with a longer context."
    case .noRoom(let limit):
      "the limit of a completion must be at least 1 token; found \(limit). Ask for one or more."
    case .temperature(let value):
      "a temperature must be a positive number; found \(value). "
        + "1 draws from the model's own distribution; use `greedy` for the limit of zero."
    case .stopCount(let found, let expected):
      "there must be one stop token for each of the \(expected) prompts; found \(found). "
        + "Give a negative one to a prompt that shall not stop, or `token` for all."
    case .notFinite(let prompt, let position):
      "logits must be finite; those after position \(position) of prompt \(prompt) are not. "
        + "Check that the training of the model has not diverged."
    }
  }
}
