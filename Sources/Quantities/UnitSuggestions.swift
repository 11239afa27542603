// SPDX-License-Identifier: GPL-3.0-or-later

/// The unit that was most probably meant by a word that is none of those that are possible.
///
/// How a unit is often written comes first; likeness decides only where nothing is known, as `Mbps` looks more like
/// `MB/s` than like the `Mbit/s` that it is.
package func likelyUnit(for word: String, among names: [String]) -> String? {
  for (unit, spellings) in usualSpellings where names.contains(unit) && spellings.contains(word) { return unit }
  // Eight times too much or too little is worse than no advice.
  let isOfBits = word.lowercased().contains("bit") || word.hasSuffix("b") && !word.hasSuffix("ib")
  let candidates = names.filter { ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"].contains($0) == isOfBits }
  guard word.count > 1, word != "ps" else { return nil }
  return nearest(to: word, among: candidates)
}

private let usualSpellings: [(unit: String, spellings: Set<String>)] =
  [
    ("ns", ["nsec", "nsecs", "nanosecond", "nanoseconds"]),
    ("us", ["usec", "usecs", "microsecond", "microseconds"]),
    ("ms", ["msec", "msecs", "millisecond", "milliseconds"]),
    ("s", ["S", "sec", "secs", "second", "seconds", "Sec"]),
    ("min", ["m", "M", "mins", "Min", "minute", "minutes"]),
    ("h", ["H", "hr", "hrs", "hour", "hours"]),
    ("day", ["d", "D", "days", "Day"]),
    ("B", ["b", "byte", "bytes", "Byte", "Bytes"]),
    ("B/s", ["Bps", "byte/s", "bytes/s", "Byte/s"]),
    ("bit/s", ["b/s", "bps", "bits/s", "Bit/s"]),
    ("%", ["percent", "pct", "per cent"]),
    ("dB", ["db", "DB", "Db"]),
  ] + ["k", "M", "G"].flatMap(spellings) + spellingsOfEnergy

private let spellingsOfEnergy: [(unit: String, spellings: Set<String>)] = [
  ("W", ["w", "watt", "watts", "Watt", "J/s"]),
  ("mW", ["mw", "milliwatt", "milliwatts"]),
  ("J/B", ["j/b", "J/byte", "J/b"]),
  ("uJ/B", ["uj/b", "uJ/byte", "uJ/b", "µJ/B", "μJ/B"]),
  ("nJ/B", ["nj/b", "nJ/byte", "nJ/b"]),
]

/// Units with a prefix, however it is written.
private func spellings(prefix: String) -> [(unit: String, spellings: Set<String>)] {
  let prefixes = [prefix, prefix.uppercased(), prefix.lowercased()]
  func all(_ endings: String...) -> Set<String> { Set(prefixes.flatMap { prefix in endings.map { prefix + $0 } }) }
  return [
    ("\(prefix)bit/s", all("bit/s", "bits/s", "Bit/s", "b/s", "bps", "bit", "bits")),
    ("\(prefix)B/s", all("B/s", "Bps", "byte/s", "bytes/s", "Byte/s")),
    ("\(prefix)B", all("B", "byte", "bytes", "Byte", "Bytes")),
  ]
}
