/// The names nearest to a misspelled one, best first; none if nothing is near.
///
/// Near means at most a third of the letters wrong (Levenshtein, transpositions count as one), or
/// one name being the beginning of the other.
/// - Complexity: O(n k^2) for n candidates of length k.
public func nearestNames(to name: String, among candidates: [String], limit: Int = 3) -> [String] {
  let wanted = Array(name.lowercased().unicodeScalars)
  var scored: [(distance: Int, name: String)] = []
  for candidate in candidates {
    let other = Array(candidate.lowercased().unicodeScalars)
    let distance = editDistance(wanted, other)
    let allowed = max(1, max(wanted.count, other.count) / 3)
    let isPrefix =
      min(wanted.count, other.count) >= 3
      && (other.starts(with: wanted) || wanted.starts(with: other))
    if distance <= allowed || isPrefix { scored.append((distance, candidate)) }
  }
  scored.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
  return scored.prefix(limit).map(\.name)
}

/// The least number of insertions, deletions, replacements and swaps of neighbours.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var before: [Int] = []
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
      row.append(best)
    }
    before = previous
    previous = row
  }
  return previous[b.count]
}
