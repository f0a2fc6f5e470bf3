import ScalingLaws

/// A local exponent of the excess along one axis, with its interval over ladders.
public struct LocalExponent: Sendable {
  /// What is fixed on the other axis, in words.
  public var series: String
  /// The place along the axis: N or D.
  public var place: Double
  /// −d log excess / d log place, over a factor of four, centred.
  public var exponent: Estimate

  /// The exponents at places that have measured neighbours on both sides; the others are left out.
  ///
  /// Draws on the same grid are taken together: the geometric mean of the excess, cell by cell.
  public static func along(
    _ axis: ExcessSurface.Axis, of points: [CurvePoint], at places: [(n: Double, d: Double)],
    series: String
  ) -> [LocalExponent] {
    let ensemble = try? Ensemble(of: points, resampling: \.ladder) { points in
      let surface = try ExcessSurface(points, n: \.parameters, d: \.tokens, excess: \.excess)
      return places.map { surface.localExponent(axis, n: $0.n, d: $0.d) ?? .nan }
    }
    guard let ensemble else { return [] }
    return places.indices.compactMap { index in
      guard ensemble.law[index].isFinite else { return nil }
      return LocalExponent(
        series: series, place: axis == .data ? places[index].d : places[index].n,
        exponent: ensemble.estimate { $0[index] })
    }
  }
}
