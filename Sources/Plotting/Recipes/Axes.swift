/// The axes of scaling laws, with the words and units that the whole book uses.
extension Axis {
  /// Tokens of training data.
  public static let tokens = Axis.log("Training tokens $D$")
  /// Trained parameters.
  public static let parameters = Axis.log("Parameters $N$")
  /// Training FLOPs.
  public static let compute = Axis.log("Training compute $C$ (FLOPs)")
  /// The loss over the known floor.
  public static let excessLoss = Axis.log("Excess loss (nats per token)")
  /// The loss itself, which has a floor and so no logarithmic axis.
  public static let loss = Axis.linear("Loss (nats per token)")

  /// The share of right answers, from none to all.
  public static func accuracy(_ label: String = "Correct answers") -> Axis {
    .linear(label, domain: 0...1.02, format: .percent)
  }

  /// Whole numbers, each with its tick.
  public static func counts(_ label: String, _ range: ClosedRange<Int>) -> Axis {
    .linear(
      label, domain: (Double(range.lowerBound) - 0.3)...(Double(range.upperBound) + 0.3),
      ticks: range.map { Tick(Double($0)) })
  }
}
