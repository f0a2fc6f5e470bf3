import ArgumentParser
import ScalingLaws

struct Predict: TextCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict the loss of a model of N parameters trained on D tokens.",
    discussion: """
      The law is a fit of your own (`scaling fit runs.csv --json > fit.json`), whose resamples give \
      the interval, or a published one, which has none. Intervals are those of the law; a single \
      run scatters about it.
      """)

  @OptionGroup var source: LawOptions

  @Option(help: "Parameters, such as 70B.")
  var n: Amount

  @Option(help: "Training tokens, such as 1.4T.")
  var d: Amount

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    let compute = LossLaw.flopsPerParameterToken * n.value * d.value
    guard compute > 0, compute.isFinite else {
      throw ValidationError(
        "--n and --d must give a positive, finite number of FLOPs 6 N D; \(n.value) and \(d.value) "
          + "give \(compute).")
    }
  }

  func text() throws -> String {
    let prediction = Prediction(try source.source(), n: n.value, d: d.value)
    return json ? prediction.json.text() : prediction.text
  }
}

/// What a law says of one point.
struct Prediction {
  private let source: LawSource
  private let n: Double
  private let d: Double
  let loss: Estimate

  init(_ source: LawSource, n: Double, d: Double) {
    self.source = source
    self.n = n
    self.d = d
    loss = source.estimate { $0.loss(n: n, d: d) }
  }

  /// Training FLOPs, 6 N D.
  private var compute: Double { LossLaw.flopsPerParameterToken * n * d }

  /// The same compute, split best.
  private var best: ComputeOptimum? { source.law.optimum(compute: compute) }

  private var floor: Estimate? {
    source.law.form == .kaplan ? nil : source.estimate(.linear) { $0.floor }
  }

  var text: String {
    let rows =
      [
        ["loss", loss.formatted(digits: 4)],
        ["of it: floor E", floor?.formatted(digits: 4) ?? "none"],
        ["of it: size term", Text.number(source.law.sizeTerm(n: n))],
        ["of it: data term", Text.number(source.law.dataTerm(d: d))],
        ["training FLOPs, 6 N D", Text.number(compute)],
        ["tokens per parameter", Text.number(d / n)],
      ]
      + (best.map {
        [
          [
            "the same compute, best split",
            "N = \(Text.amount($0.n)), D = \(Text.amount($0.d)), loss \(Text.loss($0.loss))",
          ]
        ]
      } ?? [])
    let lines =
      ["N = \(Text.amount(n)), D = \(Text.amount(d)) by \(source.name)", ""] + Text.table(rows)
    return (lines + warnings.map { "warning: \($0)" }).joined(separator: "\n")
  }

  private var warnings: [String] { source.warnings(n: n, d: d) }

  var json: JSON {
    .object([
      ("N", .number(n)), ("D", .number(d)), ("C", .number(compute)), ("loss", .estimate(loss)),
      ("sizeTerm", .number(source.law.sizeTerm(n: n))),
      ("dataTerm", .number(source.law.dataTerm(d: d))),
      ("floor", floor.map { .estimate($0) } ?? .null),
      ("best", best.map { ComputePlan.json($0) } ?? .null), ("law", .text(source.name)),
      ("warnings", .list(warnings.map { .text($0) })),
    ])
  }
}
