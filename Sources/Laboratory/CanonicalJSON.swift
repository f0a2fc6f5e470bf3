import Foundation

/// JSON in one form only: sorted keys, no white space, shortest numbers that round-trip.
///
/// Every finite `Double` and `Float` comes back bit for bit, the sign of zero included; infinities
/// and NaN are the strings `inf`, `-inf` and `nan`.
public enum CanonicalJSON {
  private static let infinity = "inf"
  private static let minusInfinity = "-inf"
  private static let notANumber = "nan"

  /// Encodes a value.
  public static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: infinity, negativeInfinity: minusInfinity, nan: notANumber)
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Decodes what `encode` wrote.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from json: String
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: infinity, negativeInfinity: minusInfinity, nan: notANumber)
    return try decoder.decode(type, from: Data(json.utf8))
  }

  /// Encodes a trial, which must be possible: its parts are numbers, words, lists and structs.
  static func text<T: Trial>(of trial: T) -> String {
    do {
      return try encode(trial)
    } catch {
      preconditionFailure("a trial must be encodable as JSON; \(trial) is not: \(error)")
    }
  }

  /// A decoding error in a few words: what was missing or wrong, and where.
  static func explain(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "" : " in `\(path)`"
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "it has no `\(key.stringValue)`" + place(context)
    case .typeMismatch(let type, let context):
      return "a \(type) was expected" + place(context)
    case .valueNotFound(let type, let context):
      return "a \(type) was expected, null found" + place(context)
    case .dataCorrupted(let context):
      return context.debugDescription + place(context)
    @unknown default:
      return "\(error)"
    }
  }
}
