import Foundation
import Randomness
import RunTables
import ScalingLaws

/// A fit and all that is said about it.
struct FitAnalysis {
  /// What was asked for.
  struct Request {
    var form = LossLaw.Form.additive
    var objective = FitObjective.huber()
    var floor: Double?
    var starts = Starts.spread(256)
    var bootstrap = 1000
    var seed: UInt64 = 1
    /// Fit so many runs, drawn at random with `seed`.
    var sample: Int?
    var group: String?
    var compute: [Double] = []
    var comparesForms = true
  }

  /// What became of it.
  enum Outcome {
    case fitted(LossFit)
    /// The runs leave the law open, whatever their losses are.
    case open(FitError)
  }

  /// A parameter that the runs leave open, and why.
  struct Open: Equatable {
    var parameter: String
    var reason: String
  }

  /// How one form does on the same runs.
  struct FormScore {
    var form: LossLaw.Form
    var parameters: Int
    /// Akaike's criterion less the lowest of all forms.
    var informationExcess: Double?
    /// The RMS log error on the runs that were held out.
    var heldOutError: Double?
    /// Why there is no fit.
    var failure: String?
  }

  /// The optimum of one budget.
  struct Optimum {
    var compute: Double
    var n: Estimate
    var d: Estimate
    var tokensPerParameter: Estimate
    var loss: Estimate
  }

  /// More runs than these are fitted only if the user says how many: a bootstrap of 1000 resamples
  /// takes 7 µs a run and resample.
  static let mostRuns = 5000

  /// All rows, and those that were fitted.
  let table: RunTable
  let fitted: RunTable
  /// The number of runs that the fitted ones were drawn from; nil if all were fitted.
  let drawnFrom: Int?
  let request: Request
  let outcome: Outcome
  /// The runs of `--hold-out` and how the law does there.
  let holdOut: HoldOut?
  private(set) var heldOut: HeldOut?
  private(set) var open: [Open] = []
  private(set) var optima: [Optimum] = []
  private(set) var pulls: [LossFit.Pull] = []
  private(set) var forms: [FormScore] = []
  /// Which runs the forms were compared on.
  private(set) var comparedOn = ""
  private(set) var warnings: [String] = []
  /// Seconds of search and intervals, and of everything else after the reading.
  let seconds: Double
  private(set) var diagnosticSeconds = 0.0

  var fit: LossFit? {
    if case .fitted(let fit) = outcome { return fit }
    return nil
  }

  /// Whether the law may be used: alpha and beta are known.
  var isIdentified: Bool { fit != nil && open.isEmpty }

  init(_ table: RunTable, holdOut: HoldOut?, request: Request) throws {
    self.table = table
    self.request = request
    self.holdOut = holdOut
    let rest = holdOut.map { rule in table.filtered { !rule.holds(table, $0) } } ?? table
    let kept = holdOut.map { rule in table.filtered { rule.holds(table, $0) } }
    if let holdOut, kept?.runs.isEmpty == true || rest.runs.isEmpty {
      throw FitFileError.emptyHoldOut(
        rule: holdOut.text, held: kept?.runs.count ?? 0, rows: table.runs.count)
    }
    guard request.sample != nil || rest.runs.count <= Self.mostRuns else {
      throw FitFileError.tooManyRuns(
        file: table.file, runs: rest.runs.count, limit: Self.mostRuns)
    }
    if let sample = request.sample, sample < rest.runs.count {
      fitted = Self.drawn(sample, of: rest, seed: request.seed)
      drawnFrom = rest.runs.count
    } else {
      (fitted, drawnFrom) = (rest, nil)
    }
    let clock = ContinuousClock()
    let start = clock.now
    do {
      outcome = .fitted(try Self.fit(fitted.runs, request))
    } catch let error as FitError where error.leavesParametersOpen {
      outcome = .open(error)
    }
    let middle = clock.now
    seconds = start.duration(to: middle) / .seconds(1)
    let traps = Traps(fitted)
    switch outcome {
    case .open(let error):
      open = Self.open(error, ParameterNames.of(request.form, floor: request.floor))
      warnings = traps.warnings
    case .fitted(let fit):
      open = Self.open(fit)
      if let kept {
        heldOut = try fit.law.evaluation(on: kept.runs, n: \.n, d: \.d, loss: \.loss)
      }
      if !open.contains(where: { ["alpha", "beta"].contains($0.parameter) }) {
        optima = Self.optima(fit, budgets: budgets)
      }
      pulls = Array(fit.pulls(limit: fitted.runs.count > 2000 ? 50 : 500).prefix(10))
      if request.comparesForms { try compare(kept) }
      warnings = fit.warnings.map(\.description) + traps.warnings + traps.warnings(of: fit)
    }
    diagnosticSeconds = middle.duration(to: clock.now) / .seconds(1)
  }

