// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners

extension SimulationSettings {
  /// Bytes of a message, on average over the phases of a step; with a fusion centre, of one that it sends.
  package var messageBytes: UInt64 {
    let numbers = sharedCount + strategy.facts.numbersBesideParameters
    let bytes = conditions.links.bytesPerNumber(bytesPerParameter: bytesPerParameter)
    return UInt64(numbers * bytes / phaseCount) + conditions.links.overhead.bytes
  }

  /// Bytes of what an agent with so many samples sends to the fusion centre.
  package func uploadBytes(samples: UInt64) -> UInt64 {
    let learning = learning
    guard sendsEpisodes, let numbers = learning.numbersPerSample else {
      return conditions.links.messageSize(numbers: sharedCount + 1, bytesPerParameter: bytesPerParameter)
    }
    let samples = learning.samplesPerUpload ?? samples
    return samples * UInt64(numbers) * UInt64(bytesPerParameter) + conditions.links.overhead.bytes
  }

  /// Whether agents send a fusion centre their episodes, as long as these are; else gradients.
  package var sendsEpisodes: Bool {
    strategy.facts.hasCentre && strategy.upload == .episodes && learning.numbersPerSample != nil
  }

  /// Whether messages are less precise than parameters.
  package var roundsMessages: Bool {
    strategy.facts.cooperates && conditions.links.roundsNumbers(bytesPerParameter: bytesPerParameter)
  }

  /// Why messages cannot have the precision that the links say, and what to do; nothing where they can.
  package var precisionObstacle: (reason: String, hint: String)? {
    precisionObstacle(bytesPerParameter: bytesPerParameter)
  }

  func precisionObstacle(bytesPerParameter: Int) -> (reason: String, hint: String)? {
    let links = conditions.links
    guard let precision = links.precision else { return nil }
    if precision.bytes > bytesPerParameter {
      let own = MessagePrecision.allCases.first { $0.bytes == bytesPerParameter }?.rawValue ?? "own"
      return (
        "messages cannot be more precise than the parameters of the learner, which are \(own)", "use \(own) or less"
      )
    }
    guard strategy.facts.cooperates, links.roundsNumbers(bytesPerParameter: bytesPerParameter) else { return nil }
    if strategy.facts.passesShares, strategy.pushSum.runningSums {
      return (
        "running sums are exact numbers, of which \(precision.rawValue) would lose what later messages make up for",
        "use plain push-sum, in which the sender keeps what is rounded off"
      )
    }
    if sendsEpisodes {
      return ("episodes are sent to the fusion centre as they are, not as parameters", "use strategy.upload gradients")
    }
    return nil
  }
}
