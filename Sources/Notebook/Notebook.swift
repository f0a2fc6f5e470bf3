// Notebook: what a chapter says while it runs.
//
// For: chapters. A `Chapter` reads the command line, runs trials through the Laboratory, and hears
// what the chapter claims, predicts, measures, shows and judges; each of these calls knows its line,
// so that the weaver can set what was said behind the code that said it. `finish` writes the record,
// the figures and the page.
//
// The ways through this folder:
//   Chapter              the one object that a chapter talks to
//   Profiled, Settings   parameters with a default per profile, from the command line
//   check                what a chapter's `validate()` asks of its settings
//   Recipe.estimates     a line, bars and points of measured values
//   Ledger               what was said so far, with everything that is wrong about it
//   Table                rows of data as cells, numbers in the style of the house
//   OutputFolder         which folder a run may write to, and how
//
// Depends on Laboratory (trials), ScalingLaws (`Estimate`), Plotting and CairoRendering (figures),
// Weaving (the record's form and the page) and ArgumentParser. It does nothing that a chapter could
// do itself: it fits nothing and decides nothing.
//
// Rejected: a result builder that holds the chapter (prose in string literals, code hidden from the
// report); measuring inside `record` (a chapter must show how); verdicts computed from a rule given
// as a closure (the rule is prose that a reader can check, and code beside it that the compiler can).
//
// Texts of errors go to the reader of the terminal; `Chapter` prints them and ends the program, as
// an error thrown by top-level code would end it with a crash report.

// A chapter declares its settings with `@Option`, and imports only what it is about.
@_exported import ArgumentParser
import Weaving

/// How a claim fared under its decision rule.
public typealias Verdict = Weaving.Verdict
