import Foundation
import RunTables
import ScalingLaws

/// The ways in which tables of runs are known to mislead fits.
struct Traps {
  private let table: RunTable
  private var runs: [RunTable.Run] { table.runs }

  init(_ table: RunTable) { self.table = table }

  /// What can be said before a fit.
  var warnings: [String] {
    [fewDecades, nearOneLine, duplicates].compactMap(\.self) + edges + learningRates
  }

  private static func factor(_ values: [Double]) -> Double {
    guard let low = values.min(), let high = values.max() else { return 1 }
    return high / low
  }

  private static func plural(_ count: Int, _ one: String, _ many: String) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many)"
  }

  /// Less than two decades of compute.
  private var fewDecades: String? {
    let decades = log10(Self.factor(runs.map(\.c)))
    guard decades < 2 else { return nil }
    return "the runs span \(Text.number(decades)) decades of compute; exponents from less than two "
      + "are a local slope, not a law."
  }

  /// All D/N within a factor of four of one line in the logarithms.
  private var nearOneLine: String? {
    let x = runs.map { log($0.n) }
    let y = runs.map { log($0.d) }
    let count = Double(runs.count)
    let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    guard xx > 0 else { return nil }
    let slope = xy / xx
    let rest = zip(x, y).map { $1 - my - slope * ($0 - mx) }
    guard let low = rest.min(), let high = rest.max(), high - low < log(4), runs.count > 2 else {
      return nil
    }
    return "all runs lie near one line, D ~ N^\(Text.number(slope)), within a factor of "
      + "\(Text.number(exp(high - low))): the terms in N and in D are told apart by that little "
      + "only. Add runs with far more and far less data for their size."
  }

  /// Rows that say the same.
  var duplicates: String? {
    var seen: [[Double]: Int] = [:]
    var (count, first) = (0, 0)
    for run in runs {
      if seen.updateValue(run.row, forKey: [run.n, run.d, run.loss]) != nil {
        if count == 0 { first = run.row }
        count += 1
      }
    }
    guard count > 0 else { return nil }
    return
      "\(Self.plural(count, "row repeats", "rows repeat")) N, D and loss of another, the first "
      + "in row \(first); a point that counts twice makes intervals too narrow."
  }

  /// Budgets whose best run is the smallest or the largest model that was tried there.
  private var edges: [String] {
    let budgets = isoFLOPBudgets(compute: runs.map(\.c)).filter { $0.count >= 4 }
    // Only where the table was planned by budgets: on a grid of N and D the corners have edges too.
    let planned = budgets.reduce(0) { $0 + $1.count }
    guard budgets.count >= 2, planned * 20 >= runs.count * 19 else { return [] }
    let atEdge = budgets.count { members in
      let sorted = members.map { runs[$0] }.sorted { ($0.n, $0.loss) < ($1.n, $1.loss) }
      guard let best = sorted.min(by: { $0.loss < $1.loss }) else { return false }
      return best.n == sorted[0].n || best.n == sorted[sorted.count - 1].n
    }
    guard atEdge > 0 else { return [] }
    return [
      "at \(atEdge) of \(budgets.count) compute budgets the best run is the smallest or the largest "
        + "that was tried there; the optimum of such a budget is not interior."
    ]
  }

  /// Learning rates that were not tuned, or not inside what was tried.
  private var learningRates: [String] {
    let rates = table.learningRates
    guard rates.contains(where: { $0 > 0 }) else { return [] }
    var cells: [[Double]: [Int]] = [:]
    for index in runs.indices where rates[index] > 0 {
      cells[[runs[index].n, runs[index].d], default: []].append(index)
    }
    let tuned = cells.values.filter { Set($0.map { rates[$0] }).count > 1 }
    guard !tuned.isEmpty else {
      let distinct = Set(rates.filter { $0 > 0 })
      let sizes = Self.factor(runs.map(\.n))
      if distinct.count == 1, let rate = distinct.first, sizes > 2 {
        return [
          "all runs used the learning rate \(Text.number(rate)) over a factor of "
            + "\(Text.number(sizes)) in N: untuned rates bend the exponents."
        ]
      }
      return [
        "no size was run at more than one learning rate: whether they are tuned is not shown."
      ]
    }
    var warnings: [String] = []
    let edge = tuned.count { members in
      let tried = members.map { rates[$0] }
      let best = members.min { runs[$0].loss < runs[$1].loss }!
      return rates[best] == tried.min()! || rates[best] == tried.max()!
    }
    if edge > 0 {
      warnings.append(
        "in \(edge) of \(tuned.count) cells (N, D) the best learning rate is the smallest or the "
          + "largest that was tried; it is not interior.")
    }
    warnings.append(
      "\(Self.plural(tuned.count, "cell (N, D) holds", "cells (N, D) hold")) several learning "
        + "rates; keep the best run of each, or the fit is of mistuned runs too.")
    return warnings
  }

  /// What the residuals say.
  func warnings(of fit: LossFit) -> [String] {
    let residuals = fit.residuals.map { abs($0.residual) }
    guard residuals.count >= 10 else { return [] }
    // 1.4826 makes the median of |r| the deviation of a normal variable.
    let deviation = 1.4826 * percentile(ofSorted: residuals.sorted(), 0.5)
    let far = residuals.count { $0 > 6 * deviation && $0 > 1e-9 }
    guard far > 0 else { return [] }
    return [
      "\(Self.plural(far, "run lies", "runs lie")) more than six deviations "
        + "(\(Text.number(600 * deviation)) %) off the law; look at them before trusting the fit."
    ]
  }
}
