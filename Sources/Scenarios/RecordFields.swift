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
        keysBelow: RealisedSettings.record.schemaKeys)
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
