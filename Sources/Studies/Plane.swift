import Foundation
import ScalingLaws

/// A measured point of a world's (N, D) plane, in the shape that all worlds share.
public struct PlaneCell: Sendable {
  /// Size: parameters, features or facts.
  public var n: Double
  /// Data: tokens, examples or pairs.
  public var d: Double
  /// The loss above the floor.
  public var excess: Double
  /// The known floor.
  public var floor: Double
  /// The seed of the run.
  public var seed: UInt64
  /// Whether the cell is kept from a fit that is judged on it.
  public var isHeldOut: Bool

  /// A cell from its parts.
  public init(
    n: Double, d: Double, excess: Double, floor: Double, seed: UInt64 = 0, isHeldOut: Bool = false
  ) {
    self.n = n
    self.d = d
    self.excess = excess
    self.floor = floor
    self.seed = seed
    self.isHeldOut = isHeldOut
  }

  /// The loss.
  public var loss: Double { floor + excess }
}

extension Sequence where Element == PlaneCell {
  /// The geometric mean over cells that differ only in the seed, ascending in N and D.
  public func overSeeds() -> [PlaneCell] {
    let groups = Dictionary(grouping: self) { [$0.n, $0.d] }
    let means = groups.values.map { group in
      var cell = group[0]
      let sum = group.reduce(0) { $0 + log($1.excess) }
      cell.excess = exp(sum / Double(group.count))
      return cell
    }
    return means.sorted { ($0.n, $0.d) < ($1.n, $1.d) }
  }
}

/// How sum, maximum and power mean fare on cells of one world that their fits have not seen.
public struct FormComparison: Sendable {
  /// One form's fit and its root mean square errors, as log ratios, on the held-out cells.
  public struct Result: Sendable {
    /// The fitted law.
    public var law: LossLaw
    /// The error of the excess.
    public var excessError: Double
    /// The error of the loss.
    public var totalError: Double
  }

  /// The world, in words.
  public var world: String
  /// The additive form.
  public var sum: Result
  /// The maximum of the two terms.
  public var maximum: Result
  /// The power mean with q free.
  public var powerMean: Result

  /// Fewer than where the floor is free, whose valley is flatter.
  private static let starts = Starts.spread(24)

  /// How many times smaller the power mean's error of the excess is than the sum's.
  public var ratio: Double { sum.excessError / powerMean.excessError }

  /// Fits the forms, the floor known, to the cells of a world that are not held out.
  public init(_ world: String, _ cells: [PlaneCell]) throws {
    precondition(!cells.isEmpty, "a comparison of forms needs cells")
    let seen = cells.filter { !$0.isHeldOut }
    let heldOut = cells.filter(\.isHeldOut)
    let floor = cells[0].floor
    func result(_ form: LossLaw.Form) throws -> Result {
      let fit = try LossLaw.fit(
        seen, n: \.n, d: \.d, loss: \.loss, form: form, floor: .known(floor), starts: Self.starts)
      let judged = try fit.law.evaluation(on: heldOut, n: \.n, d: \.d, loss: \.loss, floor: floor)
      return Result(
        law: fit.law, excessError: judged.excessError ?? .nan, totalError: judged.totalError)
    }
    self.world = world
    sum = try result(.additive)
    maximum = try result(.maximum)
    powerMean = try result(.powerMean)
  }
}

/// Ten times the size against ten times the data, from one point of the plane.
public struct TenfoldChoice: Sendable {
  /// The size to start from.
  public var n: Double
  /// The data to start from.
  public var d: Double
  /// By how much the excess is divided after ten times the size, and after ten times the data.
  public var size: Estimate
  /// The same after ten times the data.
  public var data: Estimate
  /// The excess after ten times the data over that after ten times the size: above 1, size wins.
  public var advantage: Estimate

  /// Whether the advantage has an interval, which takes two seeds, and it leaves 1 out.
  public var isResolved: Bool { advantage.hasInterval && !advantage.contains(1) }

  /// The choices at all the given points from which both ways stay inside the measured plane.
  ///
  /// Nothing is fitted: the excess is read between the nearest cells, and intervals are over seeds.
  public static func all(
    _ cells: [PlaneCell], sizes: [Double], amounts: [Double]
  ) throws -> [TenfoldChoice] {
    @Sendable func surface(_ cells: [PlaneCell]) throws -> ExcessSurface {
      try ExcessSurface(cells, n: \.n, d: \.d, excess: \.excess)
    }
    let whole = try surface(cells)
    var choices: [TenfoldChoice] = []
    for n in sizes {
      for d in amounts where whole.gain(n: n, d: d) != nil {
        let gains = try Ensemble(of: cells, resampling: \.seed) { cells in
          try surface(cells).gain(n: n, d: d) ?? Gain(size: .nan, data: .nan)
        }
        choices.append(
          TenfoldChoice(
            n: n, d: d,
            size: gains.estimate(.logarithmic) { 1 / $0.size },
            data: gains.estimate(.logarithmic) { 1 / $0.data },
            advantage: gains.estimate(.logarithmic) { $0.data / $0.size }))
      }
    }
    return choices
  }
}
