import Laboratory
import Randomness
import Tasks

/// Perceptrons that learn a linear rule from more and more examples, averaged over teachers.
public struct PerceptronRun: Trial {
  /// The name in the run store.
  public static let name = "perceptron-run"
  /// Bumped when `run` means something else.
  public static let version = 2

  /// How the students learn.
  public var rule: TeacherPerceptron.Rule
  /// d, the inputs' dimensions.
  public var dimensions: Int
  /// P, the examples of each student.
  public var examples: Int
  /// How many students, each with examples of its own.
  public var students: Int
  /// Decides the examples.
  public var seed: UInt64

  /// Students that learn by one rule from so many examples.
  public init(
    rule: TeacherPerceptron.Rule, dimensions: Int, examples: Int, students: Int, seed: UInt64
  ) {
    self.rule = rule
    self.dimensions = dimensions
    self.examples = examples
    self.students = students
    self.seed = seed
  }

  /// What the students end with.
  public struct Outcome: Codable, Sendable {
    /// The generalisation error of each student, as a probability.
    public var errors: [Double]
  }

  /// Examples per dimension.
  public var load: Double { Double(examples) / Double(dimensions) }

  /// About what the students' arithmetic takes, without drawing the examples.
  ///
  /// Two operations a weight and example to make the examples and as many to add them up. Where the
  /// margin is sought, some twenty looks at all examples and, for each of about 6 d examples taken in
  /// (or of all, if they are fewer), a dozen products of a vector with a matrix of d rows.
  public var flops: Double {
    let (d, count) = (Double(dimensions), Double(examples))
    let margin = 40 * count * d + 24 * min(count, 6 * d) * d * min(count, d)
    return Double(students) * (4 * count * d + (rule == .hebb ? 0 : margin))
  }

  /// The examples of all students.
  public var trainingTokens: Double { Double(examples * students) }

  /// Trains the students.
  ///
  /// - Throws: `TrialInputError` for a dimension below 2, or without examples or students;
  ///   `LargestMarginError` if a student's margin is too narrow to compute.
  public func run(_ context: TrialContext) throws -> Outcome {
    for (field, value, least) in [
      ("dimensions", dimensions, 2), ("examples", examples, 1), ("students", students, 1),
    ] where value < least {
      throw TrialInputError(
        field: field, found: "\(value)", requirement: "be at least \(least)",
        advice: "Give more of them.")
    }
    let world = TeacherPerceptron(dimensions: dimensions)
    let stream = RandomStream(seed: seed, "perceptron")
    return Outcome(
      errors: try (0..<students).map { student in
        var own = stream.split(student)
        return try world.error(rule, examples: examples, using: &own)
      })
  }
}
