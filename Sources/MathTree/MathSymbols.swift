/// The commands of formulas and what they stand for: the part of TeX that formulas here may use.
enum MathSymbols {
  /// Commands that are one symbol.
  static let symbols: [String: MathNode] = {
    var table: [String: MathNode] = [:]
    func add(_ names: String, _ make: (String) -> MathNode) {
      for pair in names.split(separator: " ") {
        let parts = pair.split(separator: "=", maxSplits: 1)
        table[String(parts[0])] = make(String(parts[1]))
      }
    }
    add(
      """
      alpha=α beta=β gamma=γ delta=δ epsilon=ϵ varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι \
      kappa=κ lambda=λ mu=μ nu=ν xi=ξ omicron=ο pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ varsigma=ς \
      tau=τ upsilon=υ phi=ϕ varphi=φ chi=χ psi=ψ omega=ω
      """
    ) { .letter($0, .italic) }
    add(
      "Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω"
    ) { .letter($0, .upright) }
    add(
      """
      infty=∞ partial=∂ nabla=∇ ell=ℓ hbar=ℏ forall=∀ exists=∃ nexists=∄ emptyset=∅ varnothing=∅ \
      angle=∠ top=⊤ bot=⊥ Re=ℜ Im=ℑ aleph=ℵ prime=′ neg=¬ lnot=¬ degree=° dagger=† vdots=⋮ \
      square=□ checkmark=✓ backslash=\\
      """
    ) { .symbol($0, .ordinary) }
    add("dots=… ldots=… cdots=⋯ ddots=⋱") { .symbol($0, .inner) }
    add(
      """
      times=× cdot=· pm=± mp=∓ div=÷ ast=∗ star=⋆ circ=∘ bullet=∙ cup=∪ cap=∩ setminus=∖ oplus=⊕ \
      ominus=⊖ otimes=⊗ odot=⊙ wedge=∧ land=∧ vee=∨ lor=∨
      """
    ) { .symbol($0, .binary) }
    add(
      """
      le=≤ leq=≤ leqslant=≤ ge=≥ geq=≥ geqslant=≥ ne=≠ neq=≠ approx=≈ sim=∼ simeq=≃ cong=≅ \
      equiv=≡ propto=∝ in=∈ notin=∉ ni=∋ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ to=→ \
      rightarrow=→ gets=← leftarrow=← leftrightarrow=↔ mapsto=↦ uparrow=↑ downarrow=↓ \
      Rightarrow=⇒ Leftarrow=⇐ Leftrightarrow=⇔ longrightarrow=⟶ ll=≪ gg=≫ prec=≺ succ=≻ mid=∣ \
      parallel=∥ perp=⟂ vdash=⊢ models=⊨ lesssim=≲ gtrsim=≳ asymp=≍ coloneqq=≔ triangleq=≜
      """
    ) { .symbol($0, .relation) }
    for (name, sign) in [("implies", "⟹"), ("impliedby", "⟸"), ("iff", "⟺")] {
      table[name] = .row([.space(5.0 / 18), .symbol(sign, .relation), .space(5.0 / 18)])
    }
    add("lparen=( lbrack=[ lbrace={ langle=⟨ lfloor=⌊ lceil=⌈ lvert=| lVert=‖") {
      .symbol($0, .opening)
    }
    add("rparen=) rbrack=] rbrace=} rangle=⟩ rfloor=⌋ rceil=⌉ rvert=| rVert=‖") {
      .symbol($0, .closing)
    }
    add("vert=| Vert=‖") { .symbol($0, .ordinary) }
    add("colon=:") { .symbol($0, .punctuation) }
    add("sum=∑ prod=∏ coprod=∐ bigcup=⋃ bigcap=⋂ bigoplus=⨁ bigotimes=⨂ bigvee=⋁ bigwedge=⋀") {
      .largeOperator($0, limits: true)
    }
    add("int=∫ iint=∬ iiint=∭ oint=∮") { .largeOperator($0, limits: false) }
    for name in """
    log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth arg deg dim \
    hom ker
    """.split(separator: " ") {
      table[String(name)] = .function(String(name), limits: false)
    }
    for name in "min max sup inf lim det gcd Pr".split(separator: " ") {
      table[String(name)] = .function(String(name), limits: true)
    }
    for (name, text) in [
      ("argmin", "arg\u{2009}min"), ("argmax", "arg\u{2009}max"), ("limsup", "lim\u{2009}sup"),
      ("liminf", "lim\u{2009}inf"),
    ] {
      table[name] = .function(text, limits: true)
    }
    // Widths in eighteenths of an em.
    let spaces: [(name: String, width: Double)] = [
      (",", 3), (":", 4), (">", 4), (";", 5), ("!", -3), ("thinspace", 3), ("quad", 18),
      ("qquad", 36), (" ", 4.5), ("\n", 4.5),
    ]
    for space in spaces { table[space.name] = .space(space.width / 18) }
    for sign in ["%", "#", "&", "$", "_"] { table[sign] = .symbol(sign, .ordinary) }
    table["{"] = .symbol("{", .opening)
    table["}"] = .symbol("}", .closing)
    table["|"] = .symbol("‖", .ordinary)
    return table
  }()

