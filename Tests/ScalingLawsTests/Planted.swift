import Foundation
import Randomness

@testable import ScalingLaws

/// A run of a planted law.
struct PlantedRun: Sendable {
  var n: Double
  var d: Double
  var loss: Double
  var seed = 0
}

/// Hoffmann et al.'s published constants.
let chinchilla = LossLaw(
  floor: 1.69, sizeCoefficient: 406.4, alpha: 0.34, dataCoefficient: 410.7, beta: 0.28)

/// `side`² runs a seed over three decades of N and D, with log-normal scatter of the whole loss.
func planted(
  _ law: LossLaw = chinchilla, side: Int = 6, seeds: Int = 1, scatter: Double = 0,
  seedScatter: Double = 0, draw: Int = 0
) -> [PlantedRun] {
  var stream = RandomStream(seed: UInt64(draw), "planted")
  var runs: [PlantedRun] = []
  for seed in 0..<seeds {
    let (shift, tilt) = (stream.normal() * seedScatter, stream.normal() * seedScatter)
    for i in 0..<side {
      for j in 0..<side {
        let (x, y) = (Double(i) / Double(side - 1), Double(j) / Double(side - 1))
        let (n, d) = (1e7 * pow(10, 3 * x), 1e8 * pow(10, 3 * y))
        let noise = scatter * stream.normal() + shift + tilt * (x - y)
        runs.append(PlantedRun(n: n, d: d, loss: law.loss(n: n, d: d) * exp(noise), seed: seed))
      }
    }
  }
  return runs
}

/// `count` runs a seed of y = floor + 30 x^-1/2 over three decades of x, which is `n`.
func plantedCurve(
  floor: Double, count: Int = 20, seeds: Int = 1, scatter: Double = 0, seedScatter: Double = 0,
  draw: Int = 0
) -> [PlantedRun] {
  var stream = RandomStream(seed: UInt64(draw), "curve")
  var runs: [PlantedRun] = []
  for seed in 0..<seeds {
    let (shift, tilt) = (stream.normal() * seedScatter, stream.normal() * seedScatter)
    for i in 0..<count {
      let x = Double(i) / Double(count - 1)
      let n = 100 * pow(10, 3 * x)
      let noise = scatter * stream.normal() + shift + tilt * (x - 0.5)
      runs.append(
        PlantedRun(n: n, d: 1, loss: (floor + 30 * pow(n, -0.5)) * exp(noise), seed: seed))
    }
  }
  return runs
}

/// |a − b| relative to b.
func relativeDifference(_ a: Double, _ b: Double) -> Double { abs(a - b) / abs(b) }
