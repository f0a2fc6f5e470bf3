/// What the caller knows about its trainer and its machine, and the laboratory cannot.
public struct Workbench: Sendable {
  /// The version of the trainer; part of every trial's identity.
  public var trainerVersion: Int
  /// The instruction set that the kernels use here, for example `avx512`.
  public var instructionSet: String
  /// Measures FLOP/s of one core on a small training step; takes about a second.
  public var measureFLOPS: @Sendable () -> Double

  /// A workbench with these three.
  public init(
    trainerVersion: Int, instructionSet: String, measureFLOPS: @escaping @Sendable () -> Double
  ) {
    self.trainerVersion = trainerVersion
    self.instructionSet = instructionSet
    self.measureFLOPS = measureFLOPS
  }
}
