import Foundation
import Testing

@testable import Trainer

@Suite struct CheckpointTests {
  /// A file in a fresh folder that is removed afterwards.
  static func withFile<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("checkpoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appendingPathComponent("model.safetensors"))
  }

  /// The model and the state of a run, written to a file and read from it.
  static func roundTrip<M: Model>(
    _ run: TrainingRun, as type: M.Type
  ) throws -> (model: M, snapshot: TrainingSnapshot) {
    try withFile { url in
      try Checkpoint.write(run.snapshot(), of: run.model, to: url, includingOptimizer: true)
      return try Checkpoint(contentsOf: url).load(type)
    }
  }

  @Test func theFormatIsThatOfSafetensorsByteForByte() throws {
    let file = Safetensors(
      metadata: ["step": "3", "format": "pt"],
      tensors: [
        .init(name: "a", shape: [1, 2], values: [1, -2]),
        .init(name: "b\"", shape: [1], values: [0.5]),
      ])
    let header =
      #"{"__metadata__":{"format":"pt","step":"3"},"#
      + #""a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
      + #""b\"":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var expected: [UInt8] = [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]
    expected += padded.utf8
    expected += [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]
    #expect(Array(file.bytes) == expected)
    #expect(try Safetensors(file.bytes, path: "x") == file)
  }

  @Test(arguments: [false, true])
  func aRunGoesOnFromItsCheckpoint(includingOptimizer: Bool) throws {
    let run = try TrainingRunTests.run()
    try TrainingRunTests.advance(run, to: 5)
    let snapshot = run.snapshot()
    let checkpoint = try Self.withFile { url in
      try Checkpoint.write(
        snapshot, of: run.model, to: url, includingOptimizer: includingOptimizer)
      return try Checkpoint(contentsOf: url)
    }
    #expect(checkpoint.metadata["step"] == "5")
    #expect(checkpoint.metadata["trainerVersion"] == String(trainerVersion))
    #expect(checkpoint.shape(of: "layers.0.attention.qkv") == [12, 36])
    #expect(checkpoint.values(of: "embedding") == snapshot.values(of: "embedding"))
    #expect(
      checkpoint.names.contains("optimizer.second.embedding") == includingOptimizer)

