// swift-tools-version: 6.2
import PackageDescription

// The layers of the package, lowest first. An arrow (`dependencies`) runs to a strictly lower
// layer; `Tests/LayerTests` reads this file's result and refuses anything else.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A library of our own with its test target, if it has one.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// One build of the kernels for one instruction set.
///
/// The targets compile the same folder; `define` tells the source which build it is. The flags come
/// after SwiftPM's own `-Onone`, so kernels are fast in debug builds and tests too.
func kernels(
  _ name: String, in folder: String = "Sources", define: String, targetCPU: String?
) -> Target {
  var flags = ["-Ounchecked", "-enforce-exclusivity=unchecked", "-Xcc", "-fno-math-errno"]
  #if arch(x86_64)
    if let targetCPU { flags += ["-Xcc", "-march=\(targetCPU)", "-target-cpu", targetCPU] }
  #endif
  return .target(
    name: name, dependencies: ["KernelInterface"], path: "\(folder)/\(name)",
    exclude: [
      "generate-attention.py", "generate-narrow.py", "generate-peak.py", "generate-six.py",
      "generate-tiles.py",
    ],
    swiftSettings: strict + [.define(define), .unsafeFlags(flags)])
}

/// A chapter of the book: one readable program in `chapters/<folder>/main.swift`.
func chapter(_ name: String, folder: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "chapters/\(folder)",
    swiftSettings: strict + [.defaultIsolation(MainActor.self)])
}

