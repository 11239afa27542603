// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Decibels of a power-like quantity (a squared error): 10 log₁₀ x. Averages are taken before the logarithm.
///
/// *Edge cases*: zero gives −∞, and infinity +∞.
package func decibels(ofPower power: Double) -> Double { 10 * log10(power) }

/// The power-like quantity of so many decibels: 10^(dB/10).
package func power(ofDecibels decibels: Double) -> Double { pow(10, decibels / 10) }
