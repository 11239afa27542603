// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Foundation
import Learners
import Quantities
import Randomness
import Records
import Workers

/// How many bytes one run takes at most, and what takes them: a bound, and not more than about twice what is taken by runs
/// that take much.
///
/// All in Double, so that no size can overflow.
package struct MemoryNeed: Sendable, Equatable {
  /// Something that a run holds.
  package struct Part: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
      /// Parameters, increments and what belongs to a learner.
      case agents
      /// Samples that are used over and over.
      case samples
      /// Estimates that neighbours have sent and agents keep.
      case estimates
      /// Messages under way and in lines, with what they carry.
      case messages
      /// The equations for the minimiser of the average cost, while the world is drawn.
      case optimum
      /// Sums and masses.
      case sums
      /// Episodes of a step, with all that their gradients take.
      case episodes
      /// The rows of measurements, and the same again as they are written down.
      case measurements
      /// What agents come back to after an outage.
      case checkpoints
      /// Parameters that results keep.
      case keptParameters = "kept parameters"
      /// Realised combination matrices, and what every vector is made of.
      case records
      /// Accounts of links.
      case links
      /// Names, weights and states of agents and links.
      case network
    }

    package let kind: Kind
    package let bytes: Double
  }

  package let parts: [Part]
  /// Of this the world, which runs share unless they draw their own.
  package let worldBytes: Double
  /// The rows of measurements as results keep them.
  package let curveBytes: Double
  private let settings: SimulationSettings
  /// Whether most of what is under way waits in lines.
  private let isQueue: Bool

  /// All of it.
  package var bytes: Double { parts.reduce(0) { $0 + $1.bytes } }

  /// What parts of a kind take.
  package func bytes(of kind: Part.Kind) -> Double { parts.reduce(0) { $0 + ($1.kind == kind ? $1.bytes : 0) } }

  /// What grows while the run goes on.
  package var growingBytes: Double {
    parts.reduce(0) { sum, part in
      [.estimates, .messages, .keptParameters, .records].contains(part.kind) ? sum + part.bytes : sum
    }
  }

  /// What a run of this load takes.
  ///
  /// - Parameter threads: that compute the steps of one run together at most; all that the machine has unless they are
  ///   said.
  package init(_ load: ExpectedLoad, threads: Int = ProcessInfo.processInfo.activeProcessorCount) {
    let settings = load.settings
    self.settings = settings
    let messages = MessagesAtOnce(load)
    isQueue = messages.waiting > messages.messages / 2
    let sizes = Sizes(load, messages)
    let all: [(Part.Kind, Double)] = [
      (.agents, sizes.agents), (.samples, sizes.samples), (.estimates, sizes.estimates), (.messages, sizes.underWay),
      (.optimum, sizes.optimum), (.sums, sizes.sums), (.episodes, sizes.episodes(threads: threads)),
      (.measurements, sizes.measurements), (.checkpoints, sizes.checkpoints),
      (.keptParameters, sizes.keptParameters), (.records, sizes.records), (.links, sizes.linkAccounts),
      (.network, sizes.network),
    ]
    worldBytes = sizes.world
    curveBytes = sizes.measurements / 3
    parts = all.map { Part(kind: $0.0, bytes: $0.1) }
  }

  package static func == (left: MemoryNeed, right: MemoryNeed) -> Bool { left.parts == right.parts }
}

extension MemoryNeed {
  /// Why a run does not fit into a machine, with the key of scenarios that says so and what to do; nothing where it fits.
  package func excess(over machine: MachineMemory) -> (message: String, path: String, hint: String)? {
    guard !(bytes <= machine.limit) else { return nil }
    let largest = largest
    let most = parts.map(\.bytes).max() ?? 0
    let message = String(
      format: "a run with %ld agents of %ld parameters needs about %.3g GiB, %.3g GiB of them for %@; this machine has "
        + "%.3g GiB", settings.network.agentCount, settings.parameterCount, bytes / 0x1p30, most / 0x1p30, largest.what,
      machine.limit / 0x1p30)
    return (message, largest.path, largest.hint)
  }

