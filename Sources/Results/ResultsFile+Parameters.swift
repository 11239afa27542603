// SPDX-License-Identifier: GPL-3.0-or-later
import Records

extension ResultsFile {
  /// What is kept of an agent at a time of a run, without the values.
  package struct Kept: Sendable, Equatable {
    package let run: RunRecord.Identity
    package let agent: String
    /// Seconds of virtual time.
    package let time: Double
    /// `single` or `double`.
    package let precision: String
    /// How many numbers the parameters are.
    package let count: Int
  }

  /// What the file keeps, by run and in the order in which runs keep it; the values are not read.
  ///
  /// - Throws: `damaged`, `cannotRead`, `inUse`.
  package func keptParameters() throws(ResultsError) -> [Kept] {
    var kept: [Kept] = []
    for place in places {
      for entry in try row(place).parameters {
        let count = entry.bytes / (entry.precision == "single" ? 4 : 8)
        kept.append(
          Kept(run: place.identity, agent: entry.agent, time: entry.time, precision: entry.precision, count: count))
      }
    }
    return kept
  }

  /// The parameters of an agent in a run: the newest that are kept, or the newest at or before a time.
  ///
  /// - Parameter time: seconds of virtual time.
  /// - Throws: `noParameters` with what there is; `damaged` where the run or the parameters have changed; `cannotRead`,
  ///   `inUse`.
  package func parameters(
    arm: String, replication: Int, agent: String, at time: Double? = nil
  ) throws(ResultsError) -> KeptParameters {
    let entries = try kept(arm: arm, replication: replication)
    let ofAgent = entries.filter { $0.agent == agent }
    guard !ofAgent.isEmpty else {
      var agents: [String] = []
      for entry in entries where !agents.contains(entry.agent) { agents.append(entry.agent) }
      throw lacking(.agent(agent, arm: arm, replication: replication, known: agents))
    }
    var newest: ParameterRow?
    for entry in ofAgent where entry.time <= time ?? .infinity && entry.time >= newest?.time ?? -.infinity {
      newest = entry
    }
    guard let newest else {
      throw lacking(.time(time ?? .nan, agent: agent, known: ofAgent.map(\.time)))
    }
    return try access(path, .read) { try DatabaseFile.read(database, path) { try newest.parameters(in: $0) } }
  }

  /// What a run keeps, of which there is something.
  private func kept(arm: String, replication: Int) throws(ResultsError) -> [ParameterRow] {
    guard header.arms.contains(where: { $0.name == arm }) else {
      throw lacking(.arm(arm, known: header.arms.map(\.name)))
    }
    let ofArm = places.filter { $0.identity.arm == arm }
    guard let place = ofArm.first(where: { $0.identity.replication == replication }) else {
      throw lacking(.replication(replication, arm: arm, known: ofArm.map(\.identity.replication)))
    }
    let row = try row(place)
    if let error = row.error { throw lacking(.failed(arm: arm, replication: replication, error: error)) }
    guard !row.parameters.isEmpty else { throw lacking(.nothingKept(arm: arm, replication: replication)) }
    return row.parameters
  }

  private func lacking(_ what: MissingParameters) -> ResultsError { .noParameters(path: path, what) }
}

/// Why a results file does not have the parameters that were asked for, and what it has instead.
package enum MissingParameters: Sendable, Equatable, CustomStringConvertible {
  case arm(String, known: [String])
  /// The replications are those that have ended.
  case replication(Int, arm: String, known: [Int])
  case failed(arm: String, replication: Int, error: String)
  case nothingKept(arm: String, replication: Int)
  /// The agents are those of which parameters are kept.
  case agent(String, arm: String, replication: Int, known: [String])
  /// Nothing is kept that is so old; in seconds.
  case time(Double, agent: String, known: [Double])

  package var description: String {
    switch self {
    case .arm(let arm, let known):
      "there is no arm '\(arm)'; there are \(list(known.map { "'\($0)'" }))"
    case .replication(let replication, let arm, let known):
      "arm '\(arm)' has no replication \(replication)"
        + (known.isEmpty ? ", nor any other yet" : "; it has \(list(known.map(String.init)))")
    case .failed(let arm, let replication, let error):
      "the run of arm '\(arm)', replication \(replication) failed: \(error)"
    case .nothingKept(let arm, let replication):
      "the run of arm '\(arm)', replication \(replication) keeps no parameters\n"
        + "  -> `measure.keep-parameters` in a scenario asks for them"
    case .agent(let agent, let arm, let replication, let known):
      "the run of arm '\(arm)', replication \(replication) keeps nothing of an agent '\(agent)'; it keeps parameters of "
        + list(known.map { "'\($0)'" })
    case .time(let time, let agent, let known):
      "nothing is kept of agent '\(agent)' at or before \(time) s; it is at \(list(known.map { "\($0) s" }))"
    }
  }
}

/// Some things in a row, the first of many.
private func list(_ things: [String]) -> String {
  let shown = 20
  let rest = things.count - shown
  return things.prefix(shown).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
}
