// An error at the top level of a program ends in a crash report. What a chapter computes from its
// runs may well fail, when a reader changes its settings: it goes through here.

extension Chapter {
  /// What `analysis` gives; its error ends the program with its text, and exit code 1.
  ///
  ///     let laws = try chapter.attempt(draws.map(SingleLaws.init))
  ///
  /// - Throws: In a program nothing, for it has ended; in tests `NotebookError.tooLittle`.
  public func attempt<Value>(_ analysis: @autoclosure () throws -> Value) throws -> Value {
    try stage.guarding {
      do {
        return try analysis()
      } catch {
        throw NotebookError.tooLittle("\(error)")
      }
    }
  }

  /// Ends the program, with exit code 1, unless there is something to analyse.
  ///
  /// - Parameter lack: What is not there, as a sentence that names the settings.
  /// - Throws: In a program nothing, for it has ended; in tests `NotebookError.tooLittle`.
  public func require(_ isThere: Bool, _ lack: @autoclosure () -> String) throws {
    try stage.guarding {
      if !isThere { throw NotebookError.tooLittle(lack()) }
    }
  }
}
