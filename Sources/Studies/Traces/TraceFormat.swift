// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Simulation

/// What a trace is of.
struct TraceSubject {
  /// What the run is called.
  let title: String
  /// The nodes and links of the run; a fusion centre comes behind the agents.
  let network: Network
  /// The names of what changes the world.
  let causes: CauseNames
}

/// Writes down what happens in a run.
protocol TraceWriter {
  init(_ subject: TraceSubject, into sink: ByteSink)

  /// How many lines, or packets, there are.
  var count: Int { get }

  /// Why the bytes could not be handed on.
  var trouble: (any Error)? { get }

  /// Writes down what has happened next.
  mutating func write(_ occurrences: UnsafeBufferPointer<Occurrence>)

  /// Ends the trace, wherever the run is, and hands on what has been gathered.
  mutating func finish()
}

/// A format of traces: a new one is a file that conforms to `TraceWriter` and a line in `all`.
package struct TraceFormat: Sendable {
  package let name: String
  /// How names of such files end; empty for the one of all others.
  package let suffix: String
  /// What its count is of.
  package let unit: String
  /// How such files begin, of this program and of earlier ones.
  package let starts: [[UInt8]]
  let make: @Sendable (TraceSubject, ByteSink) -> any TraceWriter

  /// The one whose suffix is empty comes last.
  package static let all: [TraceFormat] = [.tracks, .lines]

  /// The format of a file, by how its name ends.
  package static func of(_ path: String) -> TraceFormat {
    let name = path.lowercased()
    return all.first { name.hasSuffix($0.suffix) } ?? .lines
  }

  /// Whether a file begins as one of this format does.
  package func begins(_ bytes: some Collection<UInt8>) -> Bool { starts.contains { bytes.starts(with: $0) } }
}
