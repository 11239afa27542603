// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// When agents go down and come up by themselves, in one run: the causes of the scenario, each with a process of its own
/// that is the same in every arm.
///
/// Lines of all causes are numbered one after the other, in the order of the causes.
package struct Outages: ~Copyable {
  /// A cause with its process.
  package struct Cause {
    package let process: any OutageProcess
    package let onRecovery: FailureSettings.Recovery
    package let checkpointEvery: VirtualDuration?
    /// The number of its first line.
    let firstLine: Int
    /// What tells its name from those of causes of its kind before it; empty for the first.
    let suffix: String
  }

  package let causes: [Cause]
  /// The outages that each line has had, which is the number of the present or the next.
  private let numbers: Column<UInt32>
  /// The cause of each line.
  private let causeOfLine: Column<UInt16>

  /// The outages of one replication; without causes nobody goes down.
  ///
  /// - Parameter context: of the run, for a cause that stands first and is about all agents.
  /// - Throws: if a cause names somebody who is not there.
  package init(_ settings: [FailureSettings.Cause], _ context: OutageContext) throws(ConditionError) {
    var causes: [Cause] = []
    var owners: [UInt16] = []
    for (position, cause) in settings.enumerated() {
      let own = try context.of(cause, at: position, among: settings.count)
      let process = try cause.kind.make(cause.arguments, own)
      let earlier = settings[..<position].count { $0.kind == cause.kind }
      causes.append(
        Cause(
          process: process, onRecovery: cause.onRecovery, checkpointEvery: cause.checkpointEvery,
          firstLine: owners.count, suffix: earlier == 0 ? "" : "#\(earlier + 1)"))
      owners += repeatElement(UInt16(position), count: process.lineCount)
    }
    self.causes = causes
    numbers = Column(repeating: 0, count: owners.count)
    causeOfLine = Column(owners)
  }

  /// How many lines there are.
  package var lineCount: Int { numbers.count }

  /// The cause of a line.
  package func cause(of line: Int) -> Cause { causes[Int(causeOfLine[line])] }

  /// What records call the cause of a line.
  package func name(of line: Int) -> String {
    let cause = cause(of: line)
    return cause.process.title(of: line - cause.firstLine) + cause.suffix
  }

  /// How many agents a line is about.
  package func agentCount(of line: Int) -> Int {
    let cause = cause(of: line)
    return cause.process.agentCount(of: line - cause.firstLine)
  }

  /// One of these agents, by its position among them.
  package func agent(_ position: Int, of line: Int) -> NodeID {
    let cause = cause(of: line)
    return cause.process.agent(position, of: line - cause.firstLine)
  }

  /// The number of the present outage of a line, or of the next.
  package func number(of line: Int) -> UInt32 { numbers[line] }

  /// Whether an outage of a line takes one of its agents down, by the position among them.
  package func takesDown(_ position: Int, of line: Int, outage: UInt32) -> Bool {
    let cause = cause(of: line)
    return cause.process.takesDown(position, of: line - cause.firstLine, outage: outage)
  }

  /// When the next outage of a line begins, whose last one ends now; nothing if there is none.
  package func begin(of line: Int, after now: VirtualTime) -> VirtualTime? {
    let cause = cause(of: line)
    return cause.process.begin(of: numbers[line], of: line - cause.firstLine, after: now)
  }

  /// When the outage of a line ends that begins now; nothing if it does not.
  package func end(of line: Int, after now: VirtualTime) -> VirtualTime? {
    let cause = cause(of: line)
    return cause.process.end(of: numbers[line], of: line - cause.firstLine, after: now)
  }

  /// Counts an outage that has ended.
  package func countOutage(of line: Int) { numbers[line] += 1 }

  /// What of it changes while the run goes on.
  package mutating func visit(_ memory: inout RunMemory) throws(RunMemoryFault) {
    try memory.column("outages of causes", numbers)
  }
}
