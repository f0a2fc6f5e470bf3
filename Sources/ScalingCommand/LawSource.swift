import ArgumentParser
import Foundation
import ScalingLaws

/// Published constants.
enum Preset: String, ExpressibleByArgument, CaseIterable {
  case hoffmann, besiroglu, kaplan

  var law: LossLaw {
    switch self {
    case .hoffmann:
      LossLaw(
        floor: 1.69, sizeCoefficient: 406.4, alpha: 0.34, dataCoefficient: 410.7, beta: 0.28)
    case .besiroglu:
      LossLaw(
        floor: 1.8172, sizeCoefficient: 482.01, alpha: 0.3478, dataCoefficient: 2085.43,
        beta: 0.3658)
    case .kaplan:
      // N_c = 6.4e13, D_c = 1.8e13.
      LossLaw(
        .kaplan, floor: 0, sizeCoefficient: pow(6.4e13, 0.076), alpha: 0.076,
        dataCoefficient: pow(1.8e13, 0.103), beta: 0.103)
    }
  }

  var citation: String {
    switch self {
    case .hoffmann:
      "Hoffmann et al. 2022, Training Compute-Optimal Large Language Models, arXiv 2203.15556, "
        + "equation 10"
    case .besiroglu:
      "Besiroglu, Erdil, Barnett and You 2024, Chinchilla Scaling: A Replication Attempt, "
        + "arXiv 2404.10102"
    case .kaplan:
      "Kaplan et al. 2020, Scaling Laws for Neural Language Models, arXiv 2001.08361, "
        + "equation 1.5 with table 2; N without embeddings"
    }
  }
}

/// Where a law comes from: a fit or a preset.
struct LawOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A fit, as `scaling fit --json` prints it.", valueName: "fit.json"))
  var fit: String?

  @Option(help: "Published constants.")
  var preset: Preset?

  func validate() throws {
    guard (fit == nil) != (preset == nil) else {
      throw ValidationError("give one of --fit and --preset.")
    }
  }

  func source() throws(FitFileError) -> LawSource {
    if let preset {
      return LawSource(
        name: preset.citation, law: preset.law, ensemble: nil, open: [], sizes: nil, data: nil)
    }
    let file = try FitFile(path: fit!)
    return LawSource(
      name: fit!, law: file.law, ensemble: file.ensemble, open: file.open, sizes: file.sizes,
      data: file.data)
  }
}

/// A law with what is known of its uncertainty.
struct LawSource {
  /// The file or the citation.
  let name: String
  let law: LossLaw
  let ensemble: Ensemble<LossLaw>?
  let open: [String]
  let sizes: ClosedRange<Double>?
  let data: ClosedRange<Double>?

  /// Any quantity, with its interval if the law came with resamples.
  func estimate(
    _ scale: Ensemble<LossLaw>.Scale = .logarithmic, _ quantity: (LossLaw) -> Double
  ) -> Estimate {
    ensemble?.estimate(scale, quantity) ?? Estimate(quantity(law))
  }

  /// What to beware of at a point of the plane.
  func warnings(n: Double, d: Double) -> [String] {
    var warnings: [String] = []
    if !open.isEmpty {
      warnings.append(
        "the fit leaves \(open.joined(separator: ", ")) open; numbers that hang on it are a guess.")
    }
    for (name, value, range) in [("N", n, sizes), ("D", d, data)] {
      guard let range else { continue }
      let factor = value > range.upperBound ? value / range.upperBound : range.lowerBound / value
      if factor > 10 {
        warnings.append(
          "\(name) = \(Text.amount(value)) lies a factor of \(Text.number(factor)) outside the "
            + "fitted runs; no interval knows whether the law still holds there.")
      }
    }
    return warnings
  }
}