    let (model, loaded) = try checkpoint.load(Transformer.self)
    #expect(model.configuration == TrainingRunTests.configuration)
    #expect(loaded.fingerprint == snapshot.fingerprint)
    #expect((loaded == snapshot) == includingOptimizer)
    if includingOptimizer {
      let resumed = try TrainingRun(
        from: loaded, model: model, optimizer: run.optimizer, schedule: run.schedule,
        sequencesPerBatch: run.sequencesPerBatch)
      try TrainingRunTests.advance(resumed, to: 8)
      try TrainingRunTests.advance(run, to: 8)
      #expect(resumed.snapshot() == run.snapshot())
    }
  }

  @Test func frozenEmbeddingsAreInTheFileAndChecked() throws {
    let configuration = AssociativeMemoryConfiguration(
      inputs: 3, outputs: 4, dimension: 2, embeddings: .gaussian(seed: 8))
    let model = try AssociativeMemory(configuration)
    let run = try TrainingRun(
      model: model, optimizer: .sgd(), schedule: .constant(rate: 1), seed: 1, sequencesPerBatch: 1)
    try Self.withFile { url in
      try Checkpoint.write(run.snapshot(), of: model, to: url, includingOptimizer: true)
      let checkpoint = try Checkpoint(contentsOf: url)
      #expect(checkpoint.names == ["embeddings", "memory"])
      #expect(checkpoint.values(of: "embeddings") == model.frozenTensors[0].values)
      #expect(try checkpoint.load(AssociativeMemory.self).snapshot == run.snapshot())
      #expect(throws: CheckpointError.self) { try checkpoint.load(Transformer.self) }

      var file = try Safetensors(Data(contentsOf: url), path: "")
      file.tensors[0].values[1] += 1
      try file.bytes.write(to: url)
      let altered = try Checkpoint(contentsOf: url)
      let error = #expect(throws: CheckpointError.self) {
        try altered.load(AssociativeMemory.self)
      }
      #expect(error?.description.contains("'embeddings'") == true)
    }
  }

  @Test func aFailedWriteLeavesNothing() throws {
    let run = try TrainingRunTests.run()
    try Self.withFile { url in
      let missing = url.deletingLastPathComponent().appendingPathComponent("none/model")
      let error = #expect(throws: CheckpointError.self) {
        try Checkpoint.write(run.snapshot(), of: run.model, to: missing, includingOptimizer: false)
      }
      guard case .unwritable = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      try Checkpoint.write(run.snapshot(), of: run.model, to: url, includingOptimizer: false)
      let folder = url.deletingLastPathComponent().path
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder) == [url.lastPathComponent])
      #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: missing) }
    }
  }

  /// A broken header and a part of the text that refuses it.
  static let broken: [(header: String, values: Int, reason: String)] = [
    ("{", 0, "has a key that is no string"),
    ("[]", 0, "does not begin with a brace"),
    (#"{"a":1}"#, 0, "it is no object"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x"#, 1, "text after its end"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 1, "names 'a' twice"
    ),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}"#, 1, "twice"),
    (#"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, 1, "its dtype is F16"),
    (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 1, "it has no dtype"),
    (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 1, "it has no list 'shape'"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 1, "it has no list 'data_offsets'"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 1, "no begin and end"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 1, "no begin and end"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 1, "takes 8 bytes"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 1, "no value where one must"),
    (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 1, "not whole"),
    (#"{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}"#, 1, "other than whole numbers"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 1,
      "too large"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 1,
      "number too large"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 2, "begin at byte 4, not at 0"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 1, "begin at byte 0, not at 4"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 1, "unknown field 'x'"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 0, "the length that its header"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 2, "the length that its header"),
    (#"{"__metadata__":{"a":1}}"#, 0, "metadata 'a' is no string"),
    (#"{"__metadata__":"a"}"#, 0, "__metadata__ is no object"),
    (#"{"__metadata__":{"a":"\ud800"}}"#, 0, "half a surrogate pair"),
    (#"{"__metadata__":{"a":"\q"}}"#, 0, "unknown escape"),
    (#"{"__metadata__":{"a":"b}}"#, 0, "string without an end"),
    (#"{"a":[[[[[[[[[[1]]]]]]]]]]}"#, 0, "nested too deeply"),
  ]

  @Test(arguments: broken)
  func brokenFilesAreRefused(header: String, values: Int, reason: String) {
    var data = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0])
    data.append(contentsOf: header.utf8)
    data.append(Data(count: 4 * values))
    let error = #expect(throws: CheckpointError.self) { try Safetensors(data, path: "f") }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func everyPrefixOfAFileIsRefused() {
    let file = Safetensors(
      metadata: ["a": "b"], tensors: [.init(name: "x", shape: [2, 2], values: [1, 2, 3, 4])])
    let bytes = file.bytes
    for count in 0..<bytes.count {
      #expect(throws: CheckpointError.self) { try Safetensors(bytes.prefix(count), path: "f") }
    }
    #expect(throws: CheckpointError.self) {
      try Safetensors(Data(repeating: 0xff, count: 64), path: "f")
    }
  }

  @Test func stringsSurviveTheHeader() throws {
    let texts = ["", "\"\\/\n\r\t\u{8}\u{c}\u{1}", "größer", "𝛼 \u{1F600}", "a,b}:{["]
    for text in texts {
      #expect(try HeaderJSON(Array(HeaderJSON.quoted(text).utf8)) == .string(text))
    }
    #expect(try HeaderJSON(Array(#""\ud835\udefc\u00e9""#.utf8)) == .string("𝛼é"))
  }

  @Test func tensorsThatAreNotTheModelsAreRefused() throws {
    let run = try TrainingRunTests.run()
    try Self.withFile { url in
      try Checkpoint.write(run.snapshot(), of: run.model, to: url, includingOptimizer: false)
      let original = try Safetensors(Data(contentsOf: url), path: "")
      func refusal(_ change: (inout Safetensors) -> Void) throws -> String {
        var file = original
        change(&file)
        try file.bytes.write(to: url)
        let checkpoint = try Checkpoint(contentsOf: url)
        let error = #expect(throws: CheckpointError.self) { try checkpoint.load(Transformer.self) }
        return error?.description ?? ""
      }
      #expect(try refusal { $0.tensors.removeLast() }.contains("lacks the tensor 'output'"))
      #expect(try refusal { $0.tensors[0].name = "x" }.contains("'x' is not one of the model's"))
      #expect(try refusal { $0.tensors[0].shape = [12, 9] }.contains("'embedding' is [12, 9]"))
      #expect(try refusal { $0.metadata["model"] = nil }.contains("name no model"))
      #expect(try refusal { $0.metadata["model"] = "mlp" }.contains("it holds a mlp"))
      #expect(try refusal { $0.metadata["step"] = "-1" }.contains("its step is '-1'"))
      #expect(try refusal { $0.metadata["configuration"] = "{}" }.contains("cannot be built"))
      let heads = original.metadata["configuration"]?
        .replacingOccurrences(of: #""heads":4"#, with: #""heads":5"#)
      #expect(
        try refusal { $0.metadata["configuration"] = heads }.contains("multiple of heads (5)"))
    }
  }
}
