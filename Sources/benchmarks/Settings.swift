import ArgumentParser
import Kernels

// Checks of settings that several subcommands have.

/// The most numbers of one array, 1 GiB of them: kernels have several.
let mostNumbers = 1 << 28

/// The most positions of one training step or of the sequences that are written at once.
let mostPositions = 1 << 20

extension InstructionSet: ExpressibleByArgument {
  /// Refuses a set that this processor lacks.
  func validate() throws { _ = try Self.onThisProcessor(rawValue) }

  /// The set of a name; an error that lists the sets of this processor if it is not among them.
  static func onThisProcessor(_ name: String) throws -> InstructionSet {
    guard let isa = available.first(where: { $0.rawValue == name }) else {
      let names = available.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("This processor has \(names); it lacks '\(name)'.")
    }
    return isa
  }
}

/// Refuses times that are not positive, or longer than a day.
func validate(seconds: Double) throws {
  guard seconds > 0 else {
    throw ValidationError("--seconds must be positive; found \(seconds).")
  }
  guard seconds <= 86_400 else {
    throw ValidationError("--seconds must be at most 86400, a day; found \(seconds).")
  }
}

/// Refuses batches whose sequences together have more than `mostPositions` positions.
func validate(_ option: String, sequences: Int, context: Int) throws {
  let (positions, overflows) = sequences.multipliedReportingOverflow(by: context)
  guard !overflows, positions <= mostPositions else {
    throw ValidationError(
      "\(option) times --context must be at most \(mostPositions) positions; found \(sequences) "
        + "times \(context). Give fewer or shorter sequences.")
  }
}