  /// What takes the most, the key of scenarios that says so, and what to do about it.
  package var largest: (what: String, path: String, hint: String) {
    let part = parts.max { $0.bytes < $1.bytes }
    let size = settings.learning.sizeSaidBy
    switch part?.kind ?? .agents {
    case .messages where isQueue:
      return (
        "messages that wait for their links", "conditions.links.bandwidth",
        "use a larger bandwidth, conditions.links.queue supersede, or a shorter measure.until"
      )
    case .messages:
      return ("messages under way", "conditions.links.latency", "use a shorter latency, or fewer messages")
    case .optimum:
      return (
        "the equations for the network's optimum", "task.dimension",
        "use a smaller task.dimension, regressor-correlation 0, or truth.spread 0"
      )
    case .samples: return ("samples of the agents", "task.samples", "use fewer samples")
    case .episodes:
      return ("episodes of a step", "learner.episodes-per-step", "use fewer of them, or fewer learner.hidden-units")
    case .measurements: return ("measurements", "measure.every", "measure less often")
    case .checkpoints:
      return ("checkpoints of agents", "conditions.failures", "use another on-recovery, or fewer agents")
    case .keptParameters:
      return ("kept parameters", "measure.keep-parameters", "keep them less often, or only final ones")
    case .records:
      return ("realised matrices", "measure.records.realised", "use longer windows, or product: false")
    case .links:
      return ("accounts of links", "measure.records.links", "leave them out, or use fewer neighbours")
    case .network: return ("agents and links", "network.agents", "use fewer agents")
    case .agents, .estimates, .sums:
      return (
        "parameters", "network.agents",
        "use fewer agents" + (size.map { " or a smaller \($0)" } ?? "")
      )
    }
  }
}

/// The sizes of what a run holds, part by part.
private struct Sizes {
  let load: ExpectedLoad
  let atOnce: MessagesAtOnce
  let settings: SimulationSettings
  let learning: LearnerFacts
  let task: TaskFacts
  /// Agents that learn, and all nodes with a fusion centre.
  let learners: Double
  let nodes: Double
  /// Directed links, those of a fusion centre instead of the agents' own.
  let links: Double
  /// M, of these those that messages carry, and the bytes of M parameters.
  let count: Double
  let shared: Double
  let vector: Double

  init(_ load: ExpectedLoad, _ atOnce: MessagesAtOnce) {
    self.load = load
    self.atOnce = atOnce
    settings = load.settings
    learning = settings.learning
    task = settings.task.facts
    let hasCentre = settings.strategy.facts.hasCentre
    learners = load.agents
    nodes = learners + (hasCentre ? 1 : 0)
    links = hasCentre ? 2 * learners : load.links
    count = Double(learning.parameterCount)
    shared = Double(learning.layout.sharedCount)
    vector = Double(learning.bytesPerParameter) * count
  }

  /// Parameters and increments; minimisers, in the world and in the run; or the frozen parameters and the moments of
  /// optimisers. Means of the parameters for measurements.
  var agents: Double {
    2 * nodes * vector + 16 * count + learners * learning.memory.perLearner + nodes * learning.memory.perNode
      + learning.memory.once
  }

  /// Names, links and minimisers.
  var world: Double { learners * task.bytesPerAgent + nodes * 120 + links * 28 }

  var optimum: Double { task.bytesWhileDrawn }

  var samples: Double { learners * learning.memory.samplesPerLearner }

  /// A vector as messages carry it.
  private var payload: Double {
    // A gradient on its way to a centre tells of how many samples it is.
    let extra = settings.strategy.facts.numbersBesideParameters + (settings.strategy.facts.hasCentre ? 1 : 0)
    return Double(settings.bytesPerParameter) * (shared + Double(extra))
  }

  var estimates: Double { (atOnce.vectorsHeard + atOnce.vectorsKept) * (payload + 8) }

  /// Vectors and messages, and the arrival of each.
  var underWay: Double {
    let perEvent = Double(MemoryNeed.bytesPerEvent)
    return atOnce.vectorsOnTheWay * (payload + 8) + atOnce.messages * (Double(MemoryNeed.bytesPerMessage) + perEvent)
  }

  /// s and mass of each agent, with running sums σ and ρ, in slots what has arrived; or multipliers of edges.
  var sums: Double {
    if settings.takesTurnsBesideSteps { return Double(settings.bytesPerParameter) * shared * links }
    guard settings.strategy.facts.passesShares else { return 0 }
    let hasSums = settings.strategy.pushSum.runningSums
    let rows =
      learners * (hasSums ? 2 : 1) + links * ((hasSums ? 1 : 0) + (settings.strategy.timing == .slotted ? 1 : 0))
    return 8 * (shared + 1) * rows
  }

