/// Why a formula could not be read: where, what was found and what to do.
public struct MathError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where the fault is.
  public var location: SourceLocation
  /// What the fault is.
  public var problem: Problem

  /// A fault at a place.
  public init(_ problem: Problem, at location: SourceLocation) {
    self.problem = problem
    self.location = location
  }

  /// `file:line:column: what is wrong. What to do.`
  public var description: String { "\(location): \(problem.text)" }

  /// The faults that a formula can have.
  public enum Problem: Equatable, Sendable {
    case unclosed(String)
    case empty
    case badReference(String)
    case unknownPart(String, name: String)
    case unknownCommand(String, nearest: [String])
    case unknownEnvironment(String, nearest: [String])
    case unbalanced(String, expected: String)
    case missingArgument(of: String)
    case badDelimiter(String)
    case doubleScript(String)
    case limitsWithoutOperator(String)
    case strayCharacter(String, instead: String)
    case unsupportedText(String)
    case valueInLabel(String)

    /// What is wrong and what to do, without the place.
    public var text: String {
      switch self {
      case .unclosed(let mark):
        "the formula that '\(mark)' opens here is never closed. "
          + "Close it with '\(mark)', or write '\\$' for a dollar sign."
      case .empty:
        "there is nothing between the dollar signs. Write a formula, or '\\$' for a dollar sign."
      case .badReference(let found):
        "'\\(' begins the name of a recorded value, but '\(found)' was found. "
          + "Write '\\(name)' or '\\(name.low)'; a plain parenthesis needs no backslash."
      case .unknownPart(let part, let name):
        "'\\(\(name).\(part))' asks for a part that no value has. "
          + "Write '\\(\(name))', or .low, .high, .interval or .theory behind the name."
      case .unknownCommand(let name, let nearest):
        "'\(name)' is not a command of formulas here.\(Self.suggestion(nearest))"
      case .unknownEnvironment(let name, let nearest):
        "'\(name)' is not an environment of formulas here.\(Self.suggestion(nearest))"
      case .unbalanced(let found, let expected):
        "'\(found)' has no partner in this formula; '\(expected)' was expected."
      case .missingArgument(let name):
        "'\(name)' needs an argument, but none follows. Write it in braces."
      case .badDelimiter(let found):
        "a delimiter such as '(', ']', '\\{', '|' or '.' must follow, but '\(found)' was found."
      case .doubleScript(let mark):
        "there are two '\(mark)' on one symbol. Use braces to say which belongs where."
      case .limitsWithoutOperator(let name):
        "'\(name)' must follow an operator such as \\sum or \\max, but it does not. Remove it."
      case .strayCharacter(let found, let instead):
        "'\(found)' has no meaning here. Write '\(instead)'."
      case .unsupportedText(let found):
        "'\(found)' cannot stand in a formula as it is. Put words in \\text{...}."
      case .valueInLabel(let name):
        "a label of a figure cannot quote the recorded value '\(name)'. "
          + "Put its number into the string."
      }
    }

    private static func suggestion(_ nearest: [String]) -> String {
      nearest.isEmpty
        ? " Put words in \\text{...}."
        : " Did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    }
  }
}
