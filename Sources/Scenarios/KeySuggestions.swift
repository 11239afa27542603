// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// The key that was probably meant by one that is not known: one spelt alike, or what other programs call it.
func likelyKey(for key: String, among known: [String]) -> String? {
  nearest(to: key, among: known) ?? foreignKeys[key]?.first(where: known.contains)
}

/// What other programs call keys of ours, by their words.
private let foreignKeys: [String: [String]] = [
  "duration": ["for", "length"],
  "lasts": ["for", "length"],
  "until": ["for"],
  "time": ["at"],
  "when": ["at"],
  "start": ["at"],
  "interval": ["every"],
  "period": ["every"],
  "repeat": ["times"],
  "kill": ["crash"],
  "fail": ["crash"],
  "down": ["crash"],
  "stop": ["pause"],
  "up": ["recover"],
  "split": ["partition"],
  "disconnect": ["cut"],
  "reconnect": ["restore"],
  "merge": ["heal"],
  "slowdown": ["factor", "slow"],
]
