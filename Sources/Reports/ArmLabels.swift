// SPDX-License-Identifier: GPL-3.0-or-later

/// What figures call arms, by their names: those of a sweep, such as `learner.step-size=0.02, conditions.links.loss=0`, lose
/// what their paths have in front of the last dot, as long as the keys stay different.
package func armLabels(_ names: [String]) -> [String: String] {
  let parts = names.map { $0.split(separator: ",").map { $0.drop { $0 == " " } } }
  let own = Dictionary(names.map { ($0, $0) }) { first, _ in first }
  guard names.count > 1, parts.allSatisfy({ $0.contains { $0.contains("=") } }) else { return own }
  func key(_ part: Substring) -> Substring? { part.firstIndex(of: "=").map { part[..<$0] } }
  func short(_ key: Substring) -> Substring { key.split(separator: ".").last ?? key }
  let keys = Set(parts.joined().compactMap(key))
  guard Set(keys.map(short)).count == keys.count else { return own }
  let labels = zip(names, parts).map { name, parts in
    let texts = parts.map { part in key(part).map { short($0) + part.dropFirst($0.count) } ?? part }
    return (name, texts.joined(separator: ", "))
  }
  return Dictionary(labels) { first, _ in first }
}
