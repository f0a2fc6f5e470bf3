import KernelInterface
import Kernels
import Testing

@Suite struct KernelHashTests {
  private func hashes<Set: KernelSet>(_: Set.Type) -> [KernelHash] {
    let memory = AlignedBuffer(count: KernelHashes<Set>.floatCount)
    return [KernelHash](unsafeUninitializedCapacity: KernelHashes<Set>.resultLimit) {
      var run = KernelHashes<Set>(memory: memory.pointer, results: $0.baseAddress!)
      run.run()
      $1 = run.count
    }
  }

  @Test func everyBuildGivesTheSameBits() {
    let expected = hashes(KernelBuild.tested[0].kernels)
    #expect(expected.count > 200)
    for build in KernelBuild.tested.dropFirst() {
      for (found, expected) in zip(hashes(build.kernels), expected) {
        #expect(found.value == expected.value, "\(build): \(found.kernel) of shape \(found.shape)")
      }
    }
  }
}
