import ArgumentParser
import ScalingLaws

struct PlanRuns: TextCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Split a compute budget between model and data.",
    discussion: """
      The optimum of a budget of training FLOPs C = 6 N D, and what it costs to miss it. \
      --inference-tokens asks for the model of the same loss that is cheapest over training and use \
      (Sardana et al. 2023, arXiv 2401.00448). --unique-tokens says how much text there is; beyond \
      it text is repeated and worth less (Muennighoff et al. 2023, arXiv 2305.16264).
      """)

  @OptionGroup var source: LawOptions

  @Option(help: "Training FLOPs, such as 5.76e23.")
  var compute: Amount

  @Option(help: "Tokens that the model will read and write in use.")
  var inferenceTokens: Amount?

  @Option(help: "The largest model that may be trained, such as 13B.")
  var maxParams: Amount?

  @Option(help: "The tokens of text that there are.")
  var uniqueTokens: Amount?

  @Option(help: "The price of one FLOP, in any currency.")
  var pricePerFlop: Amount?

  @Flag(help: "Print JSON.")
  var json = false

  func text() throws -> String {
    let source = try source.source()
    guard
      let plan = ComputePlan(
        source, compute: compute.value, inferenceTokens: inferenceTokens?.value,
        maximumSize: maxParams?.value, uniqueTokens: uniqueTokens?.value,
        price: pricePerFlop?.value)
    else { throw FitFileError.noOptimum(file: source.name, compute: compute.value) }
    return json ? plan.json.text() : plan.text
  }
}
