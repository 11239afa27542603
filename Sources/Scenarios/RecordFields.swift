// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Simulation

extension RecordSettings {
  static var record: Record<RecordSettings> {
    Record([
      Field(
        "realised", \.realised, RealisedSettings.codec.orWord(),
        "combination matrices as agents have realised them, by windows of virtual time",
        keysBelow: RealisedSettings.record.schemaKeys),
      Field(
        "links", \.links, .flag,
        "accounts of every link: what became of its messages, and how old the newest estimate was that had come over it",
        hidden: { !$0.links }),
      Field(
        "energy", \.energy, EnergySettings.codec.orWord(),
        "joules of agents: of the time that they compute and wait, and of the bytes that they send and hear",
        keysBelow: EnergySettings.record.schemaKeys, hidden: { $0.energy == nil }),
    ])
  }
}

extension RealisedSettings {
  fileprivate static var record: Record<RealisedSettings> {
    Record([
      Field(
        "every", \.every, .duration(.positiveDuration),
        "the length of a window; windows follow each other from time 0 on", required: true),
      Field(
        "product", \.product, Codec<Product>.choice,
        "whether it is kept what parameters at the end of a window are made of; auto: up to \(autoAgents) agents"),
    ])
  }

  static var codec: Codec<RealisedSettings> {
    record.codec("such as {every: 10 s}", default: RealisedSettings(every: .zero))
  }
}

extension EnergySettings {
  fileprivate static var record: Record<EnergySettings> {
    let power = Codec<Double>.quantity(.watts, .notNegative)
    let energy = Codec<Double>.quantity(.energyPerByte, .notNegative)
    return Record([
      Field("computing", \.computing, power, "of an agent that computes"),
      Field("waiting", \.waiting, power, "of one that is up and does not, paused ones included"),
      Field("sending", \.sending, energy, "of each byte that an agent sends over a link"),
      Field("hearing", \.hearing, energy, "of each byte that comes to it over a link while it is up"),
    ])
  }

  static var codec: Codec<EnergySettings> {
    record.codec(
      "such as {computing: 10 W, waiting: 1 W, sending: 1 uJ/B, hearing: 0.5 uJ/B}", default: EnergySettings())
  }
}
