import Foundation
import Testing

@testable import ScalingLaws

struct IdentificationTests {
  static func error(_ runs: [PlantedRun], floor: Floor = .free) -> FitError? {
    do throws(FitError) {
      _ = try LossLaw.fit(
        runs, n: \.n, d: \.d, loss: \.loss, floor: floor, starts: .spread(1))
      return nil
    } catch {
      return error
    }
  }

  static func broken(_ change: (inout PlantedRun) -> Void) -> [PlantedRun] {
    var runs = planted(side: 4)
    change(&runs[7])
    return runs
  }

  @Test func badNumbersNameTheirRowAndColumn() {
    #expect(
      Self.error(Self.broken { $0.n = 0 }) == .notPositive(column: "N", row: 7, found: 0))
    #expect(
      Self.error(Self.broken { $0.d = -3 }) == .notPositive(column: "D", row: 7, found: -3))
    #expect(
      Self.error(Self.broken { $0.loss = .infinity })
        == .notPositive(column: "loss", row: 7, found: .infinity))
    guard case .notPositive("loss", 7, let found) = Self.error(Self.broken { $0.loss = .nan })
    else {
      Issue.record("a loss of NaN must be refused")
      return
    }
    #expect(found.isNaN)
    #expect(
      Self.error(Self.broken { $0.loss = 1.5 }, floor: .known(1.69))
        == .belowFloor(row: 7, loss: 1.5, floor: 1.69))
    #expect(Self.error(planted(side: 4), floor: .known(-1)) == .invalidFloor(-1))
  }

  @Test func tablesThatLeaveAParameterOpenAreRefused() {
    let all = planted(side: 6)
    #expect(
      Self.error(Array(all.prefix(5)))
        == .tooFewRows(found: 5, needed: 6, parameters: ["A", "alpha", "B", "beta", "E"]))
    let sizes = Set(all.map(\.n)).sorted()
    let two = all.filter { $0.n <= sizes[1] }
    #expect(
      Self.error(two) == .tooFewDistinct(column: "N", found: 2, needed: 3, parameter: "alpha"))
    // A known floor removes the asymptote over N, and two sizes do.
    #expect(Self.error(two, floor: .known(1.69)) == nil)
    let constant = all.map { PlantedRun(n: $0.n, d: $0.d, loss: 2.5) }
    #expect(Self.error(constant) == .constant(column: "loss", value: 2.5))
    let line = (0..<8).map { step in
      let n = 1e7 * pow(2, Double(step))
      return PlantedRun(n: n, d: 20 * n, loss: chinchilla.loss(n: n, d: 20 * n))
    }
    guard case .onOneLine(let slope) = Self.error(line) else {
      Issue.record("runs on one line must be refused")
      return
    }
    #expect(abs(slope - 1) < 1e-9)
  }

  static func warnings(_ runs: [PlantedRun], form: LossLaw.Form = .additive) throws -> [FitWarning]
  {
    try LossLaw.fit(runs, n: \.n, d: \.d, loss: \.loss, form: form, starts: .spread(12)).warnings
  }

  static func open(_ warnings: [FitWarning]) -> Set<String> {
    Set(warnings.compactMap { if case .notIdentified(let name, _) = $0 { name } else { nil } })
  }

  @Test func halfADecadeOfNoisyRunsIdentifiesNoFloor() throws {
    let runs = planted(scatter: 0.01).map {
      let (n, d) = (pow($0.n / 1e7, 0.2) * 1e7, pow($0.d / 1e8, 0.2) * 1e8)
      let noise = $0.loss / chinchilla.loss(n: $0.n, d: $0.d)
      return PlantedRun(n: n, d: d, loss: chinchilla.loss(n: n, d: d) * noise)
    }
    let warnings = try Self.warnings(runs)
    let narrow = warnings.compactMap {
      if case .narrowRange(let name, _) = $0 { name } else { nil }
    }
    #expect(narrow == ["N", "D"])
    #expect(Self.open(warnings).contains("E") || warnings.contains(.floorAtZero))
  }

  @Test func aColumnWithoutEffectHasAnOpenExponent() throws {
    // All the loss depends on N; D is along for the ride.
    let runs = planted(scatter: 0.01).map {
      PlantedRun(
        n: $0.n, d: $0.d,
        loss: (1 + 400 * pow($0.n, -0.34)) * $0.loss / chinchilla.loss(n: $0.n, d: $0.d))
    }
    let warnings = try Self.warnings(runs)
    let negative = warnings.contains {
      if case .exponentNotPositive("beta", _) = $0 { true } else { false }
    }
    #expect(Self.open(warnings).contains("beta") || negative)
    #expect(!Self.open(warnings).contains("alpha"))
  }

  @Test func aMaximumMakesThePowerMeanRunToItsLimit() throws {
    var law = chinchilla
    law.form = .maximum
    let warnings = try Self.warnings(planted(law), form: .powerMean)
    #expect(warnings.contains { if case .sharpnessAtLimit = $0 { true } else { false } })
  }

  @Test func goodRunsRaiseNoWarning() throws {
    #expect(try Self.warnings(planted(scatter: 0.002)).isEmpty)
  }
}

