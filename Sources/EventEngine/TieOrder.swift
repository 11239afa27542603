// SPDX-License-Identifier: GPL-3.0-or-later

/// The order of events that agree in time, wave and class.
public enum TieOrder: Sendable, Equatable {
  /// As they were scheduled.
  case firstInFirstOut
  /// By a bijection of the sequence number that the seed chooses.
  case random(seed: UInt64)
}
