import ScalingLaws

/// What a law advises for a budget.
struct ComputePlan {
  /// A model with the interval of each number.
  struct Choice {
    var name: String
    var n: Estimate
    var d: Estimate
    var loss: Estimate
    var tokensPerParameter: Estimate
  }

  /// A model that misses the best size by a factor, at the same compute.
  struct Miss {
    var factor: Double
    var loss: Estimate
    /// How many times the compute of a best split of that loss is spent.
    var waste: Estimate
  }

  let source: LawSource
  let compute: Double
  let inferenceTokens: Double?
  let maximumSize: Double?
  let uniqueTokens: Double?
  let price: Double?
  /// The free optimum first.
  private(set) var choices: [Choice] = []
  private(set) var misses: [Miss] = []
  /// The life of the model that the training budget alone would choose, and of the cheapest one.
  private(set) var lives: (usual: Lifetime, best: Lifetime, saving: Estimate)?

  /// nil if the law has no optimum at this budget.
  init?(
    _ source: LawSource, compute: Double, inferenceTokens: Double? = nil,
    maximumSize: Double? = nil, uniqueTokens: Double? = nil, price: Double? = nil
  ) {
    self.source = source
    self.compute = compute
    self.inferenceTokens = inferenceTokens
    self.maximumSize = maximumSize
    self.uniqueTokens = uniqueTokens
    self.price = price
    guard let free = source.law.optimum(compute: compute) else { return nil }
    choices.append(choice("best split") { $0.optimum(compute: compute) })
    if let maximumSize, maximumSize < free.n {
      choices.append(
        choice("at most \(Text.amount(maximumSize)) parameters") { law in
          law.optimum(compute: compute, maximumSize: maximumSize) { law.loss(n: $0, d: $1) }
        })
    }
    if uniqueTokens != nil {
      choices.append(choice("with repeated text") { constrained($0) })
    }
    misses = [0.1, 0.5, 2, 10].map { factor in
      func missed(_ law: LossLaw) -> Double {
        guard let best = law.optimum(compute: compute) else { return .nan }
        return law.loss(n: best.n * factor, d: best.d / factor)
      }
      return Miss(
        factor: factor, loss: source.estimate { missed($0) },
        waste: source.estimate { law in
          law.compute(reaching: missed(law)).map { compute / $0 } ?? .nan
        })
    }
    guard let inferenceTokens, let usual = constrained(source.law) else { return }
    func life(_ law: LossLaw) -> (usual: Lifetime, best: Lifetime)? {
      guard let start = constrained(law) else { return nil }
      let usual = Lifetime(
        n: start.n, d: start.d, trainingCompute: compute,
        inferenceCompute: LossLaw.flopsPerInferenceToken * start.n * inferenceTokens)
      let best = law.lifetimeOptimum(
        reaching: start.loss, inferenceTokens: inferenceTokens,
        maximumSize: maximumSize ?? .infinity, of: loss(law))
      return best.map { (usual, $0) }
    }
    guard let found = life(source.law) else { return }
    choices.append(
      choice("cheapest over its life") { law in
        life(law).map {
          ComputeOptimum(
            compute: $0.best.trainingCompute, n: $0.best.n, d: $0.best.d, loss: usual.loss)
        }
      })
    lives = (
      found.usual, found.best,
      source.estimate { life($0).map { $0.best.compute / $0.usual.compute } ?? .nan }
    )
  }

  /// The loss with the text that there is.
  private func loss(_ law: LossLaw) -> (Double, Double) -> Double {
    guard let uniqueTokens else { return { law.loss(n: $0, d: $1) } }
    let repeated = RepeatedData(law, unique: uniqueTokens)
    return { repeated.loss(n: $0, d: $1) }
  }

  /// The optimum within every bound that was given.
  private func constrained(_ law: LossLaw) -> ComputeOptimum? {
    law.optimum(compute: compute, maximumSize: maximumSize ?? .infinity, of: loss(law))
  }

  private func choice(_ name: String, _ model: (LossLaw) -> ComputeOptimum?) -> Choice {
    func estimate(_ value: (ComputeOptimum) -> Double) -> Estimate {
      source.estimate { model($0).map(value) ?? .nan }
    }
    return Choice(
      name: name, n: estimate(\.n), d: estimate(\.d), loss: estimate(\.loss),
      tokensPerParameter: estimate(\.tokensPerParameter))
  }

