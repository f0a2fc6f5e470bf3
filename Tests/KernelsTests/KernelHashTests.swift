import KernelInterface
import Kernels
import Testing

@Suite struct KernelHashTests {
  private func hashes<Build: KernelSet>(_: Build.Type) -> [KernelHash] {
    let memory = AlignedBuffer(count: KernelHashes<Build>.floatCount)
    return [KernelHash](unsafeUninitializedCapacity: KernelHashes<Build>.resultLimit) {
      var run = KernelHashes<Build>(memory: memory.pointer, results: $0.baseAddress!)
      run.run()
      $1 = run.count
    }
  }

  @Test func everyBuildGivesTheSameBits() {
    let expected = hashes(KernelBuild.tested[0].kernels)
    #expect(expected.count > 200)
    for build in KernelBuild.tested.dropFirst() {
      let found = hashes(build.kernels)
      #expect(found.count == expected.count)
      for (found, expected) in zip(found, expected) {
        #expect(found.value == expected.value, "\(build): \(found.kernel) of shape \(found.shape)")
      }
    }
  }
}
