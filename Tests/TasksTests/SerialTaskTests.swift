import Randomness
import Tasks
import Testing

@Suite struct SerialTaskTests {
  @Test(arguments: SerialTask.allCases)
  func everyOperationIsAPermutation(task: SerialTask) {
    for operation in 0..<task.operations {
      let ends = (0..<task.states).map { task.apply(operation, to: $0) }
      #expect(Set(ends) == Set(0..<task.states), "\(operation)")
    }
  }

  @Test func operationsDoWhatTheirNamesSay() {
    #expect((0..<7).map { SerialTask.arithmetic.apply($0, to: 5) } == [5, 6, 0, 1, 2, 3, 4])
    #expect((7..<13).map { SerialTask.arithmetic.apply($0, to: 5) } == [5, 3, 1, 6, 4, 2])
    // Ten swaps, each of its own pair of cups.
    let swaps = (0..<10).map { swap in
      (0..<5).filter { SerialTask.cups.apply(swap, to: $0) != $0 }
    }
    #expect(swaps.allSatisfy { $0.count == 2 })
    #expect(Set(swaps).count == 10)
  }

  @Test(arguments: SerialTask.allCases)
  func aGuessWithoutTheStartIsRightByChance(task: SerialTask) {
    // All problems of length 2, enumerated: each list of operations has every end equally often.
    for one in 0..<task.operations {
      for two in 0..<task.operations {
        let ends = (0..<task.states).map {
          SerialProblem(start: $0, operations: [one, two]).states(in: task)[1]
        }
        #expect(Set(ends).count == task.states)
      }
    }
    #expect(task.chance == 1 / Double(task.states))
  }

  @Test(arguments: SerialTask.allCases)
  func theBestGuessFromTheStartIsThatOfAllProblems(task: SerialTask) {
    #expect(task.bestGuess(length: 0) == 1)
    for length in 1...3 {
      // Count the ends of every problem, start by start.
      var right = 0
      for start in 0..<task.states {
        var ends = [Int](repeating: 0, count: task.states)
        func go(_ state: Int, _ left: Int) {
          guard left > 0 else { return ends[state] += 1 }
          for operation in 0..<task.operations { go(task.apply(operation, to: state), left - 1) }
        }
        go(start, length)
        right += ends.max() ?? 0
      }
      let exact = Double(right) / Double(task.problemCount(length: length) ?? 0)
      #expect((task.bestGuess(length: length) - exact).magnitude < 1e-12)
    }
    #expect((task.bestGuess(length: 60) - task.chance).magnitude < 1e-3)
  }

  @Test func aBallStaysUnderItsCupByTheLawOfTheRandomSwap() {
    // A swap moves the ball with probability 4/10: the second eigenvalue is 1/2.
    for length in 1...8 {
      let exact = 0.2 + 0.8 * (0..<length).reduce(1) { product, _ in product / 2 }
      #expect((SerialTask.cups.bestGuess(length: length) - exact).magnitude < 1e-12)
    }
  }

  @Test func problemsAreCountedUntilTheyOverflow() {
    #expect(SerialTask.cups.problemCount(length: 3) == 5000)
    #expect(SerialTask.arithmetic.problemCount(length: 0) == 7)
    #expect(SerialTask.arithmetic.problemCount(length: 40) == nil)
  }
}

@Suite struct SerialProblemsTests {
  static let split = SerialProblems(
    .cups, training: 3000, trained: 5, tested: 6, testPerLength: 100, seed: 1)

  @Test func noProblemIsTwiceOrInBothParts() {
    for index in 0..<5 {
      let training = Set(Self.split.training[index])
      let test = Set(Self.split.test[index])
      #expect(training.count == Self.split.training[index].count)
      #expect(test.count == Self.split.test[index].count)
      #expect(training.isDisjoint(with: test))
      #expect(training.union(test).allSatisfy { $0.length == index + 1 })
    }
    #expect(Self.split.training.count == 5 && Self.split.test.count == 6)
  }

  @Test func longProblemsMakeUpForTheFewShortOnes() {
    // 50 problems of length 1, a quarter of them for testing.
    #expect(Self.split.test.map(\.count) == [12, 100, 100, 100, 100, 100])
    #expect(Self.split.training.map(\.count) == [38, 400, 854, 854, 854])
    #expect(Self.split.training.map(\.count).reduce(0, +) == 3000)
  }

  @Test func fewerProblemsAreAmongMoreAndTheTestStays() {
    let fewer = SerialProblems(
      .cups, training: 200, trained: 5, tested: 6, testPerLength: 100, seed: 1)
    #expect(fewer.test == Self.split.test)
    for (few, many) in zip(fewer.training, Self.split.training) {
      #expect(Array(many.prefix(few.count)) == few)
    }
    let other = SerialProblems(
      .cups, training: 200, trained: 5, tested: 6, testPerLength: 100, seed: 2)
    #expect(other.test != Self.split.test)
  }
}
