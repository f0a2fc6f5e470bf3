import Foundation
import Testing

@testable import Trainer

@Suite struct ScheduleTests {
  @Test func warmUpClimbsLinearlyToTheRate() {
    let schedule = Schedule.constant(rate: 6, warmup: 3)
    #expect((0..<6).map(schedule.rate(step:)) == [2, 4, 6, 6, 6, 6])
  }

  @Test func cooldownFallsLinearlyToZero() {
    let schedule = Schedule.cooldown(rate: 4, steps: 20, from: 0.8)
    #expect(schedule.shape == .cooldown(start: 16, end: 20))
    #expect((14..<22).map(schedule.rate(step:)) == [4, 4, 4, 3, 2, 1, 0, 0])
  }

  @Test func aCooldownEqualsItsTrunkUntilItBegins() {
    let trunk = Schedule.constant(rate: 6e-3, warmup: 30)
    let branch = Schedule.cooldown(rate: 6e-3, warmup: 30, steps: 133, from: 0.8)
    let start = Schedule.cooldownStart(steps: 133, fraction: 0.8)
    #expect(start == 106)
    #expect((0...start).allSatisfy { trunk.rate(step: $0) == branch.rate(step: $0) })
    #expect(branch.rate(step: start + 1) < trunk.rate(step: start + 1))
  }

  @Test func aCooldownWithinTheWarmUpIsBoth() {
    let schedule = Schedule.cooldown(rate: 1, warmup: 10, start: 0, end: 10)
    #expect(schedule.rate(step: 4) == 0.5 * 0.6)
  }

  @Test func cosineFallsToItsFloor() {
    let schedule = Schedule.cosine(rate: 2, warmup: 4, steps: 104, floor: 0.1)
    #expect(schedule.rate(step: 3) == 2)
    #expect(abs(schedule.rate(step: 4) - 2) < 1e-15)
    #expect(abs(schedule.rate(step: 54) - 1.1) < 1e-15)
    #expect(schedule.rate(step: 104) == 0.2)
    #expect(schedule.rate(step: 1000) == 0.2)
    let rates = (4...104).map(schedule.rate(step:))
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func cosineOfHalfTurnsIsTheCosine() {
    var largest = 0.0
    for index in 0...10_000 {
      let x = Double(index) / 10_000
      largest = max(largest, abs(Schedule.cosineOfHalfTurns(x) - cos(Double.pi * x)))
    }
    #expect(largest <= 4e-16)
    #expect(Schedule.cosineOfHalfTurns(0) == 1)
    #expect(Schedule.cosineOfHalfTurns(0.5) == 0)
    #expect(Schedule.cosineOfHalfTurns(1) == -1)
  }

  /// Bits, not values: a machine with another cosine would train another model.
  @Test func cosineHasItsBits() {
    let hash = (0...1000).reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, index in
      let bits = Schedule.cosineOfHalfTurns(Double(index) / 1000).bitPattern
      return (hash ^ bits) &* 0x100_0000_01b3
    }
    #expect(hash == 9_486_191_441_456_400_702)
  }

  @Test(arguments: [
    (Schedule.constant(rate: -1), "rate"), (.constant(rate: .infinity), "rate"),
    (.constant(rate: 1, warmup: -1), "warmup"), (.cooldown(rate: 1, start: 5, end: 5), "shape"),
    (.cooldown(rate: 1, start: -1, end: 5), "shape"),
    (.cosine(rate: 1, warmup: 5, steps: 5), "shape"),
    (.cosine(rate: 1, steps: 5, floor: 1.5), "shape"),
  ])
  func wrongSchedulesAreNamed(_ schedule: Schedule, field: String) {
    let error = #expect(throws: ConfigurationError.self) { try schedule.validate() }
    #expect(error?.field == field)
  }

  @Test(arguments: [
    Schedule.constant(rate: 0.1, warmup: 2), .cooldown(rate: 0.1, steps: 10, from: 0.8),
    .cosine(rate: 0.1, steps: 10),
  ])
  func schedulesSurviveJSON(_ schedule: Schedule) throws {
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(Schedule.self, from: data) == schedule)
  }
}
