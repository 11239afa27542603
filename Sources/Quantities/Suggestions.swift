// SPDX-License-Identifier: GPL-3.0-or-later

/// The candidate that a mistyped word most probably means: the only one that begins with it, or the one that is
/// nearest, at most a third of its letters (at least one) apart.
package func nearest(to word: String, among candidates: [String]) -> String? {
  let longer = candidates.filter { word.count >= 3 && $0.hasPrefix(word) }
  guard longer.isEmpty else { return longer.count == 1 ? longer[0] : nil }
  let limit = max(1, word.count / 3)
  var best: (distance: Int, word: String)?
  for candidate in candidates where abs(candidate.count - word.count) <= limit {
    let distance = editDistance(word.lowercased(), candidate.lowercased())
    if distance <= limit, best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
  }
  return best?.word
}

/// The least number of letters to insert, delete, exchange or swap with their neighbour that turns one word into the
/// other (restricted Damerau-Levenshtein distance).
///
/// *Complexity*: the product of the lengths; words longer than 100 letters count as their first 100.
func editDistance(_ left: String, _ right: String) -> Int {
  let a = Array(left.prefix(100))
  let b = Array(right.prefix(100))
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in b.indices {
      let exchange = last[j] + (a[i] == b[j] ? 0 : 1)
      row[j + 1] = min(last[j + 1] + 1, row[j] + 1, exchange)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1) }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
