import Laboratory

/// What a column may be for, and what people call it.
public enum ColumnRole: String, Sendable, CaseIterable {
  /// N, the number of parameters.
  case size = "N"
  /// D, the number of training tokens.
  case data = "D"
  /// C, the training compute in FLOPs.
  case compute = "C"
  /// The final loss.
  case loss = "loss"
  /// The learning rate.
  case learningRate = "learning rate"
  /// The run that a point of a learning curve belongs to.
  case run = "run"

  /// The usual names, as `key` makes them; the first comes before all others.
  var names: [String] {
    switch self {
    case .size:
      [
        "n", "params", "parameters", "nparams", "nparameters", "numparams", "numparameters",
        "paramcount", "parametercount", "modelsize", "size", "totalparams", "totalparameters",
        "nonembeddingparams", "nonembeddingparameters",
      ]
    case .data:
      [
        "d", "tokens", "trainingtokens", "traintokens", "ntokens", "numtokens", "tokencount",
        "trainedtokens", "tokensseen", "datasetsize", "datasize", "data",
      ]
    case .compute:
      [
        "c", "flop", "flops", "trainingflop", "trainingflops", "trainflops", "totalflops",
        "compute", "trainingcompute",
      ]
    case .loss:
      [
        "loss", "l", "finalloss", "valloss", "validationloss", "evalloss", "testloss", "trainloss",
        "trainingloss", "crossentropy",
      ]
    case .learningRate: ["lr", "learningrate", "maxlr", "peaklr", "peaklearningrate"]
    case .run: ["run", "runid", "runname", "curve", "name", "model", "id"]
    }
  }

  /// The option that names such a column.
  var option: String {
    switch self {
    case .size: "--n"
    case .data: "--d"
    case .compute: "--c"
    case .loss: "--loss"
    case .learningRate: "--learning-rate"
    case .run: "--run"
    }
  }

  /// A name without case, spaces and signs: "Training Tokens" and "training_tokens" are one.
  static func key(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// The place of the one column that has a usual name of this role; nil if none has.
  ///
  /// A column called by the role's first name is meant, whatever else there is; several others may
  /// all be meant, and the user has to say which.
  func index(in columns: [String], file: String) throws(DataError) -> Int? {
    let keys = columns.map { Self.key($0) }
    if let index = columns.firstIndex(of: rawValue) { return index }
    let first = keys.indices.filter { keys[$0] == names[0] }
    if first.count == 1 { return first[0] }
    let found = keys.indices.filter { names.contains(keys[$0]) }
    guard found.count > 1 else { return found.first }
    throw .ambiguousColumn(
      file: file, role: rawValue, option: option, names: found.map { columns[$0] })
  }

  /// The place of the column that the user names; the error suggests the nearest name.
  static func index(
    of name: String, option: String, in columns: [String], file: String
  ) throws(DataError) -> Int {
    if let index = columns.firstIndex(of: name) { return index }
    throw .missingColumn(
      file: file, name: name, option: option, nearest: nearest(name, in: columns),
      columns: columns)
  }

  /// The column whose name differs least, if it differs in no more than a third of its letters or only
  /// in case.
  static func nearest(_ name: String, in columns: [String]) -> String? {
    let wanted = name.lowercased()
    let ranked = columns.map { (NearestWord.distance(wanted, $0.lowercased()), $0) }
    guard let best = ranked.min(by: { $0.0 < $1.0 }) else { return nil }
    return best.0 <= max(1, name.count / 3) && best.0 < name.count || best.0 == 0 ? best.1 : nil
  }
}
