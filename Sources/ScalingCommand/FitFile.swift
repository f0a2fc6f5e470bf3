import Foundation
import RunTables
import ScalingLaws

/// A file or a rule that a fit cannot be made of.
enum FitFileError: Error, Equatable, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  case notAFit(file: String, reason: String)
  case notIdentified(file: String, parameters: [String])
  case noOptimum(file: String, compute: Double)
  case tooManyRuns(file: String, runs: Int, limit: Int)
  case emptyHoldOut(rule: String, held: Int, rows: Int)

  var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file) cannot be read: \(reason)."
    case .notAFit(let file, let reason):
      "\(file) is no fit: \(reason). Write one with `scaling fit runs.csv --json > fit.json`."
    case .notIdentified(let file, let parameters):
      "nothing follows from \(file): its runs leave \(parameters.joined(separator: ", ")) open. "
        + "Add the runs that its warnings ask for."
    case .noOptimum(let file, let compute):
      "the law of \(file) has no best split of \(Text.number(compute)) FLOPs; give a budget at which "
        + "neither N nor D would be less than one."
    case .tooManyRuns(let file, let runs, let limit):
      "a fit with its diagnostics takes at most \(limit) runs at once; \(file) has \(runs). Pass "
        + "--sample 2000 to fit 2000 of them drawn at random, or --sample \(runs) to wait for all."
    case .emptyHoldOut(let rule, let held, let rows):
      "--hold-out must leave runs on both sides; '\(rule)' holds for \(held) of \(rows)."
    }
  }
}

/// A fit as `scaling fit --json` wrote it.
struct FitFile {
  let law: LossLaw
  let ensemble: Ensemble<LossLaw>?
  /// Parameters without a number that can be trusted.
  let open: [String]
  /// The span of the fitted runs, in N and D.
  let sizes: ClosedRange<Double>?
  let data: ClosedRange<Double>?

  private struct Document: Decodable {
    struct Resamples: Decodable {
      var names: [String]
      var best: [Double]
      var values: [[Double]]
      var interval: String
      var units: Int
      var degrees: Double
      var level: Double
    }
    struct Open: Decodable { var parameter: String }
    struct Range: Decodable {
      var low: Double
      var high: Double
    }
    struct Span: Decodable {
      var N: Range
      var D: Range
    }
    var form: String
    var notIdentified: [Open]
    var law: [String: Double]?
    var span: Span?
    var resamples: Resamples?
  }

  init(path: String) throws(FitFileError) {
    let bytes: Data
    do {
      bytes =
        path == "-"
        ? FileHandle.standardInput.readDataToEndOfFile()
        : try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(file: path, reason: Self.reason(error, path: path))
    }
    try self.init(bytes: bytes, file: path)
  }

  /// What the system says, without its wrapping.
  private static func reason(_ error: any Error, path: String) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return "there is no such file"
    }
    return isFolder.boolValue ? "it is a folder" : error.localizedDescription
  }

  init(bytes: Data, file: String) throws(FitFileError) {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: bytes)
    } catch DecodingError.keyNotFound(let key, _) {
      throw .notAFit(file: file, reason: "it has no '\(key.stringValue)'")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .notAFit(file: file, reason: "'\(path)' is not what a fit has there")
    } catch {
      throw .notAFit(file: file, reason: "it is no JSON")
    }
    guard let form = LossLaw.Form(rawValue: document.form) else {
      throw .notAFit(file: file, reason: "'\(document.form)' is no form")
    }
    open = document.notIdentified.map(\.parameter)
    guard let numbers = document.law,
      !open.contains("alpha"), !open.contains("beta"),
      let law = LossLaw(form, numbers: numbers)
    else { throw .notIdentified(file: file, parameters: open) }
    self.law = law
    sizes = document.span.flatMap { $0.N.low <= $0.N.high ? $0.N.low...$0.N.high : nil }
    data = document.span.flatMap { $0.D.low <= $0.D.high ? $0.D.low...$0.D.high : nil }
    guard let resamples = document.resamples else {
      ensemble = nil
      return
    }
    guard let interval = Uncertainty.Interval(rawValue: resamples.interval),
      resamples.level >= 0, resamples.level < 1, resamples.degrees > 0
    else { throw .notAFit(file: file, reason: "its 'resamples' have no interval") }
    var laws: [LossLaw] = []
    for values in resamples.values {
      guard values.count == resamples.names.count,
        let law = LossLaw(
          form,
          numbers: Dictionary(zip(resamples.names, values), uniquingKeysWith: { $1 }))
      else { throw .notAFit(file: file, reason: "a resample lacks numbers") }
      laws.append(law)
    }
    ensemble = Ensemble(
      law: law, replicates: laws, interval: interval, units: resamples.units,
      degrees: resamples.degrees, level: resamples.level)
  }
}

extension LossLaw {
  /// The names of the numbers of a law in files, all of them.
  static func names(of form: Form) -> [String] {
    ["E"] + ParameterNames.of(form, floor: 0)
  }

  /// The numbers in the order of `names`.
  var numbers: [Double] {
    let first = [floor, sizeCoefficient, alpha, dataCoefficient, beta]
    switch form {
    case .powerMean: return first + [sharpness]
    case .broken: return first + [bend?.change ?? 0, bend?.data ?? 1, bend?.width ?? 1]
    default: return first
    }
  }

  /// A law from named numbers; nil if one is missing.
  init?(_ form: Form, numbers: [String: Double]) {
    let names = Self.names(of: form)
    let values = names.compactMap { numbers[$0] }
    guard values.count == names.count, values.allSatisfy(\.isFinite) else { return nil }
    self.init(
      form, floor: form == .kaplan ? 0 : values[0], sizeCoefficient: values[1], alpha: values[2],
      dataCoefficient: values[3], beta: values[4], q: form == .powerMean ? values[5] : 1,
      bend: form == .broken ? Break(change: values[5], data: values[6], width: values[7]) : nil)
  }
}
