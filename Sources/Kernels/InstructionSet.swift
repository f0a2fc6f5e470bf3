import Foundation
import KernelInterface
import KernelsAVX2
import KernelsAVX512
import KernelsPortable

/// A build of the kernels for one kind of processor.
///
/// All of them give the same bits for every function; they differ in speed only.
public enum InstructionSet: String, CaseIterable, Codable, Sendable {
  /// x86-64 with AVX-512 F, BW, CD, DQ and VL: 16 lanes to a register.
  case avx512
  /// x86-64 with AVX2 and FMA: 8 lanes to a register.
  case avx2
  /// Any processor; on arm64 this is NEON, on x86-64 it is SSE2 and about a hundred times slower
  /// than AVX2, because it lacks the fused multiply-add.
  case portable

  /// The instruction sets that this processor can run, fastest first.
  public static let available: [InstructionSet] = {
    #if arch(x86_64) && os(Linux)
      let data = FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data()
      return allCases(cpuinfo: String(decoding: data, as: UTF8.self))
    #else
      return [.portable]
    #endif
  }()

  /// The fastest available instruction set, or the one that `SCALING_ISA` names.
  ///
  /// Ends the program with a message if `SCALING_ISA` names one that is unknown or not available.
  public static let best: InstructionSet = {
    do throws(InstructionSetError) {
      return try choose(
        named: ProcessInfo.processInfo.environment[environmentVariable], from: available)
    } catch {
      FileHandle.standardError.write(Data("error: \(error.description)\n".utf8))
      exit(2)
    }
  }()

  /// The environment variable that overrides the choice of instruction set.
  public static let environmentVariable = "SCALING_ISA"

  /// The kernels of this instruction set.
  ///
  /// Call them only if `available` contains it: the processor stops at instructions it lacks.
  public var kernels: any KernelSet.Type {
    switch self {
    case .avx512: KernelsAVX512.Implementation.self
    case .avx2: KernelsAVX2.Implementation.self
    case .portable: KernelsPortable.Implementation.self
    }
  }

  /// Chooses the named instruction set, or the first of `available` if there is no name.
  static func choose(
    named name: String?, from available: [InstructionSet]
  ) throws(InstructionSetError) -> InstructionSet {
    guard let name, !name.isEmpty else { return available[0] }
    guard let named = InstructionSet(rawValue: name) else {
      throw InstructionSetError.unknown(name: name, available: available)
    }
    guard available.contains(named) else {
      throw InstructionSetError.unavailable(named, available: available)
    }
    return named
  }

  /// The instruction sets that a processor with this `/proc/cpuinfo` can run.
  static func allCases(cpuinfo: String) -> [InstructionSet] {
    let line = cpuinfo.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split { $0 == " " || $0 == "\t" || $0 == ":" })
    return allCases.filter { flags.isSuperset(of: $0.requiredFlags) }
  }

  /// The flags, as Linux names them, that the build's target CPU lets the compiler use.
  private var requiredFlags: [Substring] {
    let avx2: [Substring] = ["avx2", "fma", "bmi1", "bmi2", "f16c", "abm", "movbe"]
    switch self {
    case .avx512: return avx2 + ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "adx"]
    case .avx2: return avx2
    case .portable: return []
    }
  }
}

/// Why an instruction set was not chosen.
public enum InstructionSetError: Error, Equatable, CustomStringConvertible {
  /// There is no instruction set of this name.
  case unknown(name: String, available: [InstructionSet])
  /// The processor lacks instructions that this build uses.
  case unavailable(InstructionSet, available: [InstructionSet])

  /// What must hold, what was found, and what to do.
  public var description: String {
    switch self {
    case .unknown(let name, let available):
      "SCALING_ISA must name an instruction set; found '\(name)'. "
        + "Set it to \(Self.list(available)), or unset it to use \(available[0].rawValue)."
    case .unavailable(let set, let available):
      "SCALING_ISA must name an instruction set that this processor has; "
        + "found '\(set.rawValue)'. "
        + "Set it to \(Self.list(available)), or unset it to use \(available[0].rawValue)."
    }
  }

  private static func list(_ sets: [InstructionSet]) -> String {
    sets.map(\.rawValue).joined(separator: " or ")
  }
}
