// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import EventEngine
import Foundation
import Networks
import Quantities
import Records
import Simulation
import Synchronization

/// What happens in a run as lines of JSON, one for each occurrence (docs/traces.md).
///
/// The same run gives the same bytes, however many others run beside it.
package struct RunTraceLines: Sendable {
  /// Names of agents as JSON.
  private let names: [String]
  /// Sender and receiver of each link, as JSON.
  private let links: [String]

  init(_ network: Network) {
    let names = network.names.map(Self.quoted)
    self.names = names
    links = (0..<network.linkCount).map {
      "[\(names[network.senders[$0].index]),\(names[network.receivers[$0].index])]"
    }
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return visibleJSON(String(decoding: data, as: UTF8.self))
  }

  /// How every line begins.
  package static let start = "{\"time\":"

  /// A line with its end.
  func line(_ occurrence: Occurrence) -> String {
    var line = Self.start + "\(occurrence.time.nanoseconds),\"seconds\":\(occurrence.time.seconds)"
    line += ",\"kind\":\"\(occurrence.kind.rawValue)\""
    if let agent = occurrence.agent { line += ",\"agent\":\(names[agent.index])" }
    if let link = occurrence.link { line += ",\"link\":\(links[link.index])" }
    if let message = occurrence.message { line += ",\"message\":\(message)" }
    if let bytes = occurrence.bytes { line += ",\"bytes\":\(bytes)" }
    if let loss = occurrence.loss { line += ",\"loss\":\"\(loss.words)\"" }
    return line + ",\"cause\":\"\(occurrence.cause.words)\"}\n"
  }
}

extension EventKind {
  fileprivate var words: String { hyphenated("\(self)") }
}

extension LossCause {
  fileprivate var words: String { hyphenated("\(self)") }
}

/// `compute-end` of `computeEnd`.
private func hyphenated(_ name: String) -> String {
  name.reduce(into: "") { words, letter in words += letter.isUppercase ? "-\(letter.lowercased())" : "\(letter)" }
}

extension Study {
  /// Carries one run out and writes what happens in it.
  ///
  /// - Parameters:
  ///   - run: one of the plan.
  ///   - write: takes some lines at a time; once it has thrown, the run is given up.
  /// - Returns: the record of the run, and how many lines there are.
  /// - Throws: what `write` throws; `StudyError` where the run cannot be carried out, `CancellationError` after a
  ///   cancellation.
  package func trace(
    _ run: RunRecord.Identity, isCancelled: @escaping @Sendable () -> Bool = { false },
    into write: @escaping (String) throws -> Void
  ) throws -> (record: RunRecord, lines: Int) {
    guard let arm = scenario.arms.firstIndex(where: { $0.name == run.arm }) else {
      throw StudyError(description: "there is no arm '\(run.arm)'")
    }
    let settings = scenario.arms[arm].settings
    let world = try run.replication == 0 ? world(of: arm) : World(settings, replication: UInt32(run.replication))
    let output = TraceOutput(RunTraceLines(world.network), write)
    let hasFailed = output.hasFailed
    let record: RunRecord
    do throws(SimulationError) {
      record = try simulate(
        settings, in: world, arm: run.arm, replication: run.replication, observer: RunObserver(output.hear),
        isCancelled: { isCancelled() || hasFailed.isSet.load(ordering: .relaxed) })
    } catch {
      if let trouble = output.trouble { throw trouble }
      if isCancelled() { throw CancellationError() }
      throw StudyError(description: "arm '\(run.arm)', replication \(run.replication): \(error)")
    }
    try output.finish()
    return (record, output.count)
  }
}

/// Whether something has failed, for whoever asks from elsewhere.
private final class Flag: Sendable {
  let isSet = Atomic(false)
}

/// Gathers lines and hands on many at a time.
private final class TraceOutput {
  private static let usualLength = 1 << 16

  private let lines: RunTraceLines
  private let write: (String) throws -> Void
  private var text = ""
  private(set) var count = 0
  private(set) var trouble: (any Error)?
  /// Asked by the run, which may not see the rest.
  let hasFailed = Flag()

  init(_ lines: RunTraceLines, _ write: @escaping (String) throws -> Void) {
    self.lines = lines
    self.write = write
  }

  func hear(_ occurrence: Occurrence) {
    guard trouble == nil else { return }
    text += lines.line(occurrence)
    count += 1
    if text.utf8.count >= Self.usualLength { flush() }
  }

  private func flush() {
    do {
      try write(text)
    } catch {
      trouble = error
      hasFailed.isSet.store(true, ordering: .relaxed)
    }
    text = ""
  }

  func finish() throws {
    flush()
    if let trouble { throw trouble }
  }
}