struct FitErrorTests {
  @Test(arguments: [
    (
      FitError.notPositive(column: "loss", row: 17, found: .nan),
      "`loss` must be a positive, finite number; row 17 (counted from 0) has nan. "
        + "Remove the run or mend its value."
    ),
    (
      .belowFloor(row: 3, loss: 1.5, floor: 1.69),
      "every loss must lie above the known floor 1.69; row 3 (counted from 0) has 1.5. "
        + "Lower the floor, or leave it free."
    ),
    (
      .invalidFloor(-1),
      "a known floor must be a finite number that is not negative, not -1.0. "
        + "Leave the floor free if it is not known."
    ),
    (
      .tooFewRows(found: 5, needed: 6, parameters: ["A", "alpha"]),
      "a fit of A, alpha needs at least 6 runs; there are 5. Add runs, or fix the floor."
    ),
    (
      .tooFewDistinct(column: "N", found: 2, needed: 3, parameter: "alpha"),
      "`alpha` is not identified: it needs at least 3 distinct values of `N`, and the runs have 2. "
        + "Add runs at other values of `N`."
    ),
    (
      .constant(column: "loss", value: 2.5),
      "no law is identified: `loss` is 2.5 in every run. Check that the column is the right one."
    ),
    (
      .onOneLine(slope: 1.00001),
      "`alpha` and `beta` are not identified: all runs lie on one line, D ~ N^1.0, so that the two "
        + "terms cannot be told apart. Add runs off the line."
    ),
    (
      .tooFewGroups(found: 1),
      "an interval over groups needs at least 2 groups; the runs have 1. "
        + "Add seeds, or resample rows."
    ),
    (
      .resamplingFailed(failed: 3, of: 5, first: "no fit"),
      "at most half of the resampled fits may fail; 3 of 5 did. The first: no fit"
    ),
  ])
  func anErrorSaysWhatMustHoldWhatWasFoundAndWhatToDo(error: FitError, text: String) {
    #expect(error.description == text)
  }

  @Test(arguments: [
    (
      FitWarning.narrowRange(column: "N", factor: 3),
      "`N` spans a factor of 3.00 only; an exponent wants at least ten."
    ),
    (.floorAtZero, "the floor E went to zero: these runs show no irreducible loss."),
    (.fewStartsAgree(3, of: 256), "only 3 of 256 starts found the best minimum; try more starts."),
    (.fewGroups(3), "a bootstrap over 3 groups is too coarse for an interval; use the jackknife."),
    (
      .rivalMinimum(objective: 0.012, best: 0.0119),
      "another minimum is nearly as good: objective 0.0120 against 0.0119."
    ),
  ])
  func aWarningIsASentence(warning: FitWarning, text: String) {
    #expect(warning.description == text)
  }
}
