import Foundation

/// A smooth break of one power law into another (Caballero et al. 2023, arXiv 2210.14891, equation 1
/// with one break).
///
/// The data term is `B D^-beta (1 + (D/K)^(1/w))^(-w c)`: the exponent is beta far below K and beta + c
/// far above, and the change takes place over a factor exp(w) to each side or so. With y and k the
/// centred logarithms of D and K, u = (y − k)/w and s(u) = log(1 + exp u), its logarithm is
/// `b − beta y − c w s(u)`. Packed: c, k, log w.
struct Bend {
  /// −c w s(u).
  var value = 0.0
  /// Its derivatives by c, k and log w.
  var gradient = (0.0, 0.0, 0.0)
  /// Its second derivatives: (c, k), (c, log w), (k, k), (k, log w), (log w, log w).
  var second = (0.0, 0.0, 0.0, 0.0, 0.0)

  /// No break.
  init() {}

  /// The break with `p` = c, k, log w at the centred log data `y`.
  init(_ p: UnsafePointer<Double>, y: Double) {
    let (c, w) = (p[0], exp(p[2]))
    let u = (y - p[1]) / w
    let t = exp(-abs(u))
    let softplus = max(u, 0) + log(1 + t)
    let share = u > 0 ? 1 / (1 + t) : t / (1 + t)
    let slope = share * (1 - share)
    let rest = w * (softplus - u * share)
    value = -c * w * softplus
    gradient = (-w * softplus, c * share, -c * rest)
    second = (share, -rest, -c * slope / w, -c * slope * u, -c * (rest + w * u * u * slope))
  }
}

extension RowPoint {
  /// Adds the second derivatives of log excess for a law with a break, `slope` times.
  ///
  /// `∇²s = v (1 − v) (∇z1 − ∇z2)(∇z1 − ∇z2)ᵀ + (1 − v) ∇²z2` with q = 1.
  func accumulateBreak(
    _ hessian: UnsafeMutablePointer<Double>, _ k: Int, _ index: Int, slope: Double, mixed: Double
  ) {
    var along = InlineArray<8, Double>(repeating: 0)
    (along[0], along[1], along[2], along[3]) = (1, -x, -1, y)
    along[index] = -bend.gradient.0
    along[index + 1] = -bend.gradient.1
    along[index + 2] = -bend.gradient.2
    for i in 0..<k {
      for j in 0..<k { hessian[i * k + j] += slope * mixed * along[i] * along[j] }
    }
    let factor = slope * second
    let (c, place, width) = (index, index + 1, index + 2)
    hessian[c * k + place] += factor * bend.second.0
    hessian[place * k + c] += factor * bend.second.0
    hessian[c * k + width] += factor * bend.second.1
    hessian[width * k + c] += factor * bend.second.1
    hessian[place * k + place] += factor * bend.second.2
    hessian[place * k + width] += factor * bend.second.3
    hessian[width * k + place] += factor * bend.second.3
    hessian[width * k + width] += factor * bend.second.4
  }
}
