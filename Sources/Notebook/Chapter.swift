import Foundation
import Laboratory
import Weaving

/// A chapter of the book while it runs: everything it says goes through here.
///
///     let chapter = try Chapter<Settings>(
///       1, "power-law-error", title: "Error as a power law", workbench: workbench)
///     let claim = chapter.claim("additive", statement: ..., quotation: ..., source: ..., rule: ...)
///     let runs = try chapter.run(chapter.settings.widths.map { Rung(width: $0) })
///     chapter.record("alpha", exponent)
///     chapter.judge(claim, .holds, because: "...")
///     try chapter.finish()
///
/// As a program, an error ends the process with its text and an exit code: 64 for a wrong command
/// line, 1 for anything else, 0 after `--help` and `--plan`. So nothing is ever caught in a chapter.
public final class Chapter<Settings: ChapterSettings> {
  /// The settings of this run, with plain values: `chapter.settings.widths`.
  public let settings: ResolvedSettings<Settings>
  /// Runs the trials; for what `run`, `batch` and `runAll` do not offer.
  public let laboratory: Laboratory

  let number: Int
  let slug: String
  let title: String
  let sourceFile: String
  let invocation: Invocation<Settings>
  let stage: Stage
  let folder: OutputFolder
  let workbench: Workbench
  let start = ContinuousClock().now
  var ledger: Ledger
  var rendered: [RenderedFigure] = []
  /// The claims that were printed when they were made.
  var announced: Set<String> = []
  /// What is checked once the declared batches have run.
  private var afterRuns: [() throws -> Void] = []

  /// Opens a chapter: reads the command line, then the run store. Nothing is started or written.
  ///
  /// - Parameters:
  ///   - number: The chapter's place in the book.
  ///   - slug: Its name as a command, for example `power-law-error`.
  ///   - title: Its title in the summary and the help; the page takes it from the first heading.
  ///   - workbench: The trainer and the machine, as `Studies` describes them.
  ///   - sourceFile: The chapter's source; leave it to the compiler.
  public convenience init(
    _ number: Int, _ slug: String, title: String, workbench: Workbench,
    sourceFile: String = #filePath
  ) throws {
    try self.init(
      number, slug, title: title, workbench: workbench, sourceFile: sourceFile,
      stage: .program(sourceFile: sourceFile))
  }

  init(
    _ number: Int, _ slug: String, title: String, workbench: Workbench, sourceFile: String,
    stage: Stage
  ) throws {
    self.number = number
    self.slug = slug
    self.title = title
    self.sourceFile = sourceFile
    self.workbench = workbench
    self.stage = stage
    (invocation, laboratory) = try stage.guarding {
      let invocation = try Invocation<Settings>(
        stage.arguments, title: CommandTitle(name: slug, abstract: "Chapter \(number): \(title)"))
      let command = invocation.command
      let path =
        command.store
        ?? stage.packageRoot.appendingPathComponent(".runs/runs.sqlite").path
      let store = try RunStore.open(path: path, access: command.plan ? .readOnly : .readWrite)
      var options = Laboratory.Options()
      options.workers = command.workers
      options.rerun = command.rerun
      options.console = stage.messages
      options.handlesInterrupt = stage.isProgram
      options.program = stage.programStamp
      return (invocation, Laboratory(store: store, workbench: workbench, options: options))
    }
    settings = invocation.settings
    folder = OutputFolder(
      packageRoot: stage.packageRoot, chapter: slug, profile: settings.profile,
      isOverridden: invocation.isOverridden, out: invocation.command.out)
    ledger = Ledger(
      profile: settings.profile, source: stage.relative(URL(fileURLWithPath: sourceFile)))
  }

  /// The profile of this run.
  public var profile: Profile { settings.profile }

  /// Whether this run only plans: nothing is trained, shown or written.
  public var isPlan: Bool { invocation.command.plan }

  // MARK: Running trials

  /// The outcomes of `trials`, from the store or by training.
  ///
  /// Trials that fail stand in `failures` of the result and in the record's provenance.
  public func run<T: Trial>(_ trials: [T]) throws -> Runs<T> {
    let batch = batch(trials)
    try runAll()
    return batch.runs
  }

  /// Adds trials to what `runAll` will run; declare several batches to keep all cores busy across
  /// trial types.
  public func batch<T: Trial>(_ trials: [T]) -> Batch<T> {
    let batch = laboratory.batch(trials)
    afterRuns.append {
      let runs = batch.runs
      guard runs.isEmpty, let first = runs.failures.first else { return }
      throw NotebookError.allFailed(
        trial: T.name, count: runs.failures.count, reason: first.reason)
    }
    return batch
  }

  /// Runs every batch that was declared since the last call, as one queue, the longest trials first.
  ///
  /// A batch of which nothing succeeded ends the chapter with the first failure's reason.
  public func runAll() throws {
    try stage.guarding {
      let checks = afterRuns
      afterRuns = []
      guard isPlan else {
        try laboratory.runAll()
        return try checks.forEach { try $0() }
      }
      let plan = try laboratory.plan()
      stage.output.write(plan.text)
      if !plan.isEmpty { throw NotebookError.planned }
    }
  }
}

/// What a chapter runs on: the program's own command line and terminal, or a test's.
struct Stage {
  var arguments: [String]
  var packageRoot: URL
  /// Results go here.
  var output: Console
  /// Progress and errors go here.
  var messages: Console
  var programStamp: ProgramStamp?
  /// Whether errors end the process; in tests they are thrown.
  var isProgram: Bool

  static func program(sourceFile: String) -> Stage {
    Stage(
      arguments: Array(CommandLine.arguments.dropFirst()),
      packageRoot: PackageRoot.find(from: sourceFile), output: .standardOutput,
      messages: .standardError, programStamp: .current, isProgram: true)
  }

  /// Runs `body`; as a program, ends the process with the text of its error.
  func guarding<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      guard isProgram else { throw error }
      switch error as? NotebookError {
      case .leave(let text): output.write(text + (text.hasSuffix("\n") ? "" : "\n"))
      case .planned: output.write("\(error)\n")
      case .usage(let text): messages.write(text + "\n")
      default: messages.write("\(messages.paint("error:", .red)) \(error)\n")
      }
      exit((error as? NotebookError)?.exitCode ?? 1)
    }
  }

  /// A path as it is printed: below the package from there on, else in full.
  func relative(_ url: URL) -> String {
    let root = packageRoot.standardizedFileURL.path
    let path = url.standardizedFileURL.path
    return path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }
}
