import Randomness
import Tasks
import Testing

struct LargestMarginTests {
  /// Examples of a teacher that is the first axis, times their labels.
  static func examples(_ count: Int, dimensions d: Int, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed, "margin")
    return (0..<count).flatMap { _ -> [Float] in
      let row = (0..<d).map { _ in Float(stream.normal()) }
      return row[0] < 0 ? row.map { -$0 } : row
    }
  }

  static func margin(_ normal: [Double], _ examples: [Float], _ index: Int) -> Double {
    normal.indices.reduce(0) { $0 + normal[$1] * Double(examples[index * normal.count + $1]) }
  }

  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    let gap = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    return gap / b.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  static let sets = [
    (1, 5), (2, 1), (2, 1000), (3, 200), (5, 5), (8, 40), (20, 400), (31, 12), (50, 25), (50, 150),
  ]

  @Test(arguments: sets)
  func theConditionsOfAMinimumHold(d: Int, count: Int) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let examples = Self.examples(count, dimensions: d, seed: seed)
      let plane = try LargestMargin(examples, dimensions: d)
      for index in 0..<count {
        #expect(Self.margin(plane.normal, examples, index) >= 1 - 1e-9)
      }
      var normal = [Double](repeating: 0, count: d)
      for support in plane.support {
        #expect(support.weight > 0)
        #expect(abs(Self.margin(plane.normal, examples, support.example) - 1) <= 1e-9)
        for axis in 0..<d {
          normal[axis] += support.weight * Double(examples[support.example * d + axis])
        }
      }
      #expect(Self.distance(normal, plane.normal) < 1e-9)
      #expect(!plane.support.isEmpty && plane.support.count <= d)
      let indices = plane.support.map(\.example)
      #expect(indices == indices.sorted() && Set(indices).count == indices.count)
      #expect(
        abs(plane.distance * plane.support.reduce(0) { $0 + $1.weight }.squareRoot() - 1) < 1e-9)
    }
  }

  // MARK: Against every active set

  /// The shortest w with all margins at least 1, by trying every set of at most d examples.
  static func bruteForce(_ examples: [Float], dimensions d: Int) -> [Double]? {
    let count = examples.count / d
    var best: [Double]?
    var bestSquare = Double.infinity
    for subset in 1..<(1 << count) {
      let members = (0..<count).filter { subset >> $0 & 1 == 1 }
      guard members.count <= d, let w = equality(examples, d, members) else { continue }
      let square = w.reduce(0) { $0 + $1 * $1 }
      guard square < bestSquare,
        (0..<count).allSatisfy({ margin(w, examples, $0) >= 1 - 1e-10 })
      else { continue }
      (best, bestSquare) = (w, square)
    }
    return best
  }

  /// The shortest w with margins of exactly 1, by elimination; nil if the members are dependent.
  static func equality(_ examples: [Float], _ d: Int, _ members: [Int]) -> [Double]? {
    let k = members.count
    var rows = members.map { i in
      members.map { j in
        (0..<d).reduce(0.0) { $0 + Double(examples[i * d + $1]) * Double(examples[j * d + $1]) }
      } + [1]
    }
    for column in 0..<k {
      let pivot = (column..<k).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
      guard abs(rows[pivot][column]) > 1e-10 else { return nil }
      rows.swapAt(column, pivot)
      for row in 0..<k where row != column {
        let factor = rows[row][column] / rows[column][column]
        for other in column...k { rows[row][other] -= factor * rows[column][other] }
      }
    }
    return (0..<d).map { axis in
      (0..<k).reduce(0.0) {
        $0 + rows[$1][k] / rows[$1][$1] * Double(examples[members[$1] * d + axis])
      }
    }
  }

  @Test(arguments: [(1, 4), (2, 2), (2, 7), (3, 3), (3, 8), (4, 9), (5, 3)])
  func noActiveSetGivesAShorterNormal(d: Int, count: Int) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      let examples = Self.examples(count, dimensions: d, seed: seed)
      let expected = try #require(Self.bruteForce(examples, dimensions: d))
      let found = try LargestMargin(examples, dimensions: d).normal
      #expect(Self.distance(found, expected) < 1e-8)
    }
  }

  @Test func labelsWithoutAPlaneAreFoundExactlyWhereNoActiveSetHasOne() throws {
    var stream = RandomStream(seed: 3, "labels")
    var refused = 0
    for _ in 0..<60 {
      let examples = (0..<15).map { _ in Float(stream.normal()) }
      let expected = Self.bruteForce(examples, dimensions: 3)
      let found = try? LargestMargin(examples, dimensions: 3).normal
      #expect((found == nil) == (expected == nil))
      if let found, let expected { #expect(Self.distance(found, expected) < 1e-8) }
      if found == nil { refused += 1 }
    }
    #expect(refused > 10 && refused < 50)
  }

  // MARK: Against ascent in one coordinate at a time

  /// Anlauf & Biehl's AdaTron, which stops when no margin moves by more than `tolerance`.
  static func ascent(_ examples: [Float], dimensions d: Int, tolerance: Double) -> [Double] {
    let count = examples.count / d
    let rows = (0..<count).map { examples[$0 * d..<($0 + 1) * d].map(Double.init) }
    let squares = rows.map { $0.reduce(0) { $0 + $1 * $1 } }
    var normal = [Double](repeating: 0, count: d)
    var weights = [Double](repeating: 0, count: count)
    for _ in 0..<100_000 {
      var worst = 0.0
      for index in 0..<count {
        var margin = 0.0
        for axis in 0..<d { margin += rows[index][axis] * normal[axis] }
        let step = max(-weights[index], (1 - margin) / squares[index])
        weights[index] += step
        for axis in 0..<d { normal[axis] += step * rows[index][axis] }
        worst = max(worst, abs(step) * squares[index])
      }
      if worst < tolerance { break }
    }
    return normal
  }

  @Test(arguments: [(6, 3), (6, 6), (6, 30), (10, 60)], [1e-3, 1e-7])
  func slowAscentEndsAtTheSamePlane(set: (Int, Int), tolerance: Double) throws {
    let examples = Self.examples(set.1, dimensions: set.0, seed: 5)
    let slow = Self.ascent(examples, dimensions: set.0, tolerance: tolerance)
    let plane = try LargestMargin(examples, dimensions: set.0)
    #expect(Self.distance(slow, plane.normal) < 30 * tolerance)
  }

  // MARK: Laws

  @Test func theOrderOfTheExamplesDoesNotMatter() throws {
    let (d, count) = (12, 200)
    let examples = Self.examples(count, dimensions: d, seed: 9)
    let plane = try LargestMargin(examples, dimensions: d)
    var stream = RandomStream(seed: 9, "order")
    for _ in 0..<4 {
      let order = stream.permutation(count)
      let other = try LargestMargin(
        order.flatMap { examples[$0 * d..<($0 + 1) * d] }, dimensions: d)
      #expect(Self.distance(other.normal, plane.normal) < 1e-11)
      #expect(Set(other.support.map { order[$0.example] }) == Set(plane.support.map(\.example)))
    }
  }

  @Test func examplesFarFromThePlaneDoNotChangeABit() throws {
    let d = 10
    let examples = Self.examples(100, dimensions: d, seed: 4)
    let plane = try LargestMargin(examples, dimensions: d)
    // Along the normal with margin 2, and not so long that the unit of length changes.
    let square = plane.normal.reduce(0) { $0 + $1 * $1 }
    let far = plane.normal.map { Float(2 * $0 / square) }
    let more = try LargestMargin(examples + far + far, dimensions: d)
    #expect(more.normal == plane.normal)
    #expect(more.support == plane.support)
    // Only those that hold it: the same plane again.
    let few = try LargestMargin(
      plane.support.flatMap { examples[$0.example * d..<($0.example + 1) * d] }, dimensions: d)
    #expect(Self.distance(few.normal, plane.normal) < 1e-12)
    #expect(few.support.count == plane.support.count)
  }

  @Test func theUnitOfLengthDoesNotMatter() throws {
    let examples = Self.examples(80, dimensions: 7, seed: 6)
    let plane = try LargestMargin(examples, dimensions: 7)
    let long = try LargestMargin(examples.map { $0 * 0x1p40 }, dimensions: 7)
    #expect(long.normal == plane.normal.map { $0 * 0x1p-40 })
    let short = try LargestMargin(examples.map { $0 * 0x1p-30 }, dimensions: 7)
    #expect(short.normal == plane.normal.map { $0 * 0x1p30 })
  }

  @Test func theBitsAreThoseOfEveryMachine() throws {
    let plane = try LargestMargin(Self.examples(60, dimensions: 9, seed: 8), dimensions: 9)
    let bits = plane.normal.reduce(UInt64(0)) { ($0 << 7 | $0 >> 57) ^ $1.bitPattern }
    #expect(bits == 0xb91a_58b3_cef6_6a2f)
  }

  // MARK: Degenerate sets

  @Test func oneExampleIsItsOwnNormal() throws {
    let plane = try LargestMargin([3, 4], dimensions: 2)
    #expect(abs(plane.normal[0] - 0.12) < 1e-15 && abs(plane.normal[1] - 0.16) < 1e-15)
    #expect(abs(plane.distance - 5) < 1e-14)
    #expect(plane.support.map(\.example) == [0])
  }

  @Test func equalExamplesShareOneWeight() throws {
    let (d, count) = (6, 40)
    let examples = Self.examples(count, dimensions: d, seed: 2)
    let plane = try LargestMargin(examples, dimensions: d)
    let twice = try LargestMargin(examples + examples, dimensions: d)
    #expect(Self.distance(twice.normal, plane.normal) < 1e-12)
    #expect(
      Set(twice.support.map { $0.example % count }) == Set(plane.support.map(\.example)))
    #expect(twice.support.count == plane.support.count)
    let same = try LargestMargin((0..<30).flatMap { _ in [1, 2, 2] as [Float] }, dimensions: 3)
    #expect(same.support.map(\.example) == [0])
  }

  @Test func nearlyEqualExamplesKeepTheirMargins() throws {
    var stream = RandomStream(seed: 7, "near")
    for exponent in [1e-2, 1e-4, 1e-6] {
      let d = 8
      let examples = (0..<20).flatMap { _ in
        (0..<d).map { Float($0 == 0 ? 1 : 0.5) + Float(exponent * stream.normal()) }
      }
      let plane = try LargestMargin(examples, dimensions: d)
      for index in 0..<20 { #expect(Self.margin(plane.normal, examples, index) >= 1 - 1e-9) }
      for support in plane.support {
        #expect(abs(Self.margin(plane.normal, examples, support.example) - 1) < 1e-9)
      }
    }
  }

  @Test func moreExamplesOnTheMarginThanDimensionsAreOnePlane() throws {
    // The corners of a cube's face, and its middle: all on the margin, α is not unique.
    var face: [Float] = [1, 0, 0, 0]
    for corner in 0..<8 {
      face += [1] + (0..<3).map { corner >> $0 & 1 == 0 ? -1 : 1 }
    }
    let plane = try LargestMargin(face, dimensions: 4)
    #expect(Self.distance(plane.normal, [1, 0, 0, 0]) < 1e-14)
    #expect(plane.support.count <= 4)
    #expect(abs(plane.support.reduce(0) { $0 + $1.weight } - 1) < 1e-14)
  }

  @Test func labelsThatNoPlaneGivesAreRefused() {
    let opposite = LargestMarginError.notSeparable(examples: 2, dimensions: 2)
    #expect(throws: opposite) { try LargestMargin([1, 2, -1, -2], dimensions: 2) }
    #expect(throws: opposite) { try LargestMargin([1, 2, 0, 0], dimensions: 2) }
    #expect(throws: opposite) { try LargestMargin([0, 0, 0, 0], dimensions: 2) }
    // A margin of 1e-7 of the longest example.
    #expect(throws: opposite) { try LargestMargin([1, 1e-7, -1, 1e-7], dimensions: 2) }
    // Four times as many random labels as dimensions.
    var stream = RandomStream(seed: 1, "noise")
    let noise = (0..<80 * 20).map { _ in Float(stream.normal()) }
    #expect(throws: LargestMarginError.notSeparable(examples: 80, dimensions: 20)) {
      try LargestMargin(noise, dimensions: 20)
    }
    #expect(throws: LargestMarginError.notFinite(example: 1)) {
      try LargestMargin([1, 2, .nan, 2], dimensions: 2)
    }
    #expect(throws: LargestMarginError.notFinite(example: 0)) {
      try LargestMargin([1, .infinity, 1, 2], dimensions: 2)
    }
  }

  @Test func errorsSayWhatToDo() {
    let texts = [
      LargestMarginError.notFinite(example: 3),
      .notSeparable(examples: 9, dimensions: 2),
      .unresolved(examples: 9, dimensions: 2, steps: 70),
    ].map(\.description)
    #expect(
      texts == [
        "every number of an example must be finite; example 3 (counted from 0) has one that is not. "
          + "Remove the example or mend it.",
        "a plane through the origin must have all examples on one side, by at least 1e-6 of the "
          + "longest; these 9 examples in 2 dimensions have none. Mend the labels, add a constant "
          + "input if the rule has a threshold, or take fewer examples.",
        "margins must be computable to 1e-9; of 9 examples in 2 dimensions they were not after 70 "
          + "steps. Remove examples that are nearly equal.",
      ])
  }
}
