import ScalingLaws

// Values that some settings leave without a measurement: a smoke run, or a flag's few widths.

extension Chapter {
  /// Records a number, or that these settings do not give it.
  ///
  /// A number that is not finite counts as missing, and prose then reads `missing`; the other
  /// parameters are those of `record`.
  public func record(
    _ name: String, ifAny value: Double?, theory: Double? = nil, unit: String = "",
    digits: Int = 3, percent: Bool = false, quiet: Bool = false,
    missing: String = "not identified", line: Int = #line
  ) {
    guard let value, value.isFinite else {
      return record(name, missing, quiet: quiet, line: line)
    }
    record(
      name, value, theory: theory, unit: unit, digits: digits, percent: percent, quiet: quiet,
      line: line)
  }

  /// Records a number with its interval, or that these settings do not give it.
  ///
  /// An interval without end is left out.
  public func record(
    _ name: String, ifAny estimate: Estimate?, theory: Double? = nil, unit: String = "",
    digits: Int = 3, percent: Bool = false, quiet: Bool = false,
    missing: String = "not identified", line: Int = #line
  ) {
    guard let estimate, estimate.value.isFinite else {
      return record(name, missing, quiet: quiet, line: line)
    }
    let isBounded = estimate.low.isFinite && estimate.high.isFinite
    record(
      name, isBounded ? estimate : Estimate(estimate.value), theory: theory, unit: unit,
      digits: digits, percent: percent, quiet: quiet, line: line)
  }
}