  /// Where a step has two phases each agent keeps its episodes, else each thread has room for those of one agent.
  func episodes(threads: Int) -> Double {
    learning.memory.perStep * (learning.memory.keepsStep ? learners : min(learners, Double(threads)))
  }

  var measurements: Double {
    let columns = settings.metrics.count
    // As they are measured, as the record has them, and as they are written.
    return 3 * Double(settings.measurement.gridCount) * Double(columns + 1) * 8
  }

  /// Parameters and moments of each agent, once for each interval between checkpoints.
  var checkpoints: Double {
    Double(settings.checkpointIntervals.count) * learners
      * (vector + learning.memory.perNode + learning.memory.perCheckpoint + 100)
  }

  var keptParameters: Double {
    let measurement = settings.measurement
    let times: Double
    switch measurement.keeping {
    case .none: times = 0
    case .auto: times = learning.isJudgedByReturns ? 1 : 0
    case .final: times = 1
    case .every(let keeping):
      times = min(Double(measurement.gridCount), measurement.until.seconds / keeping.seconds + 1) + 1
    }
    return times * learners * (vector + Double(MemoryNeed.bytesPerKept))
  }

  var records: Double {
    guard let realised = settings.realised else { return 0 }
    return settings.bytesOfRealised(
      realised, agents: nodes, links: links, vectors: atOnce.vectors, phases: Double(settings.phaseCount))
  }

  var linkAccounts: Double { settings.bytesOfLinkRecord(agents: nodes, links: links) }

  var network: Double {
    let appointments = atOnce.appointments * Double(MemoryNeed.bytesPerEvent)
    return nodes * (MemoryNeed.bytesPerAgent + 2 * Double(settings.timeline.count)) + links * settings.bytesPerLink
      + appointments + MemoryNeed.bytesOfRun
  }
}

extension MemoryNeed {
  /// An event's record of 32 bytes, and the part of its block that is empty.
  static var bytesPerEvent: Int { 48 }
  static var bytesPerMessage: Int { MemoryLayout<Message>.stride + MemoryLayout<UInt32>.stride }
  /// Of kept parameters beside the numbers, with their row in the results.
  static var bytesPerKept: Int { 400 }
  /// Names, keys and states, the account of an agent, and all this once more as text.
  static let bytesPerAgent = 1500.0
  /// What every run takes.
  package static let bytesOfRun = 2e6
}

extension SimulationSettings {
  /// Ends, weights and keys of a link, in the graph, the network and the run, with its mailbox.
  fileprivate var bytesPerLink: Double {
    var bytes = 2.0 * 28 + 8 + 8 + 32 + 70
    if strategy.facts.cooperates {
      bytes += Double(MemoryLayout<MailboxSlot>.stride * (strategy.timing.hasRounds ? 2 : 1))
    }
    if linksCanBeBusy { bytes += 20 }
    bytes += conditions.links.bytesOfWeather + bytesOfWindows
    if conditions.links.inOrder { bytes += 16 }
    if strategy.timing.hasRounds { bytes += 1 }
    if strategy.facts.hasCentre { bytes += 40 }
    if usesAcknowledgements { bytes += 32 + Double(2 * MemoryLayout<OutstandingEstimate>.stride) + 8 }
    if strategy.exchange == .link { bytes += 24 }
    if changesNetwork { bytes += 40 }
    return bytes
  }
}

extension LinkSettings {
  /// Numbers, keys and states of a link where more than one law for all says what it does.
  fileprivate var bytesOfWeather: Double {
    let states = loss.bursts.count * (MemoryLayout<StreamKey>.stride + 36)
    return Double(states + (loss.isPlain ? 0 : 8 * loss.parts.count) + (duplication == nil ? 0 : 32))
  }
}

extension SimulationSettings {
  /// When events of the timeline change what a link does.
  fileprivate var bytesOfWindows: Double {
    timeline.reduce(0) { sum, entry in
      guard case .links(_, _, .replace(let replacement)) = entry.change else { return sum }
      let things = [
        replacement.loss != nil, replacement.latency != nil, replacement.bandwidth != nil,
        replacement.duplication != nil,
      ]
      let windows = 2 * entry.occurrences(in: measurement.until).count(in: measurement.until.nanoseconds)
      return sum + 100 * windows * Double(things.count { $0 })
    }
  }
}
