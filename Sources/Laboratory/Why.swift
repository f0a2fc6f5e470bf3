/// Tells of each trial whether it was known or trained, and what was new about it.
struct WhyReport: Sendable {
  private(set) var lines: [String] = []

  mutating func add(
    _ trial: AnyTrial, trained: Bool, stored: StoredRun, rerun: Bool,
    before: [String: [TrialIdentity]]
  ) {
    let identity = trial.identity
    let head = "\(identity.trial) \(identity.parameters): "
    guard trained else {
      let failed = stored.outcome == nil ? "failed: \(stored.reason)" : "known"
      lines.append(
        head + "\(failed), since \(Timestamp.text(stored.finished).prefix(10)), "
          + Text.duration(stored.seconds))
      return
    }
    let reason =
      rerun
      ? "--rerun asked for it"
      : Self.news(identity, among: before[identity.trial] ?? [])
    let end = stored.outcome == nil ? "failed: \(stored.reason)" : Text.duration(stored.seconds)
    lines.append(head + "trained, \(reason), \(end)")
  }

  /// What is new about `identity`, compared with the nearest of the stored ones of its type.
  static func news(_ identity: TrialIdentity, among stored: [TrialIdentity]) -> String {
    guard !stored.isEmpty else { return "the first of its type" }
    let same = stored.filter { $0.parameters == identity.parameters }
    if same.contains(identity) { return "its stored failure was forgotten" }
    if let other = same.last(where: { $0.trainer == identity.trainer }) {
      return "version \(identity.version) is new (stored: version \(other.version))"
    }
    if let other = same.last(where: { $0.version == identity.version }) {
      return "trainer version \(identity.trainer) is new (stored: \(other.trainer))"
    }
    if let other = same.last {
      return "version \(identity.version) and trainer version \(identity.trainer) are new "
        + "(stored: \(other.version) and \(other.trainer))"
    }
    let current = stored.filter {
      $0.version == identity.version && $0.trainer == identity.trainer
    }
    if current.isEmpty, let last = stored.last {
      return last.version != identity.version
        ? "version \(identity.version) is new (stored: version \(last.version))"
        : "trainer version \(identity.trainer) is new (stored: \(last.trainer))"
    }
    return fields(identity, nearestAmong: current)
  }

  private static func fields(
    _ identity: TrialIdentity, nearestAmong stored: [TrialIdentity]
  ) -> String {
    let own = JSONTree(identity.parameters)?.fields ?? []
    var best: [(name: String, value: String, was: String?)] = []
    var bestCount = Int.max
    for other in stored {
      let fields = Dictionary(
        (JSONTree(other.parameters)?.fields ?? []).map { ($0.name, $0.value) }
      ) { first, _ in first }
      var news: [(name: String, value: String, was: String?)] = own.filter {
        fields[$0.name] != $0.value
      }.map { ($0.name, $0.value, fields[$0.name]) }
      let names = Set(own.map(\.name))
      for gone in fields.keys.sorted() where !names.contains(gone) {
        news.append((gone, "gone", fields[gone]))
      }
      if news.count < bestCount {
        best = news
        bestCount = news.count
        if bestCount == 1 { break }
      }
    }
    return best.map { field in
      guard let was = field.was else { return "field `\(field.name)` is new" }
      if field.value == "gone" { return "field `\(field.name)` is gone" }
      return "`\(field.name)` \(field.value) is new (nearest stored: \(was))"
    }.joined(separator: ", ")
  }
}
