import Testing

@testable import Trainer

/// The texts that people read: what must hold, what was found, where, what to do.
@Suite struct ErrorTests {
  static let texts: [(error: TrainingError, text: String)] = [
    (
      .diverged(step: 12, loss: .nan),
      "the loss and the gradient must stay finite; step 12 has loss nan. Lower the learning rate, "
        + "lengthen the warm-up or clip the gradient."
    ),
    (.noTokens, "a batch must hold at least one sequence; found no tokens. Pass tokens."),
    (
      .partialSequence(tokens: 33, positions: 32),
      "the number of tokens must be a multiple of the 32 positions of a sequence; found 33. Drop "
        + "the incomplete sequence or fill it and ignore its targets."
    ),
    (
      .wrongBatch(sequences: 3, expected: 8),
      "a step must get 8 sequences, the run's sequencesPerBatch; found 3. Pass that many or make "
        + "the run with another batch."
    ),
    (
      .targetCount(tokens: 4, targets: 3),
      "there must be one target for each token; found 3 targets for 4 tokens. Give positions that "
        + "do not count a negative target."
    ),
    (
      .tokenOutOfRange(index: 5, token: 64, count: 64),
      "tokens must be 0 ..< 64; token 5 is 64. Check the vocabulary of the data against the "
        + "model's."
    ),
    (
      .targetOutOfRange(index: 5, target: 70, count: 64),
      "targets must be below 64 (negative: not counted); target 5 is 70. Check the vocabulary of "
        + "the data against the model's."
    ),
    (
      .distributionOutOfRange(index: 1, row: 9, count: 3),
      "rows of distributions must be below 3 (negative: not counted); position 1 has row 9. Check "
        + "the table against the rows."
    ),
    (
      .distributionWidth(columns: 2, expected: 7),
      "distributions must have the model's 7 outputs; found 2 columns. Make the table over the "
        + "model's vocabulary."
    ),
    (
      .notADistribution(row: 4, sum: 0.5),
      "each row of a distribution table must be non-negative and sum to 1 within 0.0001; row 4 "
        + "sums to 0.5. Normalise the row."
    ),
    (
      .noTargets,
      "at least one position must count; found only ignored targets. Pass a target of at least 0."
    ),
    (
      .partialVector(numbers: 7, width: 3),
      "the inputs must be one or more whole vectors of the model's 3 numbers; found 7 numbers. "
        + "Pass the examples row by row, without padding."
    ),
    (
      .valueCount(found: 5, expected: 6, outputs: 2),
      "there must be 2 values for each example, 6 in all; found 5. Pass the values row by row, "
        + "without padding."
    ),
    (
      .notFinite(what: "inputs", index: 4, value: .infinity),
      "`inputs` must be finite numbers; number 4 is inf. Clean the data."
    ),
    (
      .temperature(-2),
      "a temperature must be a positive number; found -2.0. 1 takes the model as it is."
    ),
    (
      .tokensForVectors(width: 3),
      "this model must get vectors of 3 numbers; found tokens. Call the function that takes "
        + "`inputs`."
    ),
    (
      .vectorsForTokens(count: 9),
      "this model must get tokens 0 ..< 9; found vectors. Call the function that takes `tokens`."
    ),
    (
      .foreignSnapshot(reason: "the model is a b, the snapshot of a c"),
      "a snapshot must come from a run of the same model and kind of optimiser; the model is a b, "
        + "the snapshot of a c. Make the run with the configuration that the snapshot was taken "
        + "from."
    ),
  ]

  @Test(arguments: texts) func trainingErrorsHaveTheirTexts(error: TrainingError, text: String) {
    #expect(error.description == text)
  }

  @Test func checkpointErrorsNameTheFileAndTheTensor() {
    let errors: [CheckpointError] = [
      .unreadable(path: "m.st", reason: "gone"), .unwritable(path: "m.st", reason: "full"),
      .wrongLength(path: "m.st", expected: 9, found: 7), .badHeader(path: "m.st", reason: "odd"),
      .badTensor(path: "m.st", tensor: "w", reason: "odd"), .foreign(path: "m.st", reason: "odd"),
    ]
    #expect(errors.allSatisfy { $0.description.contains("m.st") && $0.description.hasSuffix(".") })
    #expect(errors[4].description.contains("tensor 'w'"))
    #expect(
      errors[2].description
        == "a checkpoint must have the length that its header states, 9 bytes; m.st has 7. "
        + "Copy or write the file again.")
  }
}
