import KernelInterface
import Testing

@testable import Kernels

@Suite struct InstructionSetTests {
  @Test func everyBuildHasItsOwnName() {
    for set in InstructionSet.allCases { #expect(set.kernels.name == set.rawValue) }
  }

  @Test func portableIsAlwaysAvailable() {
    #expect(InstructionSet.available.contains(.portable))
    #expect(InstructionSet.available.contains(InstructionSet.best))
  }

  @Test func processorFlagsDecideWhatIsAvailable() {
    let avx2 = "flags\t\t: fpu avx2 fma bmi1 bmi2 f16c abm movbe"
    let avx512 = avx2 + " avx512f avx512bw avx512cd avx512dq avx512vl adx"
    #expect(
      InstructionSet.allCases(cpuinfo: "processor: 0\n" + avx512) == [.avx512, .avx2, .portable])
    #expect(InstructionSet.allCases(cpuinfo: avx2 + "\nflags: avx512f") == [.avx2, .portable])
    #expect(InstructionSet.allCases(cpuinfo: "flags: sse2 avx512f avx2") == [.portable])
    #expect(InstructionSet.allCases(cpuinfo: "") == [.portable])
  }

  @Test func nameOverridesTheChoice() throws {
    let all = InstructionSet.allCases
    #expect(try InstructionSet.choose(named: nil, from: all) == .avx512)
    #expect(try InstructionSet.choose(named: "", from: all) == .avx512)
    #expect(try InstructionSet.choose(named: "avx2", from: all) == .avx2)
  }

  @Test func unknownOrUnavailableNameIsRefusedWithAdvice() {
    let unknown = #expect(throws: InstructionSetError.self) {
      try InstructionSet.choose(named: "sse9", from: [.avx2, .portable])
    }
    #expect(
      unknown?.description
        == "SCALING_ISA must name an instruction set; found 'sse9'. "
        + "Set it to avx2 or portable, or unset it to use avx2.")
    let unavailable = #expect(throws: InstructionSetError.self) {
      try InstructionSet.choose(named: "avx512", from: [.avx2, .portable])
    }
    #expect(
      unavailable?.description
        == "SCALING_ISA must name an instruction set that this processor has; found 'avx512'. "
        + "Set it to avx2 or portable, or unset it to use avx2.")
  }
}