func systemLibrary(_ name: String, pkgConfig: String, debian: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

let package = Package(
  name: "scaling-laws-measured",
  products: [
    .executable(name: "power-law-error", targets: ["power-law-error"]),
    .executable(name: "data-optimal-exponents", targets: ["data-optimal-exponents"]),
    .executable(name: "diminishing-returns", targets: ["diminishing-returns"]),
    .executable(name: "chain-of-thought", targets: ["chain-of-thought"]),
    .executable(name: "fit-your-own", targets: ["fit-your-own"]),
    .executable(name: "report", targets: ["report"]),
    .executable(name: "scaling", targets: ["scaling"]),
    .executable(name: "benchmarks", targets: ["benchmarks"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Layer 0: system libraries, kernels, randomness, formulas.
    systemLibrary("CCairo", pkgConfig: "cairo", debian: "libcairo2-dev"),
    systemLibrary("CPango", pkgConfig: "pangocairo", debian: "libpango1.0-dev"),
    systemLibrary("CHarfBuzz", pkgConfig: "harfbuzz-subset", debian: "libharfbuzz-dev"),
    systemLibrary("CMarkdown", pkgConfig: "libcmark-gfm", debian: "libcmark-gfm-dev"),
    systemLibrary("CNLopt", pkgConfig: "nlopt", debian: "libnlopt-dev"),
    .target(
      name: "KernelInterface",
      swiftSettings: strict + [.enableExperimentalFeature("BuiltinModule")]),
    kernels("KernelsAVX512", define: "KERNELS_AVX512", targetCPU: "skylake-avx512"),
    kernels("KernelsAVX2", define: "KERNELS_AVX2", targetCPU: "haswell"),
    kernels("KernelsPortable", define: "KERNELS_PORTABLE", targetCPU: nil),
    library("Kernels", ["KernelInterface", "KernelsAVX512", "KernelsAVX2", "KernelsPortable"]),
    library("Randomness"),
    library("MathTree"),

    // Layer 1: training, data, fits, marks, chapter sources.
    library("Trainer", ["Kernels", "KernelInterface", "Randomness"]),
    library("Tasks", ["Randomness"]),
    library("ScalingLaws", ["CNLopt", "Randomness"]),
    library("Plotting", ["MathTree"]),
    library("Literate", ["CMarkdown", "MathTree"]),

    // Layer 2: running trials, drawing.
    library("Laboratory", [grdb]),
    library("CairoRendering", ["CCairo", "CPango", "CHarfBuzz", "MathTree", "Plotting"]),

    // Layer 3: weaving pages, what trials share.
    library("Weaving", ["CairoRendering", "Literate", "Plotting"]),
    library("RunTables", ["Laboratory"]),
    library("Studies", ["Kernels", "Laboratory", "Randomness", "ScalingLaws", "Tasks", "Trainer"]),

    // Layer 4: what chapters share, and what a program and a chapter share.
    library(
      "Notebook",
      [
        argumentParser, "CairoRendering", "Laboratory", "Plotting", "ScalingLaws", "Weaving",
      ]),
    library(
      "ScalingCommand",
      [
        argumentParser, "CairoRendering", "Laboratory", "Plotting", "Randomness", "RunTables",
        "ScalingLaws",
      ]),

    // Layer 5: programs.
    chapter(
      "power-law-error", folder: "01-power-law-error",
      ["Laboratory", "Notebook", "Plotting", "ScalingLaws", "Studies", "Tasks"]),
    chapter(
      "data-optimal-exponents", folder: "02-data-optimal-exponents",
      ["Laboratory", "Notebook", "Plotting", "ScalingLaws", "Studies", "Tasks", "Trainer"]),
    chapter(
      "diminishing-returns", folder: "03-diminishing-returns",
      ["Laboratory", "Notebook", "Plotting", "ScalingLaws", "Studies", "Tasks"]),
    chapter(
      "chain-of-thought", folder: "04-chain-of-thought",
      ["Laboratory", "Notebook", "Plotting", "ScalingLaws", "Studies", "Tasks"]),
    chapter(
      "fit-your-own", folder: "05-fit-your-own",
      [
        "Laboratory", "Notebook", "Plotting", "ScalingCommand", "ScalingLaws", "Studies", "Tasks",
      ]),
    .executableTarget(
      name: "report", dependencies: [argumentParser, "Weaving"], swiftSettings: strict),
    .executableTarget(
      name: "scaling", dependencies: ["ScalingCommand"], swiftSettings: strict),
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        argumentParser, "CairoRendering", "Kernels", "KernelInterface", "Plotting", "Randomness",
        "RunTables", "ScalingLaws", "Tasks", "Trainer",
      ],
      exclude: ["arm64.py", "parity.py", "peers.py"], swiftSettings: strict),

    // Tests, one target for each target above. The probe is a program that the laboratory's tests
    // kill. What is written for AVX-512 is compiled for AVX2 too, so that it is tested anywhere.
    .testTarget(name: "LayerTests", swiftSettings: strict),
    kernels("KernelsAVX512OnAVX2", in: "Tests", define: "KERNELS_AVX512", targetCPU: "haswell"),
    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels", "KernelInterface", "KernelsAVX512OnAVX2"],
      swiftSettings: strict),
    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"], swiftSettings: strict),
    .testTarget(name: "MathTreeTests", dependencies: ["MathTree"], swiftSettings: strict),
    .testTarget(
      name: "PlottingTests", dependencies: ["MathTree", "Plotting"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(name: "LiterateTests", dependencies: ["Literate"], swiftSettings: strict),
    .testTarget(
      name: "TrainerTests",
      dependencies: ["Kernels", "KernelInterface", "Randomness", "Trainer"],
      swiftSettings: strict),
    .testTarget(name: "TasksTests", dependencies: ["Tasks", "Randomness"], swiftSettings: strict),
    .testTarget(
      name: "ScalingLawsTests", dependencies: ["Randomness", "ScalingLaws"], swiftSettings: strict),
    .testTarget(
      name: "CairoRenderingTests", dependencies: ["CairoRendering", "MathTree", "Plotting"],
      exclude: ["Golden"], swiftSettings: strict),
    .executableTarget(
      name: "laboratory-probe", dependencies: ["Laboratory"], path: "Tests/LaboratoryProbe",
      swiftSettings: strict),
    .testTarget(
      name: "LaboratoryTests", dependencies: ["Laboratory", "laboratory-probe", grdb],
      swiftSettings: strict),
    .testTarget(
      name: "WeavingTests", dependencies: ["CairoRendering", "Literate", "Plotting", "Weaving"],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "NotebookTests",
      dependencies: [
        "Laboratory", "Notebook", "Plotting", "ScalingLaws", "Weaving", argumentParser,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RunTablesTests", dependencies: ["Laboratory", "RunTables"], swiftSettings: strict),
    .testTarget(
      name: "ScalingCommandTests",
      dependencies: [argumentParser, "RunTables", "ScalingCommand", "ScalingLaws", "scaling"],
      swiftSettings: strict),
    .testTarget(
      name: "BenchmarksTests",
      dependencies: [
        argumentParser, "benchmarks", "Kernels", "KernelInterface", "Randomness", "Trainer",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "StudiesTests",
      dependencies: ["Laboratory", "Randomness", "ScalingLaws", "Studies", "Tasks", "Trainer"],
      swiftSettings: strict),
    .testTarget(
      name: "ChapterTests",
      dependencies: [
        "chain-of-thought", "data-optimal-exponents", "diminishing-returns", "fit-your-own",
        "power-law-error",
      ],
      swiftSettings: strict),
  ]
)
