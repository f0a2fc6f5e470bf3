import Foundation
import ScalingLaws

/// A JSON value that keeps the order of its keys.
enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([(String, JSON)])

  static func == (a: JSON, b: JSON) -> Bool { a.description == b.description }

  static func integer(_ value: Int) -> JSON { .number(Double(value)) }

  /// A number, or null if there is none.
  static func optional(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }

  /// `value`, and `low` and `high` if there is an interval; null where it has no end on that side.
  static func estimate(_ estimate: Estimate, _ more: [(String, JSON)] = []) -> JSON {
    var fields: [(String, JSON)] = [("value", .number(estimate.value))]
    if estimate.hasInterval {
      fields += [("low", .number(estimate.low)), ("high", .number(estimate.high))]
    }
    return .object(fields + more)
  }

  /// The text, indented by two spaces; lists and objects without inner ones stand on one line.
  func text(indent: Int = 0) -> String {
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .list(let values) where !isFlat(values, limit: .max):
      let lines = values.map { inner + $0.text(indent: indent + 2) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let fields) where !isFlat(fields.map(\.1), limit: 6):
      let lines = fields.map { "\(inner)\(Self.quoted($0)): \($1.text(indent: indent + 2))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    default: return description
    }
  }

  private func isFlat(_ values: [JSON], limit: Int) -> Bool {
    values.count <= limit
      && values.allSatisfy {
        switch $0 {
        case .list, .object: false
        default: true
        }
      }
  }
}

extension JSON: CustomStringConvertible {
  /// The text on one line.
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value):
      // JSON has no infinities; whole numbers need no ".0".
      !value.isFinite
        ? "null"
        : value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let value): Self.quoted(value)
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .object(let fields):
      "{" + fields.map { "\(Self.quoted($0)): \($1)" }.joined(separator: ", ") + "}"
    }
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
