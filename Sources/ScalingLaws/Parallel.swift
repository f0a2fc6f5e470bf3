import Foundation

/// The results of `body(0)` ... `body(count - 1)` in order, computed on all cores.
///
/// The order of work does not show: each result depends on its index alone and lands in its place.
func parallelMap<Value: Sendable>(
  _ count: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  guard count > 1 else { return (0..<count).map(body) }
  return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let base = buffer.baseAddress!
    DispatchQueue.concurrentPerform(iterations: count) { index in
      (base + index).initialize(to: body(index))
    }
    initialized = count
  }
}
