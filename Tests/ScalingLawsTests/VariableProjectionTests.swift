import Testing

@testable import ScalingLaws

struct VariableProjectionTests {
  @Test func aPlantedLawIsRecovered() throws {
    let result = try VariableProjection.fit(
      planted(side: 5), n: \.n, d: \.d, loss: \.loss, gridCount: 12)
    #expect(relativeDifference(result.law.alpha, 0.34) < 1e-5)
    #expect(relativeDifference(result.law.beta, 0.28) < 1e-5)
    #expect(relativeDifference(result.law.floor, 1.69) < 1e-5)
    #expect(result.objective < 1e-12)
  }

  @Test func bothMethodsAgreeToTheSquareOfTheScatter() throws {
    let runs = planted(scatter: 0.003)
    let projection = try VariableProjection.fit(
      runs, n: \.n, d: \.d, loss: \.loss, gridCount: 12)
    let fit = try LossLaw.fit(
      runs, n: \.n, d: \.d, loss: \.loss, objective: .squared, starts: .spread(8))
    #expect(abs(projection.law.alpha - fit.law.alpha) < 2e-4)
    #expect(abs(projection.law.beta - fit.law.beta) < 2e-4)
    #expect(relativeDifference(projection.law.floor, fit.law.floor) < 1e-3)
    #expect(relativeDifference(projection.objective, fit.search.objective) < 0.01)
  }

  @Test func aKnownFloorIsKept() throws {
    let result = try VariableProjection.fit(
      planted(side: 5), n: \.n, d: \.d, loss: \.loss, floor: .known(1.69), gridCount: 12)
    #expect(result.law.floor == 1.69)
    #expect(relativeDifference(result.law.alpha, 0.34) < 1e-6)
  }

  @Test func aLawWithoutFloorGetsTheFloorZero() throws {
    var law = chinchilla
    law.floor = 0
    // Losses that bend downwards would like a negative floor.
    let runs = planted(law, side: 5).map {
      PlantedRun(n: $0.n, d: $0.d, loss: $0.loss - 0.02)
    }
    let result = try VariableProjection.fit(runs, n: \.n, d: \.d, loss: \.loss, gridCount: 12)
    #expect(result.law.floor == 0)
  }
}

struct NonNegativeLeastSquaresTests {
  /// G = AᵀA and c = Aᵀb.
  static func normal(_ rows: [[Double]], _ b: [Double]) -> (gram: [Double], right: [Double]) {
    let k = rows[0].count
    var (gram, right) = ([Double](repeating: 0, count: k * k), [Double](repeating: 0, count: k))
    for (row, value) in zip(rows, b) {
      for i in 0..<k {
        right[i] += row[i] * value
        for j in 0..<k { gram[i * k + j] += row[i] * row[j] }
      }
    }
    return (gram, right)
  }

  // Expected values from scipy.optimize.nnls.
  @Test(arguments: [
    ([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]], [1.0, 2, 3], [1.0, 2, 3]),
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, -2, 3], [1, 0, 3]),
    (
      [[1, 1, 0], [1, 2, 1], [1, 3, 5], [1, 4, 2]], [4, 3, 1, 0.5], [2.125, 0, 0]
    ),
    (
      [[1, 1, 0], [1, 2, 1], [1, 3, 5], [1, 4, 2]], [1, 2, 5, 4],
      [0.2777777777777766, 0.6444444444444448, 0.5555555555555557]
    ),
    ([[1, 2, 0], [1, 2, 1]], [-1, -2], [0, 0, 0]),
  ])
  func theActiveSetIsTheBest(rows: [[Double]], b: [Double], expected: [Double]) {
    let (gram, right) = Self.normal(rows, b)
    let found = NonNegativeLeastSquares.solve(gram: gram, right: right)
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-12) }
  }
}
