/// The plane through the origin that lies as far as possible from examples on its positive side.
///
/// Of all w with `w · z ≥ 1` for every example z the shortest; z = y x is an input times its label
/// ±1. It is the perceptron of maximal stability (Krauth & Mézard 1987, J. Phys. A 20, L745). In the
/// dual it is `w = Σ α z` with the α ≥ 0 that minimise `½ |Σ α z|² − Σ α`, and only the examples on
/// the margin, at most d of them, need an α above zero.
///
/// Found exactly, by the active set of Lawson & Hanson 1974 ("Solving Least Squares Problems",
/// chapter 23, problems NNLS and LDP): the shortest w is read off the residual of the least squares
///
///     min | Σ u (z / c, 1) − (0, 1) |²   over u ≥ 0,
///
/// c a power of two not below the longest example. A step takes in the example that violates its
/// margin most, solves the least squares of all that were taken in by updated factors, and on the
/// way to the solution lets go of those whose u would fall below zero. Every step makes the residual
/// shorter, so none of the finitely many active sets comes twice. Most steps look at only those
/// 2 (d + 1) examples that violated most when all were last looked at; the first such choice are
/// those nearest to the plane of Σ z.
///
/// It ends when the conditions of Karush, Kuhn and Tucker hold: every margin is at least
/// 1 − 10⁻⁹, every α is positive, and those that have one have margins within 10⁻⁹ of 1. The factors
/// are then made anew from the supporting examples in their order, so that the bits of the result
/// depend on which these are and not on the way there; they are the same on every machine.
///
/// Degenerate sets: of equal examples at most one gets an α; of nearly equal ones both may, then with
/// large α. Fewer examples than dimensions are always separable if they are independent, and all may
/// be supports. Where more than d examples lie on the margin the plane is still unique, but the α are
/// not: one choice is returned. Labels that no plane through the origin gives make the residual
/// vanish, which is an error, as is a margin below 10⁻⁶ of the longest example: nothing in Double
/// tells the two apart to 10⁻⁹.
///
/// Not for labels with noise: there is no soft margin.
public struct LargestMargin: Sendable {
  /// An example that holds the plane in place.
  public struct Support: Hashable, Sendable {
    /// Its index.
    public let example: Int
    /// α, positive.
    public let weight: Double
  }

  /// w, [d]: the least margin `w · z` is 1.
  public let normal: [Double]
  /// The examples with α > 0, ascending by index; at most d.
  public let support: [Support]
  /// How often the margins of all examples were computed.
  public let sweeps: Int
  /// How many examples were taken in, some of them more than once.
  public let steps: Int

  /// How far a margin may be from where it must be.
  public static let tolerance = 1e-9

  /// The distance from the plane to the nearest examples: `1 / |w|`, in units of the examples.
  public var distance: Double {
    1 / normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Finds the plane of P examples.
  ///
  /// - Parameters:
  ///   - examples: [P, d], row-major: each input times its label.
  ///   - dimensions: d.
  /// - Throws: `LargestMarginError` for a number that is not finite, for examples that no plane
  ///   through the origin has on one side, and for a margin too narrow to compute.
  /// - Complexity: O(P d) for each sweep, O(d²) for each step; 8 P (d + 1) bytes. Examples of a
  ///   teacher, P = 64 d, take some 20 to 40 sweeps and 6 d to 8 d steps.
  public init(_ examples: [Float], dimensions: Int) throws(LargestMarginError) {
    precondition(
      dimensions > 0 && !examples.isEmpty && examples.count % dimensions == 0,
      "examples of \(dimensions) dimensions must be whole rows; found \(examples.count) numbers")
    var search = try MarginSearch(examples, dimensions: dimensions)
    try search.run()
    (normal, support) = search.plane(dimensions: dimensions)
    (sweeps, steps) = (search.sweeps, search.steps)
  }
}

/// Why there is no plane.
///
/// Examples are counted from 0 in the order in which the caller gave them.
public enum LargestMarginError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An example with an infinite number or NaN.
  case notFinite(example: Int)
  /// Examples that no plane through the origin has on one side, or only with a margin below 10⁻⁶ of
  /// the longest.
  case notSeparable(examples: Int, dimensions: Int)
  /// Examples so near to dependent that rounding decides which support the plane.
  case unresolved(examples: Int, dimensions: Int, steps: Int)

