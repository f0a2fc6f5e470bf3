import Laboratory

extension Chapter {
  /// Writes a forecast into the run store before the trials that it is about are run.
  ///
  /// Refused for trials that were run without it, or after another forecast: the chapter then ends
  /// with the reason. Under settings that a flag changed the chapter goes on, says so on the terminal and
  /// gets `false`: the reader of that page must be told that it is hindsight.
  ///
  /// - Parameters:
  ///   - name: What tells it from other forecasts about the same trials.
  ///   - value: What is expected, with numbers rounded to the digits that matter.
  ///   - trials: What it is about, at least one trial; declare their batch afterwards.
  /// - Returns: Whether it stands in the store and was written before the runs.
  public func forecast<T: Trial, Value: Encodable>(
    _ name: String, _ value: Value, of trials: [T]
  ) throws -> Bool {
    if isPlan { return true }
    return try stage.guarding {
      do {
        try laboratory.forecast("\(slug)/\(name)", value, of: trials)
        return true
      } catch let error as LaboratoryError {
        switch error {
        case .forecastTooLate, .forecastChanged:
          guard invocation.isOverridden else { throw error }
          stage.messages.write("note: \(error)\n")
          return false
        default: throw error
        }
      }
    }
  }
}
