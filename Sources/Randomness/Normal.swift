/// The standard normal distribution.
public enum Normal {
  /// The number below which a standard normal variable lies with probability `p`.
  ///
  /// M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied
  /// Statistics 37 (1988) 477-484, routine PPND16: rational approximations in three regions,
  /// relative error about 1e-16. `p` must lie in (0, 1).
  public static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a normal quantile needs 0 < p < 1; found \(p)")
    let q = p - 0.5
    if q.magnitude <= 0.425 { return central(q) }
    var r = (-Reproducible.log(q < 0 ? p : 1 - p)).squareRoot()
    let z = r <= 5 ? middle(&r) : far(&r)
    return q < 0 ? -z : z
  }

  private static func central(_ q: Double) -> Double {
    let r = 0.180625 - q * q
    var a = 2509.0809287301226727 * r + 33430.575583588128105
    a = a * r + 67265.770927008700853
    a = a * r + 45921.953931549871457
    a = a * r + 13731.693765509461125
    a = a * r + 1971.5909503065514427
    a = a * r + 133.14166789178437745
    a = a * r + 3.3871328727963666080
    var b = 5226.4952788528545610 * r + 28729.085735721942674
    b = b * r + 39307.895800092710610
    b = b * r + 21213.794301586595867
    b = b * r + 5394.1960214247511077
    b = b * r + 687.18700749205790830
    b = b * r + 42.313330701600911252
    b = b * r + 1
    return q * a / b
  }

  private static func middle(_ r: inout Double) -> Double {
    r -= 1.6
    var c = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
    c = c * r + 2.41780725177450611770e-1
    c = c * r + 1.27045825245236838258
    c = c * r + 3.64784832476320460504
    c = c * r + 5.76949722146069140550
    c = c * r + 4.63033784615654529590
    c = c * r + 1.42343711074968357734
    var d = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
    d = d * r + 1.51986665636164571966e-2
    d = d * r + 1.48103976427480074590e-1
    d = d * r + 6.89767334985100004550e-1
    d = d * r + 1.67638483018380384940
    d = d * r + 2.05319162663775882187
    d = d * r + 1
    return c / d
  }

  private static func far(_ r: inout Double) -> Double {
    r -= 5
    var e = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
    e = e * r + 1.24266094738807843860e-3
    e = e * r + 2.65321895265761230930e-2
    e = e * r + 2.96560571828504891230e-1
    e = e * r + 1.78482653991729133580
    e = e * r + 5.46378491116411436990
    e = e * r + 6.65790464350110377720
    var f = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
    f = f * r + 1.84631831751005468180e-5
    f = f * r + 7.86869131145613259100e-4
    f = f * r + 1.48753612908506148525e-2
    f = f * r + 1.36929880922735805310e-1
    f = f * r + 5.99832206555887937690e-1
    f = f * r + 1
    return e / f
  }
}
