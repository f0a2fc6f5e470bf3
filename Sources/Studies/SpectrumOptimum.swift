import Foundation
import Laboratory
import Tasks

/// The exact excess risk of one-pass SGD in a regression with a power-law spectrum, at one cell.
///
/// No sampling: the expected risk follows from a recursion, so the numbers have no error bar.
public struct SpectrumCell: Codable, Hashable, Sendable {
  /// N, the features that the model sees.
  public var size: Int
  /// D, the examples of its single pass.
  public var examples: Int
  /// The exact expected risk above the noise.
  public var excess: Double

  init(_ regression: SpectralRegression, size: Double, examples: Double) {
    self.size = max(1, Int(size.rounded()))
    self.examples = max(1, Int(examples.rounded()))
    excess = regression.expectedRisk(size: self.size, samples: self.examples).excess
  }
}

/// The best split of one budget C = N D between features and examples.
public struct SpectrumOptimum: Trial {
  /// The name in the run store.
  public static let name = "spectrum-optimum"
  /// Bumped when `run` means something else.
  public static let version = 1

  /// The world.
  public var regression: SpectralRegression
  /// log2 of the features times the examples.
  public var doublings: Int

  /// The best split of 2^`doublings`.
  public init(_ regression: SpectralRegression, doublings: Int) {
    self.regression = regression
    self.doublings = doublings
  }

  /// Seven spectra at home in the theory (c ≤ b), with noise of variance 0.1.
  public static let spectra = [
    (1.25, 1.25), (1.5, 1.4), (1.5, 1.5), (1.75, 1.5), (2.0, 1.5), (2.0, 1.75), (2.0, 1.25),
  ].map { SpectralRegression(featureExponent: $0.0, targetExponent: $0.1, noise: 0.1) }

  /// The best splits of all `spectra`, each at the budgets 2^j for j in `budgets`.
  public static func trials(budgets: [Int]) -> [SpectrumOptimum] {
    spectra.flatMap { spectrum in budgets.map { SpectrumOptimum(spectrum, doublings: $0) } }
  }

  /// The nine cells around the minimum, and the minimum itself.
  public struct Outcome: Codable, Sendable {
    /// The cells, ascending in size.
    public var cells: [SpectrumCell]
    /// N, D and the excess at the minimum of a cubic in ln N through the cells.
    public var size: Double
    /// D at the minimum.
    public var examples: Double
    /// The excess at the minimum.
    public var excess: Double
  }

  private var budget: Double { pow(2, Double(doublings)) }

  /// Eight operations a feature and example, nine cells, some repeated around another center.
  public var flops: Double { 8 * 12 * budget }

  private var startSize: Double { pow(budget / 4, regression.computeExponent) }

  /// Computes the cells around the minimum, and the minimum.
  public func run(_ context: TrialContext) throws -> Outcome {
    // Sizes in steps of a quarter doubling; the window follows the minimum until it is inside.
    var center = startSize
    while true {
      let cells = (-4...4).map { step in
        let size = (center * pow(2, Double(step) / 4)).rounded()
        return SpectrumCell(regression, size: size, examples: budget / size)
      }
      let best = cells.indices.min { cells[$0].excess < cells[$1].excess }!
      guard (2...6).contains(best) else {
        center = Double(cells[best].size)
        continue
      }
      let cubic = Cubic(
        x: cells.map { log(Double($0.size)) - log(center) }, y: cells.map { log($0.excess) })
      let place = cubic.minimum(from: -log(2), to: log(2))
      let size = center * exp(place)
      return Outcome(
        cells: cells, size: size, examples: budget / size, excess: exp(cubic.value(at: place)))
    }
  }
}
