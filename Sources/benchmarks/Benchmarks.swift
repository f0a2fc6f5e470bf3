// benchmarks: measures this package's own speed, after checking that what it measures is right.
//
// Timings are the minimum of many runs, because whatever disturbs a run makes it longer. Pin the
// program to one core (`taskset -c 0 benchmarks ...`) on a machine that does other work.
// Rejected: measuring inside the tests (they would be slow, and fail on a busy machine).

import ArgumentParser

/// The command that lists what can be measured.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks",
    abstract: "Measure the speed of this package on this machine.",
    subcommands: [
      MatrixProducts.self, Elementwise.self, Steps.self, Sweep.self, Decoding.self,
      Trajectory.self, Parity.self, Figures.self, Fits.self,
    ])
}