  /// What must hold, what was found, where, and what to do.
  public var description: String {
    switch self {
    case .notFinite(let example):
      "every number of an example must be finite; example \(example) (counted from 0) has one that "
        + "is not. Remove the example or mend it."
    case .notSeparable(let examples, let dimensions):
      "a plane through the origin must have all examples on one side, by at least 1e-6 of the "
        + "longest; these \(examples) examples in \(dimensions) dimensions have none. Mend the labels, "
        + "add a constant input if the rule has a threshold, or take fewer examples."
    case .unresolved(let examples, let dimensions, let steps):
      "margins must be computable to 1e-9; of \(examples) examples in \(dimensions) dimensions they "
        + "were not after \(steps) steps. Remove examples that are nearly equal."
    }
  }
}

/// The least squares over u ≥ 0 whose residual is the plane.
private struct MarginSearch {
  private let groups: Int
  private let count: Int
  private let dimensions: Int
  /// c.
  private let scale: Double
  /// (z / c, 1) of each example, padded with zeros; the last element stands in lane `lane` of the
  /// last group.
  private var columns: [SIMD8<Double>]
  private let lane: Int
  private var factor: ColumnFactor
  /// The examples taken in, in the order of the factors' columns, and their u, all positive.
  private var active: [Int] = []
  private var weights: [Double] = []
  private var isActive: [Bool]
  /// (0, 1) − Σ u (z / c, 1), which is 1/(1 + c² |w|²) times (−c w, 1).
  private var residual: [SIMD8<Double>]
  var sweeps = 0
  var steps = 0

  init(_ examples: [Float], dimensions: Int) throws(LargestMarginError) {
    self.dimensions = dimensions
    count = examples.count / dimensions
    groups = (dimensions + 1 + 7) / 8
    lane = dimensions % 8
    var longest = 0.0
    for example in 0..<count {
      var square = 0.0
      for axis in 0..<dimensions {
        let value = Double(examples[example * dimensions + axis])
        square += value * value
      }
      guard square.isFinite else { throw .notFinite(example: example) }
      longest = max(longest, square)
    }
    guard longest > 0 else { throw .notSeparable(examples: count, dimensions: dimensions) }
    scale = 2 * longest.squareRoot().binade
    columns = Array(repeating: .zero, count: count * groups)
    for example in 0..<count {
      for axis in 0..<dimensions {
        columns[example * groups + axis / 8][axis % 8] =
          Double(examples[example * dimensions + axis]) / scale
      }
      columns[example * groups + dimensions / 8][lane] = 1
    }
    factor = ColumnFactor(groups: groups, capacity: dimensions + 1)
    isActive = Array(repeating: false, count: count)
    residual = Array(repeating: .zero, count: groups)
    residual[groups - 1][lane] = 1
  }

  /// Looks at all examples, takes in the worst, until none violates its margin.
  mutating func run() throws(LargestMarginError) {
    var candidates = nearestToSum()
    var isFresh = false
    while true {
      if !candidates.isEmpty {
        try ascend(candidates)
        isFresh = false
      }
      candidates = worst()
      guard candidates.isEmpty else { continue }
      if isFresh { break }
      try rebuild()
      isFresh = true
    }
    let height = residual[groups - 1][lane]
    for example in active
    where violation(example).magnitude > LargestMargin.tolerance * height { throw unresolved }
  }

  func plane(dimensions: Int) -> ([Double], [LargestMargin.Support]) {
    let height = residual[groups - 1][lane]
    let normal = (0..<dimensions).map { -residual[$0 / 8][$0 % 8] / (scale * height) }
    let support = zip(active, weights).map {
      LargestMargin.Support(example: $0, weight: $1 / (scale * scale * height))
    }
    return (normal, support)
  }

  private var unresolved: LargestMarginError {
    .unresolved(examples: count, dimensions: dimensions, steps: steps)
  }

  // MARK: Choice

  private var choice: Int { 2 * (dimensions + 1) }

