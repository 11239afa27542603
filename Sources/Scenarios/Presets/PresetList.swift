// SPDX-License-Identifier: GPL-3.0-or-later

extension PresetDefinition {
  /// All presets: a new one is a value in the file of its slot and a word here.
  package static let all: [PresetDefinition] = [
    .equal, .exponential, .shiftedExponential, .devices, .paretoSteps, .halfNormal, .oneSlow, .slowSpells, .spread,
    .lan, .gossipClassic, .gossipExtreme, .cloudRegions, .wideArea, .heavyTail, .access,
    .noise, .bursts, .oneWayLoss,
    .servers, .sessions, .diurnal, .onOff, .kill, .partition, .flashCrowd, .bernoulli,
    .ring, .torus, .randomRegular, .sparseRandom, .preferential, .cliques, .onePeer, .path, .star, .geometric,
    .slowAndDifferent,
  ]

  /// Those of a slot.
  static func all(of slot: Slot) -> [PresetDefinition] { all.filter { $0.slot == slot } }
}
