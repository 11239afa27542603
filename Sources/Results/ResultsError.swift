// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// What can go wrong between results and the disk.
package enum ResultsError: Error, Equatable, CustomStringConvertible {
  /// The file or its folder cannot be made; with the system's reason.
  case cannotCreate(path: String, reason: String)
  /// The file cannot be opened or read.
  case cannotRead(path: String, reason: String)
  /// A run could not be written, so it is not in the file.
  case cannotWrite(path: String, reason: String)
  /// The file is something else.
  case notResults(path: String, reason: String)
  /// The file was a results file, and does not hold together any more.
  case damaged(path: String, reason: String)
  /// A newer program wrote the file in a schema that this one does not know.
  case newerSchema(path: String, schema: Int, known: Int, needs: String)
  /// The file holds another study; with the differences, one a line.
  case anotherStudy(path: String, differences: [String])
  /// A file to be merged holds another study than the first; with the differences, one a line.
  case strangers(path: String, first: String, differences: [String])
  /// The study of the file cannot go on with this program; with the program that began it, why, and what remains.
  case outdated(path: String, maker: String, reason: String, Remedy)
  /// A run that was stopped on its way cannot go on from there with this program; why.
  case cannotGoOn(path: String, run: RunRecord.Identity, reason: String)
  /// The file does not have the parameters that were asked for; with what it has.
  case noParameters(path: String, MissingParameters)
  /// Another process is writing to the file; with what is known about it.
  case inUse(path: String, by: String)

  /// What remains to be done with an outdated file.
  package enum Remedy: Sendable, Equatable { case restart, merge }

  /// What happened, its place and what may help; the first line is a sentence.
  package var description: String {
    switch self {
    case .cannotCreate(let path, let reason):
      "cannot create the results file '\(path)': \(reason); choose another place with --output"
    case .cannotRead(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write to '\(path)': \(reason)\n"
        + "  -> the runs written before are kept; once it can be written to, the same command goes on from there"
    case .notResults(let path, let reason):
      "'\(path)' is not a results file of Starling: \(reason)"
    case .damaged(let path, let reason):
      "the results file '\(path)' is damaged: \(reason)\n"
        + "  -> nothing in it was changed; run the study again with --restart, which keeps this file with ~ added to its name"
    case .newerSchema(let path, let schema, let known, let needs):
      "'\(path)' was written by a newer program: its schema is \(schema), and this program knows schemas up to "
        + "\(known)\n  -> use \(needs) or newer"
    case .anotherStudy(let path, let differences):
      "'\(path)' holds another study:\n" + differences.map { "  \($0)\n" }.joined()
        + "  -> choose another file with --output, or begin anew with --restart, which keeps this file with ~ added to its name"
    case .strangers(let path, let first, let differences):
      "'\(path)' holds another study than '\(first)', so they cannot be merged:"
        + differences.prefix(20).map { "\n  \($0)" }.joined()
        + (differences.count > 20 ? "\n  and \(differences.count - 20) more" : "")
    case .outdated(let path, let maker, let reason, let remedy):
      "the study in '\(path)', of \(maker), cannot go on with this program: \(reason)\n" + remedy.text(maker)
    case .cannotGoOn(let path, let run, let reason):
      "the run of arm '\(run.arm)', replication \(run.replication), was stopped on its way, and what '\(path)' keeps of it "
        + "cannot be used: \(reason)\n"
        + "  -> go on with the program that stopped it, or let such runs begin anew with --forget-stopped; nothing was changed"
    case .noParameters(let path, let what):
      "no such parameters in '\(path)': \(what)"
    case .inUse(let path, let by):
      "'\(path)' is in use: \(by)\n  -> wait for it, or write to another file with --output and merge the two"
    }
  }
}

extension ResultsError.Remedy {
  fileprivate func text(_ maker: String) -> String {
    let rest = "what is in the file can be summarised and exported as it is"
    switch self {
    case .restart:
      return "  -> go on with \(maker), or begin anew with --restart, which keeps this file with ~ added to its name; "
        + rest
    case .merge: return "  -> merge with \(maker), or keep the runs as they are with --allow-differences; " + rest
    }
  }
}