  /// How far the margin of an example is below 1, times the residual's height.
  private func violation(_ example: Int) -> Double {
    columns.withUnsafeBufferPointer { columns in
      residual.withUnsafeBufferPointer { residual in
        ColumnFactor.dot(
          columns.baseAddress! + example * groups, residual.baseAddress!, groups)
      }
    }
  }

  /// The examples that lie nearest to the plane of the sum of all, or beyond it.
  private mutating func nearestToSum() -> [Int] {
    guard count > choice else { return Array(0..<count) }
    sweeps += 1
    var sum = [SIMD8<Double>](repeating: .zero, count: groups)
    for example in 0..<count {
      for group in 0..<groups { sum[group] += columns[example * groups + group] }
    }
    sum[groups - 1][lane] = 0
    let margins = (0..<count).map { example in
      columns.withUnsafeBufferPointer { columns in
        sum.withUnsafeBufferPointer { sum in
          ColumnFactor.dot(columns.baseAddress! + example * groups, sum.baseAddress!, groups)
        }
      }
    }
    return first(Array(0..<count)) { margins[$0] }
  }

  /// The examples that violate their margins most, if any does.
  private mutating func worst() -> [Int] {
    sweeps += 1
    let limit = LargestMargin.tolerance * residual[groups - 1][lane]
    let violations = (0..<count).map { violation($0) }
    return first((0..<count).filter { !isActive[$0] && violations[$0] > limit }) { -violations[$0] }
  }

  /// The first of some examples by a key, the lower index first where keys are equal.
  private func first(_ examples: [Int], by key: (Int) -> Double) -> [Int] {
    let sorted = examples.map { (key: key($0), example: $0) }.sorted {
      $0.key < $1.key || $0.key == $1.key && $0.example < $1.example
    }
    return sorted.prefix(choice).map(\.example)
  }

  // MARK: Steps

  /// Takes in one candidate after the other, each time the one that violates its margin most.
  private mutating func ascend(_ candidates: [Int]) throws(LargestMarginError) {
    while true {
      var most = LargestMargin.tolerance * residual[groups - 1][lane]
      var next: Int?
      for candidate in candidates where !isActive[candidate] {
        let violation = violation(candidate)
        if violation > most { (most, next) = (violation, candidate) }
      }
      guard let next else { return }
      steps += 1
      // No set of examples was met that needs a tenth of this.
      guard steps <= 50 * (count + dimensions), append(next) else { throw unresolved }
      active.append(next)
      weights.append(0)
      isActive[next] = true
      try settle()
    }
  }

  private mutating func append(_ example: Int) -> Bool {
    columns.withUnsafeBufferPointer { factor.append($0.baseAddress! + example * groups) }
  }

  /// Goes to the least squares of the active examples; lets go of those that would turn negative.
  private mutating func settle() throws(LargestMarginError) {
    while true {
      for group in 0..<groups { residual[group] = .zero }
      residual[groups - 1][lane] = 1
      let right = residual.withUnsafeMutableBufferPointer { factor.split($0.baseAddress!) }
      let target = factor.solve(right)
      var step = 1.0
      var blocking: Int?
      for index in active.indices where !(target[index] > 0) {
        let own = weights[index]
        let reach = own > 0 ? own / (own - target[index]) : 0
        if blocking == nil || reach < step { (step, blocking) = (reach, index) }
      }
      guard let blocking else {
        // The height is the square of the residual's length, and that 1/√(1 + (c |w|)²).
        guard residual[groups - 1][lane] > 1e-12 else {
          throw .notSeparable(examples: count, dimensions: dimensions)
        }
        weights = target
        return
      }
      for index in active.indices { weights[index] += step * (target[index] - weights[index]) }
      weights[blocking] = 0
      for index in active.indices.reversed() where !(target[index] > 0 || weights[index] > 0) {
        isActive[active[index]] = false
        active.remove(at: index)
        weights.remove(at: index)
        factor.remove(at: index)
      }
    }
  }

  /// Makes the factors anew, the active examples in their order.
  private mutating func rebuild() throws(LargestMarginError) {
    let sorted = active.indices.sorted { active[$0] < active[$1] }
    weights = sorted.map { weights[$0] }
    active = sorted.map { active[$0] }
    factor.removeAll()
    for example in active {
      guard append(example) else { throw unresolved }
    }
    try settle()
  }
}
