// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What runs keep account of beyond what all do. Nothing of it changes what happens in a run, or its fingerprint.
package struct RecordSettings: Sendable, Equatable {
  /// Combination matrices as agents have realised them; nothing for none.
  package var realised: RealisedSettings?
  /// Whether the account of every link is kept.
  package var links: Bool
  /// What energy agents take; nothing where none is counted.
  package var energy: EnergySettings?

  package init(realised: RealisedSettings? = nil, links: Bool = false, energy: EnergySettings? = nil) {
    (self.realised, self.links, self.energy) = (realised, links, energy)
  }

  /// Whether it is counted what goes over each link: energy asks for the bytes.
  var countsLinks: Bool { links || energy != nil }
}

/// The energy that agents take. One that is down takes none, and one that is paused waits.
package struct EnergySettings: Sendable, Equatable {
  /// Watts of an agent that computes, and of one that is up and does not.
  package var computing: Double
  package var waiting: Double
  /// Joules for each byte that an agent sends, or hears, over links.
  package var sending: Double
  package var hearing: Double

  package init(computing: Double = 0, waiting: Double = 0, sending: Double = 0, hearing: Double = 0) {
    (self.computing, self.waiting, self.sending, self.hearing) = (computing, waiting, sending, hearing)
  }
}

/// Realised combination matrices, by windows of virtual time.
package struct RealisedSettings: Sendable, Equatable {
  /// Whether what parameters at the end of a window are made of is kept too, which takes time and memory with the square of
  /// the number of agents.
  package enum Product: String, Sendable, CaseIterable {
    /// Up to `autoAgents` agents.
    case auto
    case yes = "true"
    case no = "false"
  }

  /// The most agents of which `auto` keeps products.
  package static let autoAgents = 200
  /// The most of which anybody may ask for them.
  package static let mostAgents = 500
  /// The most windows of a run.
  package static let mostWindows = 10_000

  /// The length of a window.
  package var every: VirtualDuration
  package var product: Product

  package init(every: VirtualDuration, product: Product = .auto) {
    self.every = every
    self.product = product
  }

  /// Whether products of so many agents are kept.
  package func keepsProduct(agents: Int) -> Bool {
    switch product {
    case .auto: agents <= Self.autoAgents
    case .yes: true
    case .no: false
    }
  }
}

extension SimulationSettings {
  /// What is kept of realised combination matrices. A fusion centre has none: its agents do not combine.
  package var realised: RealisedSettings? {
    strategy.facts.hasCentre || strategy.facts.takesTurns ? nil : measurement.records.realised
  }
}
