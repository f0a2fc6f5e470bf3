import ArgumentParser

// What `validate()` of a chapter's settings asks of single settings. A setting is checked in every
// profile, so that a wrong default is found as early as a wrong flag.

extension ChapterSettings {
  /// Refuses a number below `least`.
  ///
  /// - Parameter name: The setting as a flag, without the hyphens before it.
  /// - Throws: `ValidationError` that names the flag and the number.
  public func check(_ name: String, _ setting: Profiled<Int>, least: Int) throws {
    for profile in Profile.allCases where setting[profile] < least {
      throw ValidationError("--\(name) must be at least \(least); found \(setting[profile]).")
    }
  }

  /// Refuses a number outside `range`.
  ///
  /// - Parameter name: The setting as a flag, without the hyphens before it.
  /// - Throws: `ValidationError` that names the flag, the range and the number.
  public func check(_ name: String, _ setting: Profiled<Int>, in range: ClosedRange<Int>) throws {
    for profile in Profile.allCases where !range.contains(setting[profile]) {
      throw ValidationError(
        "--\(name) must lie in \(range.lowerBound)...\(range.upperBound); "
          + "found \(setting[profile]).")
    }
  }

  /// Refuses a list of fewer than `least` numbers, or with one outside `range` or no multiple of
  /// `step`.
  ///
  /// - Parameter name: The setting as a flag, without the hyphens before it.
  /// - Throws: `ValidationError` that names the flag, what it takes and the list.
  public func check(
    _ name: String, _ setting: Profiled<[Int]>, least: Int = 1, in range: ClosedRange<Int>,
    multipleOf step: Int = 1
  ) throws {
    for profile in Profile.allCases {
      let values = setting[profile]
      let fits = values.allSatisfy { range.contains($0) && $0 % step == 0 }
      if fits && values.count >= least { continue }
      throw ValidationError(
        "--\(name) takes at least \(least) of the "
          + (step == 1 ? "numbers" : "multiples of \(step)")
          + " from \(range.lowerBound) to \(range.upperBound); found \(values).")
    }
  }

  /// Refuses a list without numbers, or with one below 1.
  ///
  /// - Parameter name: The setting as a flag, without the hyphens before it.
  /// - Throws: `ValidationError` that names the flag and the list.
  public func checkPositive(_ name: String, _ setting: Profiled<[Int]>) throws {
    for profile in Profile.allCases {
      let values = setting[profile]
      if !values.isEmpty && values.allSatisfy({ $0 >= 1 }) { continue }
      throw ValidationError("--\(name) takes one or more positive numbers; found \(values).")
    }
  }

  /// Refuses a list of fewer than `least` numbers, or with one outside `range`.
  ///
  /// - Parameter name: The setting as a flag, without the hyphens before it.
  /// - Throws: `ValidationError` that names the flag, what it takes and the list.
  public func check(
    _ name: String, _ setting: Profiled<[Double]>, least: Int = 1, in range: ClosedRange<Double>
  ) throws {
    for profile in Profile.allCases {
      let values = setting[profile]
      if values.allSatisfy(range.contains) && values.count >= least { continue }
      throw ValidationError(
        "--\(name) takes at least \(least) numbers from \(range.lowerBound.settingText) to "
          + "\(range.upperBound.settingText); found \(values).")
    }
  }
}
