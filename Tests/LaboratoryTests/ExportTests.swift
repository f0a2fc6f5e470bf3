import Testing

@testable import Laboratory

struct ExportTests {
  @Test func everyRunIsARowWithItsFieldsAsColumns() throws {
    let store = try RunStore.inMemory()
    try store.commit(RunStoreTests.row(0.1))
    var failed = RunStoreTests.row(2, outcome: nil)
    failed.reason = "loss is \"nan\",\nsorry"
    try store.commit(failed)
    var other = RunStoreTests.row(3, outcome: #"{"best":{"loss":1e-07},"name":"a,b"}"#)
    other.identity.trial = "other"
    other.identity.parameters = #"{"model":{"width":8}}"#
    try store.commit(other)
    let common = "0.25,1000000.0,10.0,2023-11-14T22:13:20.125Z,2023-11-14T22:13:20.375Z,test,test"
    let square = "parameters.key,parameters.seed,parameters.x"
    let head =
      "trial,version,trainer,status,reason,seconds,flops,tokens,started,finished,machine,"
      + "instruction_set"
    #expect(
      try store.csv() == """
        \(head),\(square),parameters.model.width,outcome.y,outcome.best.loss,outcome.name
        square,1,1,ok,,\(common),,1,0.1,,4,,
        square,1,1,failed,"loss is ""nan"",
        sorry",\(common),,1,2,,,,
        other,1,1,ok,,\(common),,,,8,,1e-07,"a,b"

        """)
    #expect(
      try store.csv(trial: "other") == """
        \(head),parameters.model.width,outcome.best.loss,outcome.name
        other,1,1,ok,,\(common),8,1e-07,"a,b"

        """)
    #expect(
      try store.types().map { "\($0.name) \($0.outcomes) \($0.failures) \($0.seconds)" }
        == ["other 1 0 0.25", "square 1 1 0.5"])
  }
}
