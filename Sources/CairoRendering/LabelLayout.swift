import Plotting

// Labels of figures: words and formulas on one baseline.
extension FontBook {
  /// The size of a formula's letters relative to that of the words around it: Pagella's letters are
  /// smaller on their body than Inter's.
  static let labelMathScale = 1.1

  /// The room that the text takes when it is drawn.
  public func extent(of text: RichText, style: TextStyle) -> TextExtent {
    let label = withLock { self.label(text, style) }
    return TextExtent(width: label.width, height: label.height, depth: label.depth, style: style)
  }

  /// A label as glyphs and rules; each is laid out once. Call within `withLock`.
  ///
  /// Formulas are laid out as within text. Their numbers, words and names of functions are in the
  /// face of the words around them, so that 10^4 on one axis and 0.5 on another look alike.
  func label(_ text: RichText, _ style: TextStyle) -> Formula {
    let key = LabelKey(text: text, style: style)
    if let known = labels[key] { return known }
    // A long-lived process must not collect every text it ever drew.
    if labels.count > 4000 { labels.removeAll() }
    var whole = MathBox()
    let size = style.size * Self.labelMathScale
    func layout(_ font: BookFont) -> MathLayout {
      MathLayout(
        book: self, size: size,
        words: .init(font: font, scale: 1 / Self.labelMathScale, holdsNumbers: true))
    }
    var words = layout(style.weight.font)
    var formulas = layout(style.weight.formulaFont)
    for piece in text.pieces {
      let box: MathBox
      switch piece {
      case .words(let text): box = words.words(text, MathStyle(level: .text))
      case .formula(let node, _): box = formulas.layout(node, MathStyle(level: .text))
      }
      whole.add(box, x: whole.width)
      whole.width += box.width + box.italic
    }
    let new = Formula(whole, missing: words.missing + formulas.missing)
    labels[key] = new
    return new
  }
}

extension TextWeight {
  /// The face of a label's words.
  var font: BookFont {
    switch self {
    case .regular: .sansRegular
    case .medium: .sansMedium
    case .semibold: .sansSemibold
    }
  }

  /// The face of numbers and words in a label's formulas, whose letters have one weight only.
  var formulaFont: BookFont { self == .semibold ? .sansMedium : font }
}

extension Formula {
  /// Runs of one face and size in a row, with the places where they begin.
  var stretches: [[PlacedRun]] {
    var result: [[PlacedRun]] = []
    for placed in runs {
      if let last = result.last?.last, last.run.font == placed.run.font,
        last.run.size == placed.run.size
      {
        result[result.count - 1].append(placed)
      } else {
        result.append([placed])
      }
    }
    return result
  }
}
