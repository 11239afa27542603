// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// One way to say how long messages travel. A form is one file in `Latency/` that makes one of these, and a line in `all`.
package struct LatencyForm: LinkForm {
  package let name: String
  package let meaning: String
  package let source: String?
  package let parameters: [Parameter]
  package let isPlain: Bool
  package let check: @Sendable (Arguments) -> Fault?
  /// What is known of it before links are known.
  let facts: @Sendable (Arguments) -> LatencyFacts
  /// What it is on the links of a network.
  let links: @Sendable (Arguments, LinkDraw) throws(ConditionError) -> LinkLatencies

  init(
    _ name: String, _ meaning: String, source: String? = nil, parameters: [Parameter], isPlain: Bool = false,
    check: @escaping @Sendable (Arguments) -> Fault? = { _ in nil },
    facts: @escaping @Sendable (Arguments) -> LatencyFacts,
    links: @escaping @Sendable (Arguments, LinkDraw) throws(ConditionError) -> LinkLatencies
  ) {
    self.name = name
    self.meaning = meaning
    self.source = source
    self.parameters = parameters
    self.isPlain = isPlain
    self.check = check
    self.facts = facts
    self.links = links
  }

  /// All forms: a new one is a file of its own and a line here.
  package static let all: [LatencyForm] = [.law, .regions, .betweenLinks, .matrix, .trace]
}

/// What is known of a latency before links are known.
package struct LatencyFacts: Sendable, Equatable {
  /// What is drawn for each message, and multiplied by what is typical of its link.
  package var law: Distribution
  /// The greatest typical value of a link, seconds; of a law without a bound the greatest to speak of.
  package var greatestScale = 1.0
  /// The same where there is no such bound: infinity.
  package var boundOfScale = 1.0
  /// Whether it changes in time.
  package var changes = false
  /// Whether all links have the same law and nothing else says how long messages travel.
  package var isSame = true
}

/// How long messages travel, and with what.
package struct LatencySettings: Sendable, Equatable {
  package var setting: LinkSetting<LatencyForm>

  package init(_ setting: LinkSetting<LatencyForm>) { self.setting = setting }

  /// The same law on every link, seconds.
  package static func law(_ law: Distribution) -> LatencySettings {
    LatencySettings(LinkSetting(.law, ["law": .special(law)]))
  }

  /// Half the round trip between the regions of the two agents, times a jitter drawn per message.
  package static func regions(_ regions: RegionSettings) -> LatencySettings {
    LatencySettings(LinkSetting(.regions, ["regions": .special(regions)]))
  }

  package var facts: LatencyFacts { setting.form.facts(setting.arguments) }

  /// The law that all links have; nothing where links differ, or change.
  package var law: Distribution? {
    let facts = facts
    return facts.isSame ? facts.law : nil
  }

  /// The regions that agents are in, where they say how long messages travel.
  package var regions: RegionSettings? { setting.arguments.special("regions") }

  /// Whether no message takes any time.
  package var isZero: Bool { law == .constant(0) }

  /// Whether messages of one link can take different times.
  package var varies: Bool {
    let facts = facts
    return !facts.law.isConstant || facts.changes
  }

  /// The longest that a message can travel, seconds; may be infinite.
  package var greatest: Double {
    let facts = facts
    return facts.boundOfScale == 0 ? 0 : facts.law.support.upper * facts.boundOfScale
  }
}
