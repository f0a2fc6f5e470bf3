/// Refuses the fields of one type that cannot be built, with the text that they all share.
struct FieldCheck {
  let type: Any.Type

  init(_ type: Any.Type) { self.type = type }

  /// Throws unless `holds`; the requirement completes 'must', the advice says what to do.
  func require(
    _ holds: Bool, _ field: String, _ value: some Any, _ requirement: String, _ advice: String
  ) throws(ConfigurationError) {
    if holds { return }
    throw ConfigurationError(
      type: "\(type)", field: field, value: "\(value)", requirement: requirement, advice: advice)
  }

  /// Throws the first field that is not in 1 ... largest.
  func requireSizes(
    _ sizes: KeyValuePairs<String, Int>, atMost largest: Int = 1 << 20,
    _ advice: String = "This package trains small models."
  ) throws(ConfigurationError) {
    for (field, size) in sizes {
      try require(size >= 1, field, size, "be at least 1", "Give a positive size.")
      try require(size <= largest, field, size, "be at most \(largest)", advice)
    }
  }

  /// Throws unless `name` is a tensor of the layout.
  func requireTensor(
    _ name: String, of layout: ParameterLayout, _ field: String
  ) throws(ConfigurationError) {
    if layout[name] != nil { return }
    try require(
      false, field, name, "be the name of a tensor of this model",
      "Its tensors are \(layout.tensors.map(\.name).joined(separator: ", ")).")
  }
}
