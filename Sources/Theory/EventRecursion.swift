// SPDX-License-Identifier: GPL-3.0-or-later

/// The second moments G = tr E z z' of all agents' deviations and of those in mailboxes, from event to event:
/// G ← Σ_e (r_e / r) T_e G, where T_e is what an event e of rate r_e does.
struct EventRecursion: MomentRecursion {
  /// Where a combination takes a neighbour's deviation from, and with what weight.
  private struct Source {
    let place: Int
    let weight: Double
  }

  let size: Int
  /// r, the rate of all events that change something.
  let eventRate: Double
  private let adaptation: GaussianAdaptation
  private let agentRates: [Double]
  private let linkRate: Double
  /// The sender of each mailbox, in the order of places after the agents.
  private let senders: [Int]
  /// What each agent combines with.
  private let sources: [[Source]]
  /// The mailboxes that each agent fills when it wakes.
  private let filled: [[Int]]
  /// The probability that a reading succeeds.
  private let reading: Double
  /// The probability that a message fills a mailbox.
  private let arrival: Double

  init(_ model: EventDrivenDiffusion) {
    let agents = model.costs.agentCount
    adaptation = GaussianAdaptation(
      model.costs, stepSizes: model.stepSizes, noiseVariances: model.noiseVariances,
      activeProbabilities: [Double](repeating: 1, count: agents), usesTraces: true)
    agentRates = model.clockRates
    let isPulled = model.exchange == .pull
    var senders: [Int] = []
    var sources: [[Source]] = []
    var filled = [[Int]](repeating: [], count: agents)
    for receiver in 0..<agents {
      sources.append(
        model.combination.senders(to: receiver).map { sender in
          let weight = model.combination[sender, receiver]
          guard !isPulled else { return Source(place: sender, weight: weight) }
          let place = agents + senders.count
          senders.append(sender)
          if model.exchange == .mailbox { filled[sender].append(place) }
          return Source(place: place, weight: weight)
        })
    }
    self.senders = senders
    self.sources = sources
    self.filled = filled
    reading = isPulled ? 1 - model.messageLoss : 1
    arrival = 1 - model.messageLoss
    // A message that is lost changes nothing, so only those that arrive are events.
    linkRate = if case .link(let rate) = model.exchange { rate * (1 - model.messageLoss) } else { 0 }
    size = agents + senders.count
    eventRate = model.clockRates.reduce(0, +) + linkRate * Double(senders.count)
  }

  var initialMoments: [Double] { [Double](repeating: adaptation.initialBlock[0], count: size * size) }

  var operationsPerStep: Double {
    let rows = sources.reduce(0) { $0 + $1.count } + filled.reduce(0) { $0 + $1.count } + 4 * size
    return Double(rows * size + size * size)
  }

  var meanMatrix: [Double] {
    var mean = identityMatrix(size)
    for agent in sources.indices {
      // The row of w_k after the event, and after it those of the mailboxes that it fills.
      var row = [Double](repeating: 0, count: size)
      row[agent] = ownWeight(agent) * adaptation.meanFactor(of: agent, probability: 1)[0]
      for source in sources[agent] { row[source.place] += reading * source.weight }
      let share = agentRates[agent] / eventRate
      for column in 0..<size {
        let change = share * (row[column] - (column == agent ? 1 : 0))
        mean[agent * size + column] += change
        for place in filled[agent] {
          mean[place * size + column] += share * arrival * (row[column] - (column == place ? 1 : 0))
        }
      }
    }
    if linkRate > 0 {
      for (index, sender) in senders.enumerated() {
        let place = sources.count + index
        mean[place * size + place] -= linkRate / eventRate
        mean[place * size + sender] += linkRate / eventRate
      }
    }
    return mean
  }

  func advance(_ moments: inout [Double]) {
    let before = moments
    var after = before
    for agent in sources.indices where agentRates[agent] > 0 {
      wake(agent, &after)
      let changed = [agent] + filled[agent]
      accumulate(changed, share: agentRates[agent] / eventRate, before: before, after: &after, into: &moments)
    }
    guard linkRate > 0 else { return }
    for (index, sender) in senders.enumerated() {
      let place = sources.count + index
      fill(place, from: sender, probability: 1, &after)
      accumulate([place], share: linkRate / eventRate, before: before, after: &after, into: &moments)
    }
  }

  /// What an agent keeps for itself on average.
  private func ownWeight(_ agent: Int) -> Double { 1 - sources[agent].reduce(0) { $0 + reading * $1.weight } }

  /// T_e G for an agent that wakes.
  private func wake(_ agent: Int, _ moments: inout [Double]) {
    let own = agent * size + agent
    let stepped = adaptation.stepped(agent, [moments[own]], probability: 1)[0]
    let factor = adaptation.meanFactor(of: agent, probability: 1)[0]
    for place in 0..<size {
      moments[agent * size + place] *= factor
      moments[place * size + agent] = moments[agent * size + place]
    }
    moments[own] = stepped
    combine(agent, &moments)
    for place in filled[agent] { fill(place, from: agent, probability: arrival, &moments) }
  }

  /// w_k ← w_k + Σ g_l (z_l - w_k), with g_l = c_lk if the reading succeeds and 0 otherwise.
  private func combine(_ agent: Int, _ moments: inout [Double]) {
    let parts =
      [Source(place: agent, weight: ownWeight(agent))]
      + sources[agent].map { Source(place: $0.place, weight: reading * $0.weight) }
    var row = [Double](repeating: 0, count: size)
    for part in parts {
      for place in 0..<size { row[place] += part.weight * moments[part.place * size + place] }
    }
    var square = parts.reduce(0) { $0 + $1.weight * row[$1.place] }
    for source in sources[agent] {
      let gap =
        moments[source.place * size + source.place] - 2 * moments[source.place * size + agent]
        + moments[agent * size + agent]
      square += source.weight * source.weight * reading * (1 - reading) * gap
    }
    for place in 0..<size {
      moments[agent * size + place] = row[place]
      moments[place * size + agent] = row[place]
    }
    moments[agent * size + agent] = square
  }

  /// z ← w_k with some probability; independent of what else happens, one mailbox after the other.
  private func fill(_ place: Int, from agent: Int, probability: Double, _ moments: inout [Double]) {
    let square =
      probability * moments[agent * size + agent] + (1 - probability) * moments[place * size + place]
    for other in 0..<size {
      let value =
        probability * moments[agent * size + other] + (1 - probability) * moments[place * size + other]
      moments[place * size + other] = value
      moments[other * size + place] = value
    }
    moments[place * size + place] = square
  }

  /// Adds the share of an event's change of some rows and columns, and takes the change back in `after`.
  private func accumulate(
    _ changed: [Int], share: Double, before: [Double], after: inout [Double], into moments: inout [Double]
  ) {
    for row in changed {
      for column in 0..<size {
        let index = row * size + column
        let change = share * (after[index] - before[index])
        moments[index] += change
        // Where the column changes as well, its own turn adds it.
        if !changed.contains(column) { moments[column * size + row] += change }
      }
    }
    for row in changed {
      for column in 0..<size {
        after[row * size + column] = before[row * size + column]
        after[column * size + row] = before[column * size + row]
      }
    }
  }
}
