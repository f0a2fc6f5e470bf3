import Foundation
import Testing

/// The package's layers, lowest first. A room may hold several targets that use one another.
private let layers: [[Set<String>]] = [
  [["CCairo"], ["CPango"], ["CHarfBuzz"], ["CMarkdown"], ["CNLopt"]],
  [
    [
      "KernelInterface", "KernelsAVX512", "KernelsAVX2", "KernelsPortable", "KernelsAVX512OnAVX2",
      "Kernels",
    ],
    ["Randomness"], ["MathTree"],
  ],
  [["Trainer"], ["Tasks"], ["ScalingLaws"], ["Plotting"], ["Literate"]],
  [["Laboratory"], ["CairoRendering"]],
  [["Weaving"], ["RunTables"], ["Studies"]],
  [["Notebook"], ["ScalingCommand"]],
]

/// The layer of the programs: every executable target.
private let programLayer = layers.count

private let root = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

struct LayerTests {
  struct Target: Decodable {
    /// An entry such as `{"byName": ["Kernels", null]}`: the first string of its one list.
    struct Dependency: Decodable {
      var name: String
      init(from decoder: any Decoder) throws {
        let forms = try decoder.singleValueContainer().decode([String: [JSONValue]].self)
        name = forms.values.first?.first?.text ?? ""
      }
    }
    var name: String
    var type: String
    var path: String?
    var dependencies: [Dependency]
  }

  struct Manifest: Decodable { var targets: [Target] }

  /// Whatever stands in a dependency's list; only its text matters here.
  struct JSONValue: Decodable {
    var text: String?
    init(from decoder: any Decoder) throws {
      text = try? decoder.singleValueContainer().decode(String.self)
    }
  }

  /// This package's targets, read once.
  static let targets = Result { try readTargets() }

  /// The targets as SwiftPM reads them; its own scratch folder, as the running test holds the usual.
  static func readTargets() throws -> [Target] {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("layers-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", root.path, "--scratch-path", scratch.path,
      "dump-package",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Manifest.self, from: data).targets
  }

  static func layer(of target: Target) -> Int? {
    if target.type == "executable" { return programLayer }
    return layers.firstIndex { rooms in rooms.contains { $0.contains(target.name) } }
  }

  /// The arrows of `targets` that do not run to a strictly lower layer, and targets without a layer.
  static func violations(in targets: [Target]) -> [String] {
    let byName = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0) })
    return targets.filter { $0.type != "test" }.flatMap { target -> [String] in
      guard let own = layer(of: target) else {
        return ["\(target.name) stands in no layer: give it one in Tests/LayerTests"]
      }
      return target.dependencies.compactMap { dependency -> String? in
        guard let used = byName[dependency.name] else { return nil }  // another package
        let shareRoom = layers.joined().contains {
          $0.contains(target.name) && $0.contains(used.name)
        }
        if let lower = layer(of: used), lower < own || shareRoom { return nil }
        return "\(target.name) may not use \(used.name): an arrow runs to a strictly lower layer"
      }
    }
  }

  @Test func everyArrowRunsDownward() throws {
    let targets = try Self.targets.get()
    #expect(targets.count > 20)
    #expect(Self.violations(in: targets) == [])
  }

  @Test func anUpwardArrowIsFound() throws {
    let text = """
      {"targets": [
        {"name": "Trainer", "type": "regular", "dependencies": [{"byName": ["Tasks", null]}]},
        {"name": "Tasks", "type": "regular", "dependencies": []},
        {"name": "Stray", "type": "regular", "dependencies": []}]}
      """
    let targets = try JSONDecoder().decode(Manifest.self, from: Data(text.utf8)).targets
    #expect(
      Self.violations(in: targets) == [
        "Trainer may not use Tasks: an arrow runs to a strictly lower layer",
        "Stray stands in no layer: give it one in Tests/LayerTests",
      ])
  }

  @Test func eachSystemModuleIsImportedByOneTargetInternally() throws {
    var importers: [String: Set<String>] = [:]
    for target in try Self.targets.get() where target.type != "system" {
      let folder = root.appendingPathComponent(
        target.path ?? (target.type == "test" ? "Tests/" : "Sources/") + target.name)
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard file.pathExtension == "swift" else { continue }
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          let words = line.split(separator: " ")
          guard let place = words.firstIndex(of: "import"), place < 2, place + 1 < words.count
          else { continue }
          let module = String(words[place + 1])
          guard layers[0].joined().contains(module) else { continue }
          importers[module, default: []].insert(target.name)
          #expect(words[0] == "internal", "\(file.path): write `internal import \(module)`")
        }
      }
    }
    for (module, targets) in importers {
      #expect(targets.count == 1, "\(module) is imported by \(targets.sorted())")
    }
  }
}