  /// `count` rows without replacement, in the order of the table.
  ///
  /// Selection sampling: Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm S.
  private static func drawn(_ count: Int, of table: RunTable, seed: UInt64) -> RunTable {
    var stream = RandomStream(seed: seed, "sample")
    var (needed, left) = (count, table.runs.count)
    return table.filtered { _ in
      let isTaken = stream.uniform(below: left) < needed
      if isTaken { needed -= 1 }
      left -= 1
      return isTaken
    }
  }

  static func fit(_ runs: [RunTable.Run], _ request: Request) throws -> LossFit {
    let floor = request.floor.map { Floor.known($0) } ?? .free
    guard request.group != nil, request.bootstrap > 0 else {
      return try LossLaw.fit(
        runs, n: \.n, d: \.d, loss: \.loss, form: request.form, floor: floor,
        objective: request.objective, starts: request.starts,
        uncertainty: request.bootstrap == 0
          ? nil
          : Uncertainty(
            unit: .rows, interval: .biasCorrected, samples: request.bootstrap, seed: request.seed),
        method: .narrowing)
    }
    return try LossLaw.fit(
      runs, n: \.n, d: \.d, loss: \.loss, resampling: \.group, form: request.form, floor: floor,
      objective: request.objective, starts: request.starts,
      uncertainty: Uncertainty(samples: request.bootstrap, seed: request.seed), method: .narrowing)
  }

  // MARK: What is open

  /// The parameters that a refusal names, and those that hang on them.
  static func open(_ error: FitError, _ all: [String]) -> [Open] {
    let reason = "\(error)"
    let named: [String]
    switch error {
    case .tooFewDistinct("N", _, _, _): named = ["A", "alpha", "E"]
    case .tooFewDistinct("D", _, _, _): named = ["B", "beta", "E"]
    case .onOneLine: named = ["A", "alpha", "B", "beta"]
    default: named = all
    }
    return all.filter(named.contains).map { Open(parameter: $0, reason: reason) }
  }

  /// The parameters that a fit's warnings name, and those that hang on them.
  static func open(_ fit: LossFit) -> [Open] {
    var found: [Open] = []
    func add(_ parameter: String, _ reason: String) {
      guard !found.contains(where: { $0.parameter == parameter }) else { return }
      found.append(Open(parameter: parameter, reason: reason))
    }
    for warning in fit.warnings {
      switch warning {
      case .notIdentified(let parameter, let reason): add(parameter, reason)
      case .floorAtZero: add("E", warning.description)
      case .exponentNotPositive(let parameter, _): add(parameter, warning.description)
      case .sharpnessAtLimit: add("q", warning.description)
      default: break
      }
    }
    for parameter in fit.parameters where ["alpha", "beta"].contains(parameter.name) {
      let value = parameter.estimate.value
      let half = 1.96 * (parameter.standardError ?? 0)
      let interval =
        parameter.estimate.hasInterval
        ? parameter.estimate : Estimate(value: value, low: value - half, high: value + half)
      if interval.high > 4 * interval.low {
        add(
          parameter.name,
          "its interval, \(Text.interval(interval, digits: 2)), spans more than a factor of four. "
            + "Add runs at other values of \(parameter.name == "alpha" ? "N" : "D")")
      }
    }
    for (exponent, coefficient) in [("alpha", "A"), ("beta", "B")]
    where found.contains(where: { $0.parameter == exponent }) {
      add(coefficient, "it hangs on `\(exponent)`, which is not identified")
    }
    return found
  }

