// SPDX-License-Identifier: GPL-3.0-or-later
import Files
import Records
import Results
import Scenarios

/// A run of a results file that another revision of the program has made: repeated, it tells whether this program gives
/// the same bits, so that runs of both may stand in one file.
package struct Repetition: Sendable {
  package let run: RunRecord.Identity
  /// Of the file's run.
  private let fingerprint: String
  /// The program that made it.
  package let maker: Provenance

  /// The run that took the shortest time; nothing where no run has ended well, or where this program has written some
  /// of them: it has then shown that it goes on with the others.
  ///
  /// - Parameter arms: those whose steps programs of the user compute. These may be others by now whatever this program
  ///   has shown, so that one of their runs is repeated anyway.
  package init?(of file: StudyProgress, by program: Provenance, computedByPrograms arms: Set<String> = []) {
    var ended = file.runs.filter { $0.fingerprint != nil }
    let makers = Dictionary(file.sessions.map { ($0.number, $0.provenance) }) { first, _ in first }
    let ofPrograms = ended.filter { arms.contains(file.header.arms[$0.arm].name) }
    if ofPrograms.isEmpty {
      if ended.contains(where: { makers[$0.session].map(program.isSameProgram) ?? false }) { return nil }
    } else {
      ended = ofPrograms
    }
    guard let shortest = ended.min(by: { $0.wallSeconds < $1.wallSeconds }), let fingerprint = shortest.fingerprint,
      let maker = makers[shortest.session]
    else { return nil }
    run = RunRecord.Identity(
      arm: file.header.arms[shortest.arm].name, replication: shortest.replication, seed: file.header.seed)
    self.fingerprint = fingerprint
    self.maker = maker
  }

  /// Repeats the run.
  ///
  /// - Returns: why this program cannot go on with the file, as a sentence without its end; nothing where it can.
  /// - Throws: `CancellationError` after a cancellation.
  package func obstacle(
    in study: Study, jobs: Int, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> String? {
    let name = "the run of arm '\(run.arm)', replication \(run.replication),"
    let records: [RunRecord]
    do throws(StudyError) {
      records = try study.records(of: [run], jobs: jobs, isCancelled: isCancelled)
    } catch {
      if isCancelled() { throw CancellationError() }
      return "\(name) cannot be repeated (\(error))"
    }
    guard let record = records.first else { throw CancellationError() }
    let digits = hexadecimal(record.fingerprint)
    return digits == fingerprint ? nil : "\(name) has the fingerprint \(fingerprint), and repeated it has \(digits)"
  }

  /// Checks that a program gives the bits of all files that are to be put together, where several revisions made them.
  ///
  /// - Throws: `ResultsError.outdated` for the first file of which it does not.
  package static func check(_ paths: [String], by program: Provenance) throws {
    let inputs = try paths.map { path throws(ResultsError) in (path: path, file: try StudyProgress(path)) }
    let makers = inputs.flatMap { $0.file.makers }
    guard let first = makers.first, !makers.allSatisfy(first.isSameProgram) else { return }
    for (path, file) in inputs {
      guard let repetition = Repetition(of: file, by: program) else { continue }
      let obstacle: String?
      do {
        obstacle = try repetition.obstacle(in: Study(Scenario(of: file.header, isRun: true)), jobs: program.jobs)
      } catch let error as ScenarioError {
        obstacle = "its runs cannot be repeated:\n\(error)"
      }
      if let obstacle {
        throw ResultsError.outdated(path: path, maker: repetition.maker.program, reason: obstacle, .merge)
      }
    }
  }
}
