public import MathTree

/// Why a label of a figure cannot be set: which one, where in it, what was found and what to do.
public struct LabelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The figure's name, if it was drawn under one.
  public var figure: String?
  /// What the label belongs to: `the x axis`.
  public var place: String
  /// The label as it is written.
  public var label: String
  /// The character of the label at which the fault is, counted from 1.
  public var column: Int
  /// The fault.
  public var problem: MathError.Problem

  /// `figure 'loss', the x axis, column 8 of 'Tokens $\tokens$': what is wrong. What to do.`
  public var description: String {
    (figure.map { "figure '\($0)', " } ?? "") + "\(place), column \(column) of '\(label)': "
      + problem.text
  }
}

/// The labels of a figure, each read once.
struct LabelTable {
  private var texts: [String: RichText] = [:]

  /// A table that reads what it is asked for.
  init() {}

  /// The labels of a figure.
  init(_ plot: Plot, figure: String?) throws(LabelError) {
    for (index, panel) in plot.panels.enumerated() {
      let suffix = plot.panels.count > 1 ? " of panel \(index + 1)" : ""
      try add(panel.title, "the title" + suffix, figure)
      for (axis, name) in [(panel.x, "the x axis"), (panel.y, "the y axis")] {
        try add(axis.label, name + suffix, figure)
        for tick in axis.ticks ?? [] {
          try add(tick.label ?? "", "a tick of \(name)" + suffix, figure)
        }
        if case .categories(let order) = axis.kind {
          for category in (order ?? []) + axis.headings {
            try add(category, "a name on \(name)" + suffix, figure)
          }
        }
      }
      for layer in panel.layers {
        if case .rowNotes(let title) = layer.kind {
          try add(title, "the title of the notes" + suffix, figure)
        }
        try add(layer.scale?.label ?? "", "the colour bar", figure)
        for row in layer.rows {
          try add(row.series ?? "", "a series" + suffix, figure)
          if case .name(let name)? = row.x {
            try add(name, "a name on the x axis" + suffix, figure)
          }
          if case .name(let name)? = row.y {
            try add(name, "a name on the y axis" + suffix, figure)
          }
          guard let label = row.label else { continue }
          for line in label.split(separator: "\n") {
            try add(String(line), "the label of a mark (\(layer.name))" + suffix, figure)
          }
        }
      }
    }
  }

  private mutating func add(
    _ markup: String, _ place: @autoclosure () -> String, _ figure: String?
  ) throws(LabelError) {
    guard texts[markup] == nil else { return }
    do {
      texts[markup] = try RichText(markup)
    } catch {
      let before = markup.utf8.prefix((error.location.column ?? 1) - 1)
      throw LabelError(
        figure: figure, place: place(), label: markup,
        column: String(decoding: before, as: UTF8.self).count + 1, problem: error.problem)
    }
  }

  /// The text of a label.
  subscript(markup: String) -> RichText {
    if let known = texts[markup] { return known }
    do {
      return try RichText(markup)
    } catch {
      preconditionFailure(
        "the table must hold every label that can be wrong; '\(markup)': \(error)")
    }
  }

  /// What a label says in plain characters.
  func plain(_ markup: String) -> String { self[markup].plain }
}
