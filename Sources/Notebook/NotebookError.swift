/// What ends a chapter early.
public enum NotebookError: Error, Equatable, CustomStringConvertible {
  /// The command line is wrong: exit code 64, nothing was started.
  case usage(text: String)
  /// The command line asked for a text only (`--help`): exit code 0.
  case leave(text: String)
  /// `--plan` has said what there is to say: exit code 0.
  case planned
  /// What the chapter said does not fit together; one text a problem.
  case unfit([String])
  /// Every trial of a batch failed, so that there is nothing to analyse.
  case allFailed(trial: String, count: Int, reason: String)
  /// The settings leave the analysis too little: its own reason.
  case tooLittle(String)
  /// A file could not be written.
  case cannotWrite(path: String, reason: String)

  /// The text for the user.
  public var description: String {
    switch self {
    case .usage(let text), .leave(let text): text
    case .planned: "The plan ends here: what the chapter asks next depends on these outcomes."
    case .unfit(let problems): problems.joined(separator: "\n")
    case .allFailed(let trial, let count, let reason):
      "all \(count) trials of '\(trial)' failed, so there is nothing to measure. The first: \(reason) "
        + "Failures stay in the store; after mending their cause in the code, pass --rerun failed."
    case .tooLittle(let reason):
      "\(reason) These settings leave too little to measure; without flags a chapter takes those of "
        + "its profile."
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason). Make its folder writable, or pass --out with another."
    }
  }

  /// The exit code of a program that ends with this error.
  var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .leave, .planned: 0
    case .unfit, .allFailed, .tooLittle, .cannotWrite: 1
    }
  }
}
