internal import CNLopt

/// Limited-memory BFGS by NLopt (Johnson; the algorithm is Luksan's, after Nocedal 1980).
enum LBFGS {
  /// Why a run ended.
  enum Stop: Equatable, Sendable {
    /// A tolerance was met.
    case tolerance
    /// The evaluations were used up.
    case evaluations
    /// No further decrease was found: usually a minimum to rounding, sometimes a kink.
    case lineSearch
  }

  struct Outcome: Sendable {
    var point: [Double]
    var value: Double
    var stop: Stop
  }

  /// The lowest point found from `start`.
  ///
  /// A line search that finds no decrease is no error here: the caller polishes and then judges.
  static func minimize(
    _ objective: LogResidualObjective, from start: [Double], tolerance: Double,
    maximumEvaluations: Int
  ) throws(FitError) -> Outcome {
    let box = Box(objective)
    var point = start
    var value = Double.infinity
    guard let optimizer = nlopt_create(NLOPT_LD_LBFGS, UInt32(start.count)) else {
      throw .optimizer("out of memory")
    }
    defer { nlopt_destroy(optimizer) }
    let data = Unmanaged.passUnretained(box).toOpaque()
    var code = nlopt_set_min_objective(
      optimizer,
      { _, parameters, gradient, data in
        let box = Unmanaged<Box>.fromOpaque(data!).takeUnretainedValue()
        // The lowest point seen is kept here: after a failed line search NLopt may hold another.
        let value = box.objective.value(parameters!, gradient: gradient)
        if value < box.value {
          box.value = value
          box.point.withUnsafeMutableBufferPointer {
            $0.baseAddress!.update(from: parameters!, count: $0.count)
          }
        }
        return value
      }, data)
    if code.rawValue > 0 { code = nlopt_set_ftol_rel(optimizer, tolerance) }
    if code.rawValue > 0 { code = nlopt_set_maxeval(optimizer, Int32(maximumEvaluations)) }
    if code.rawValue > 0 { code = nlopt_optimize(optimizer, &point, &value) }
    return try withExtendedLifetime(box) { () throws(FitError) in
      let stop: Stop
      switch code {
      case NLOPT_SUCCESS, NLOPT_STOPVAL_REACHED, NLOPT_FTOL_REACHED, NLOPT_XTOL_REACHED:
        stop = .tolerance
      case NLOPT_MAXEVAL_REACHED, NLOPT_MAXTIME_REACHED: stop = .evaluations
      case NLOPT_FAILURE, NLOPT_ROUNDOFF_LIMITED: stop = .lineSearch
      case NLOPT_OUT_OF_MEMORY: throw .optimizer("out of memory")
      default:
        let text = nlopt_get_errmsg(optimizer).map { String(cString: $0) } ?? "no reason given"
        throw .optimizer("code \(code.rawValue), \(text)")
      }
      return Outcome(point: box.point, value: box.value, stop: stop)
    }
  }

  private final class Box {
    let objective: LogResidualObjective
    var point: [Double]
    var value = Double.infinity
    init(_ objective: LogResidualObjective) {
      self.objective = objective
      point = [Double](repeating: 0, count: objective.shape.count)
    }
  }
}