  /// Marks over one argument.
  static let accents: [String: MathAccent] = [
    "hat": MathAccent("\u{02C6}"), "tilde": MathAccent("\u{02DC}"), "bar": MathAccent("\u{00AF}"),
    "vec": MathAccent("\u{2192}"), "dot": MathAccent("\u{02D9}"), "ddot": MathAccent("\u{00A8}"),
    "check": MathAccent("\u{02C7}"), "breve": MathAccent("\u{02D8}"),
    "acute": MathAccent("\u{00B4}"), "grave": MathAccent("\u{0060}"),
    "mathring": MathAccent("\u{02DA}"), "widehat": MathAccent("\u{02C6}", isWide: true),
    "widetilde": MathAccent("\u{02DC}", isWide: true),
    "overline": MathAccent("\u{00AF}", isWide: true),
    "overrightarrow": MathAccent("\u{2192}", isWide: true),
    "overbrace": MathAccent("\u{23DE}", isWide: true),
    "underline": MathAccent("\u{005F}", isBelow: true, isWide: true),
    "underbrace": MathAccent("\u{23DF}", isBelow: true, isWide: true),
  ]

  /// Commands that change the shape of the letters in their argument.
  static let variants: [String: MathVariant] = [
    "mathrm": .upright, "mathup": .upright, "mathit": .italic, "mathbf": .bold,
    "boldsymbol": .boldItalic, "mathbb": .blackboard, "mathcal": .calligraphic,
    "mathsf": .sans, "mathtt": .monospace,
  ]

  /// Heights of `\big`, `\Big`, `\bigg` and `\Bigg`, in units of the normal delimiter.
  static let sizes: [String: Double] = ["big": 1.2, "Big": 1.8, "bigg": 2.4, "Bigg": 3]

  /// Environments: the array's kind and the delimiters around it.
  static let environments: [String: (kind: MathArray.Kind, left: String, right: String)] = [
    "matrix": (.matrix, "", ""), "pmatrix": (.matrix, "(", ")"), "bmatrix": (.matrix, "[", "]"),
    "Bmatrix": (.matrix, "{", "}"), "vmatrix": (.matrix, "|", "|"),
    "Vmatrix": (.matrix, "‖", "‖"), "array": (.matrix, "", ""), "cases": (.cases, "{", ""),
    "aligned": (.aligned, "", ""), "gathered": (.matrix, "", ""),
  ]

  /// Commands that the parser itself knows.
  static let structures = [
    "frac", "dfrac", "tfrac", "binom", "sqrt", "text", "textrm", "operatorname", "left", "right",
    "middle", "begin", "end", "limits", "nolimits", "overset", "underset", "stackrel", "substack",
    "displaystyle", "textstyle", "not",
  ]

  /// Signs that `\not` strikes through.
  static let negations: [String: String] = [
    "=": "≠", "∈": "∉", "<": "≮", ">": "≯", "≤": "≰", "≥": "≱", "∼": "≁", "≈": "≉", "≡": "≢",
    "⊂": "⊄", "⊆": "⊈", "∣": "∤", "∥": "∦",
  ]

  /// The symbol for a character that stands for itself; nil if it cannot.
  static func character(_ scalar: Unicode.Scalar) -> MathNode? {
    switch scalar {
    case "-", "−": .symbol("−", .binary)
    case "*": .symbol("∗", .binary)
    case "+", "±", "×", "·": .symbol(String(scalar), .binary)
    case "=", "<", ">", ":", "≤", "≥", "≈", "∝", "∈", "→": .symbol(String(scalar), .relation)
    case "(", "[": .symbol(String(scalar), .opening)
    case ")", "]", "!", "?": .symbol(String(scalar), .closing)
    case ",", ";": .symbol(String(scalar), .punctuation)
    case "/", "|", "@", "∞", "…": .symbol(String(scalar), .ordinary)
    default:
      scalar.properties.isAlphabetic && (scalar.isASCII || ("Α"..."ω").contains(scalar))
        ? .letter(String(scalar), .italic) : nil
    }
  }

  /// All commands, to suggest one for a misspelled one.
  static let allCommands: [String] = {
    var names = Array(symbols.keys)
    names += accents.keys
    names += variants.keys
    names += sizes.keys
    names += structures
    return names.filter { $0.first?.isLetter == true }.sorted()
  }()
}
