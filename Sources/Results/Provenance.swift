// SPDX-License-Identifier: GPL-3.0-or-later

/// What wrote runs, on which machine: all that may change the last bits of a number, and whom to ask about it.
package struct Provenance: Sendable, Codable, Equatable {
  /// The command with its arguments.
  package var command: String
  package var version: String
  /// The git revision of the sources.
  package var revision: String
  /// How random numbers are keyed and drawn.
  package var streams: String
  /// Versions of the libraries by name.
  package var libraries: [String: String]
  /// The kernel that OpenBLAS chose for this processor; other cores may give other last bits.
  package var blasCore: String
  /// The sort of processors that the loops of networks were compiled for, of those that the program has; nothing in files of
  /// versions that did not say. Only `plain` ones give other bits than the rest.
  package var loops: String?
  package var processor: String
  /// The processor's vector extensions, in the order of their names.
  package var processorFlags: [String]
  package var operatingSystem: String
  package var host: String
  package var process: Int
  /// Runs at the same time.
  package var jobs: Int

  package init(
    command: String, version: String, revision: String, streams: String, libraries: [String: String], blasCore: String,
    loops: String? = nil, processor: String, processorFlags: [String], operatingSystem: String, host: String,
    process: Int, jobs: Int
  ) {
    self.command = command
    self.version = version
    self.revision = revision
    self.streams = streams
    self.libraries = libraries
    self.blasCore = blasCore
    self.loops = loops
    self.processor = processor
    self.processorFlags = processorFlags
    self.operatingSystem = operatingSystem
    self.host = host
    self.process = process
    self.jobs = jobs
  }

  /// What stands for the revision where git did not know it.
  package static let unknownRevision = "unknown"

  /// Whether another program is surely this one: built from the same revision, with nothing changed in it.
  package func isSameProgram(as other: Provenance) -> Bool {
    revision == other.revision && revision != Self.unknownRevision && !revision.hasSuffix("-changed")
  }

  /// What differs from another machine or its libraries in a way that may change the last bits, in words; empty if
  /// nothing. Other versions of the program are put to the test instead.
  package func bitDifferences(from other: Provenance) -> [String] {
    var differences: [String] = []
    func compare(_ what: String, _ own: String, _ others: String) {
      if own != others { differences.append("\(what) (\(others), now \(own))") }
    }
    compare("random streams", streams, other.streams)
    compare("BLAS core", blasCore, other.blasCore)
    if let loops, let others = other.loops, [loops, others].contains("plain") { compare("loops", loops, others) }
    compare(
      "processor flags", processorFlags.filter { !other.processorFlags.contains($0) }.joined(separator: " "),
      other.processorFlags.filter { !processorFlags.contains($0) }.joined(separator: " "))
    for name in Set(libraries.keys).union(other.libraries.keys).sorted() {
      compare(name, libraries[name] ?? "none", other.libraries[name] ?? "none")
    }
    return differences
  }
}

/// One start of the program on a results file.
package struct StoredSession: Sendable, Codable, Equatable {
  /// From one, in the order of their starts.
  package var number: Int
  package var provenance: Provenance
  /// In UTC, ISO 8601.
  package var started: String
  /// Nothing if the program was killed, or is still running.
  package var ended: String?

  package init(number: Int, provenance: Provenance, started: String, ended: String?) {
    self.number = number
    self.provenance = provenance
    self.started = started
    self.ended = ended
  }
}
