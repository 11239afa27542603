// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema

/// One way to say what links carry. A form is one file in `Rates/` that makes one of these, and a line in `all`.
package struct BandwidthForm: LinkForm {
  package let name: String
  package let meaning: String
  package let source: String?
  package let parameters: [Parameter]
  package let isPlain: Bool
  package let check: @Sendable (Arguments) -> Fault?
  /// What is known of it before links are known.
  let facts: @Sendable (Arguments) -> BandwidthFacts
  /// What it is on the links of a network.
  let links: @Sendable (Arguments, LinkDraw) throws(ConditionError) -> LinkBandwidths

  init(
    _ name: String, _ meaning: String, source: String? = nil, parameters: [Parameter], isPlain: Bool = false,
    check: @escaping @Sendable (Arguments) -> Fault? = { _ in nil },
    facts: @escaping @Sendable (Arguments) -> BandwidthFacts,
    links: @escaping @Sendable (Arguments, LinkDraw) throws(ConditionError) -> LinkBandwidths
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
  package static let all: [BandwidthForm] = [.rate, .betweenAgents, .matrix, .trace]
}

/// What is known of a bandwidth before links are known, bytes a second.
package struct BandwidthFacts: Sendable, Equatable {
  package var mean: Double
  package var least: Double
  /// The rate of all links, at all times, where they have one.
  package var same: Bandwidth?
}

/// What links carry.
package struct BandwidthSettings: Sendable, Equatable {
  package var setting: LinkSetting<BandwidthForm>

  package init(_ setting: LinkSetting<BandwidthForm>) { self.setting = setting }

  /// The same for every link.
  package static func rate(_ bandwidth: Bandwidth) -> BandwidthSettings {
    BandwidthSettings(LinkSetting(.rate, ["rate": .bandwidth(bandwidth)]))
  }

  /// So many bytes a second for every link.
  package static func bytesPerSecond(_ bytes: UInt64) -> BandwidthSettings { rate(.bytesPerSecond(bytes)) }

  package var facts: BandwidthFacts { setting.form.facts(setting.arguments) }

  /// The rate of all links, at all times, where they have one.
  package var same: Bandwidth? { facts.same }

  /// What the links of a network carry.
  package func links(_ draw: LinkDraw) throws(ConditionError) -> LinkBandwidths {
    try setting.form.links(setting.arguments, draw)
  }
}

/// What each link of a network carries.
package struct LinkBandwidths: Sendable {
  /// Of all links, where they have one rate.
  package let same: Bandwidth?
  /// Bytes a second; where the rate changes in time, its mean while there is a limit.
  package let rates: LinkNumbers
  /// Takes the place of the rates where they change in time, bytes a second.
  package let trace: LinkSeries?

  package init(same: Bandwidth) {
    (self.same, trace) = (same, nil)
    rates = LinkNumbers(same: same.bytesPerSecond)
  }

  package init(_ rates: [Double]) { (same, self.rates, trace) = (nil, LinkNumbers(rates), nil) }

  package init(_ trace: LinkSeries, links: Int) {
    (same, self.trace) = (nil, trace)
    rates = LinkNumbers((0..<links).map { trace.mean($0) })
  }
}