  // MARK: Optima

  /// Those asked for, or the largest run's compute, ten and a hundred times as much.
  private var budgets: [Double] {
    guard request.compute.isEmpty else { return request.compute }
    let largest = fitted.runs.map(\.c).max() ?? 1
    return [1.0, 10, 100].map { largest * $0 }
  }

  static func optima(_ fit: LossFit, budgets: [Double]) -> [Optimum] {
    budgets.compactMap { compute in
      guard fit.law.optimum(compute: compute) != nil else { return nil }
      func estimate(_ value: (ComputeOptimum) -> Double) -> Estimate {
        fit.estimate(.logarithmic) { $0.optimum(compute: compute).map(value) ?? .nan }
      }
      return Optimum(
        compute: compute, n: estimate(\.n), d: estimate(\.d),
        tokensPerParameter: estimate(\.tokensPerParameter), loss: estimate(\.loss))
    }
  }

  // MARK: Forms

  /// Fits every form to the same runs, and to those of less compute to predict the others.
  private mutating func compare(_ kept: RunTable?) throws {
    var runs = fitted.runs
    // The comparison needs no more than this to tell forms apart.
    if runs.count > 2000 {
      let stride = (runs.count + 1999) / 2000
      runs = runs.indices.filter { $0 % stride == 0 }.map { runs[$0] }
    }
    var (trained, judged) = (runs, kept?.runs ?? [])
    if kept == nil {
      let cut = runs.map(\.c).sorted()[runs.count * 4 / 5]
      (trained, judged) = (runs.filter { $0.c < cut }, runs.filter { $0.c >= cut })
      comparedOn = "the \(judged.count) runs of most compute, fitted to the others"
    } else {
      comparedOn = "the \(judged.count) runs held out"
    }
    var request = self.request
    request.bootstrap = 0
    request.starts = .spread(32)
    let floored = request.floor ?? 0 > 0
    var scores: [(FormScore, Double?)] = []
    for form in LossLaw.Form.allCases where form != .kaplan || !floored {
      request.form = form
      var score = FormScore(
        form: form, parameters: ParameterNames.of(form, floor: request.floor).count)
      var criterion: Double?
      do {
        let fit = try Self.fit(runs, request)
        criterion = fit.informationCriterion
        let other = kept == nil ? try Self.fit(trained, request) : fit
        score.heldOutError =
          try other.law.evaluation(on: judged, n: \.n, d: \.d, loss: \.loss).totalError
      } catch let error as FitError {
        score.failure = "\(error)"
      }
      scores.append((score, criterion))
    }
    let lowest = scores.compactMap(\.1).filter(\.isFinite).min() ?? 0
    forms = scores.map { score, criterion in
      var score = score
      score.informationExcess = criterion.map { $0 - lowest }
      return score
    }
  }
}

/// The names of the parameters of a form, in the order of its formula.
enum ParameterNames {
  static func of(_ form: LossLaw.Form, floor: Double?) -> [String] {
    let first = form == .kaplan || floor != nil ? [] : ["E"]
    let last: [String]
    switch form {
    case .powerMean: last = ["q"]
    case .broken: last = ["change", "break", "width"]
    default: last = []
    }
    return first + ["A", "alpha", "B", "beta"] + last
  }
}

extension FitError {
  /// The runs leave parameters open, which is a result and no fault of the table.
  var leavesParametersOpen: Bool {
    switch self {
    case .tooFewRows, .tooFewDistinct, .constant, .onOneLine: true
    default: false
    }
  }
}
