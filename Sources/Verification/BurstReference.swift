// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Networks
import Quantities
import Randomness
import Schema
import Theory

/// Losses in bursts and the times of messages as reference cases say them.
struct BurstReference: Decodable, Sendable {
  let name: String
  let form: String
  let lossWhenGood: Double
  let lossWhenBad: Double
  let meanLoss: Double
  let lengthMessages: Double?
  let lengthSeconds: Double?
  let meanGoodSeconds: Double?
  let sendLaw: String?
  let sendInterval: Double?
  let goodToBad: Double?
  let badToGood: Double?

  /// The loss, as a scenario says it.
  ///
  /// - Throws: if the entry says none.
  func loss() throws -> LossSettings {
    var arguments: Arguments = ["when-bad": .number(lossWhenBad), "when-good": .number(lossWhenGood)]
    switch form {
    case "messages":
      guard let lengthMessages else { throw ReferenceError("entry '\(name)' has no length_messages.") }
      arguments["mean"] = .number(meanLoss)
      arguments["length"] = .number(lengthMessages)
    case "seconds":
      guard let lengthSeconds, let meanGoodSeconds else { throw ReferenceError("entry '\(name)' has no sojourns.") }
      arguments["bad"] = .special(Distribution.exponential(mean: lengthSeconds))
      arguments["good"] = .special(Distribution.exponential(mean: meanGoodSeconds))
    default: throw ReferenceError("the form '\(form)' of bursts is not known.")
    }
    let setting = LinkSetting(LossForm.burst, arguments)
    if let fault = setting.fault { throw ReferenceError("entry '\(name)': \(fault.trouble).") }
    return LossSettings([setting])
  }

  /// The law of the time between two messages, seconds.
  ///
  /// - Throws: if it is not known.
  func interval() throws -> Distribution {
    guard let sendLaw, let sendInterval, sendInterval > 0, sendInterval.isFinite else {
      // Where messages move the state it does not matter when they come.
      if form == "messages" { return .constant(1) }
      throw ReferenceError("entry '\(name)' does not say when messages are sent.")
    }
    switch sendLaw {
    case "constant": return .constant(sendInterval)
    case "exponential": return .exponential(mean: sendInterval)
    default: throw ReferenceError("the law '\(sendLaw)' of messages is not known.")
    }
  }

  /// What theory says of the age of what is heard.
  ///
  /// - Throws: if the entry is not known to theory.
  func closedForm(latency: Double) throws -> AgeOfInformation {
    let law = try interval()
    let intervals: AgeOfInformation.Intervals = law.isConstant ? .constant(law.mean) : .exponential(law.mean)
    var chain: AgeOfInformation.Chain?
    if form == "messages", let goodToBad, let badToGood {
      chain = .messages(goodToBad: goodToBad, badToGood: badToGood)
    } else if let meanGoodSeconds, let lengthSeconds {
      chain = .time(goodToBad: 1 / meanGoodSeconds, badToGood: 1 / lengthSeconds)
    }
    guard let chain,
      let age = AgeOfInformation(chain, loss: (lossWhenGood, lossWhenBad), every: intervals, latency: latency)
    else { throw ReferenceError("entry '\(name)' says no states, or loses everything.") }
    return age
  }

  /// A line of agents with so many directed links, or one more.
  static func line(links: Int) throws -> Network {
    guard (1...ReferenceLimits.agents).contains(links) else {
      throw ReferenceError("protocol.links is \(links), not from 1 to \(ReferenceLimits.agents).")
    }
    let names = (0...(links + 1) / 2).map { "agent-\($0)" }
    return try Network(names: names, edges: zip(names, names.dropFirst()).map { NetworkSettings.Edge($0, $1) })
  }
}
