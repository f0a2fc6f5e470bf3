import Foundation
import Plotting
import RunTables
import ScalingLaws

/// The figures of a fit.
struct FitFigures {
  /// The loss over compute with the frontier, and the residuals.
  let main: Plot?

  /// No more dots than this are drawn.
  private static let mostDots = 2000

  init(_ analysis: FitAnalysis) throws {
    guard let fit = analysis.fit else {
      main = nil
      return
    }
    let rows = fit.residuals
    let stride = (rows.count + Self.mostDots - 1) / Self.mostDots
    let shown = rows.indices.filter { $0 % stride == 0 }.map { rows[$0] }
    let compute = shown.map { 6 * $0.n * $0.d }
    let (low, high) = (compute.min() ?? 1, compute.max() ?? 1)
    let hasOptimum = fit.law.optimum(compute: high) != nil && low < high
    func residualPanel(_ axis: Axis, _ place: @escaping (LossFit.Row) -> Double) -> Panel {
      Panel(x: axis, y: .linear("Predicted over measured (%)")) {
        Points(shown, x: place, y: { 100 * $0.residual })
        Rule(y: 0)
      }
    }
    let first = Panel(x: .log("Training FLOPs $C$"), y: .log("Loss (nats per token)")) {
      Points(shown, x: { 6 * $0.n * $0.d }, y: \.loss)
      if hasOptimum {
        Line(over: low...high, series: "best split", style: .solid) { compute in
          fit.law.optimum(compute: compute)?.loss ?? .nan
        }
      }
    }
    main = .facets(
      [
        first, residualPanel(.log("Training FLOPs $C$")) { 6 * $0.n * $0.d },
        residualPanel(.log("Parameters $N$"), \.n), residualPanel(.log("Training tokens $D$"), \.d),
      ], columns: 2, height: 380, sharing: .none, labels: .none)
  }
}