  private var warnings: [String] {
    guard let last = choices.last else { return [] }
    var warnings = source.warnings(n: last.n.value, d: last.d.value)
    if uniqueTokens != nil {
      warnings.append(
        "the worth of repeated text is that of Muennighoff et al. 2023 (arXiv 2305.16264), "
          + "R_D* = \(RepeatedData.tokenDecay) and R_N* = \(RepeatedData.sizeDecay); it was not "
          + "measured on your runs.")
    }
    return warnings
  }

  // MARK: Text

  var text: String {
    var lines = ["\(Text.number(compute)) training FLOPs by \(source.name)", ""]
    lines += Text.table(
      [["", "N", "D", "D/N", "loss"]]
        + choices.map {
          [
            $0.name, Text.amount($0.n), Text.amount($0.d),
            $0.tokensPerParameter.formatted(digits: 3), $0.loss.formatted(digits: 4),
          ]
        })
    if let uniqueTokens, let repeated = choices.first(where: { $0.name == "with repeated text" }) {
      lines += [
        "",
        "text: \(Text.amount(uniqueTokens)) unique tokens, read "
          + "\(Text.number(max(1, repeated.d.value / uniqueTokens))) times",
      ]
    }
    lines += ["", "Missing the best size at the same compute"]
    lines += Text.table(
      [["size", "loss", "compute spent over compute needed"]]
        + misses.map {
          [
            $0.factor < 1
              ? "1/\(Text.factor(1 / $0.factor))" : "\(Text.factor($0.factor)) times",
            $0.loss.formatted(digits: 4), $0.waste.formatted(digits: 3),
          ]
        })
    if let lives, let inferenceTokens {
      lines += ["", "Training and \(Text.amount(inferenceTokens)) tokens of inference, FLOPs"]
      lines += Text.table(
        [["", "training", "inference", "together"]]
          + [("for training alone", lives.usual), ("cheapest over its life", lives.best)].map {
            [
              $0, Text.number($1.trainingCompute), Text.number($1.inferenceCompute),
              Text.number($1.compute),
            ]
          })
      lines.append("the cheapest takes \(lives.saving.formatted(digits: 3)) of the other's FLOPs")
    }
    if let price {
      lines += ["", "price of training: \(Text.number(price * compute))"]
      if let lives {
        lines.append(
          "price of training and inference: \(Text.number(price * lives.usual.compute)), "
            + "\(Text.number(price * lives.best.compute)) for the cheapest")
      }
    }
    lines += warnings.isEmpty ? [] : [""] + warnings.map { "warning: \($0)" }
    return lines.joined(separator: "\n")
  }

  // MARK: JSON

  static func json(_ optimum: ComputeOptimum) -> JSON {
    .object([
      ("C", .number(optimum.compute)), ("N", .number(optimum.n)), ("D", .number(optimum.d)),
      ("tokensPerParameter", .number(optimum.tokensPerParameter)), ("loss", .number(optimum.loss)),
    ])
  }

  private static func json(_ life: Lifetime) -> JSON {
    .object([
      ("N", .number(life.n)), ("D", .number(life.d)), ("training", .number(life.trainingCompute)),
      ("inference", .number(life.inferenceCompute)), ("total", .number(life.compute)),
    ])
  }

  var json: JSON {
    var fields: [(String, JSON)] = [
      ("C", .number(compute)), ("law", .text(source.name)),
      (
        "choices",
        .list(
          choices.map {
            .object([
              ("name", .text($0.name)), ("N", .estimate($0.n)), ("D", .estimate($0.d)),
              ("tokensPerParameter", .estimate($0.tokensPerParameter)),
              ("loss", .estimate($0.loss)),
            ])
          })
      ),
      (
        "misses",
        .list(
          misses.map {
            .object([
              ("sizeFactor", .number($0.factor)), ("loss", .estimate($0.loss)),
              ("computeFactor", .estimate($0.waste)),
            ])
          })
      ),
    ]
    if let lives {
      fields.append(
        (
          "lifetime",
          .object([
            ("bestSplit", Self.json(lives.usual)), ("cheapest", Self.json(lives.best)),
            ("ratio", .estimate(lives.saving)),
          ])
        ))
    }
    if let price {
      fields.append(("price", .number(price * (lives?.best.compute ?? compute))))
    }
    fields.append(("warnings", .list(warnings.map { .text($0) })))
    return .object(fields)
  }
}
