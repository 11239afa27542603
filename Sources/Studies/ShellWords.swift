// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A word as shells read it, in quotes where it needs them.
package func shellWord(_ word: String) -> String {
  let isPlain = word.unicodeScalars.allSatisfy {
    $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-=,:/+@%".unicodeScalars.contains($0))
  }
  if isPlain, !word.isEmpty { return word }
  return "'\(word.replacingOccurrences(of: "'", with: #"'\''"#))'"
}

/// A command as shells read it.
package func shellCommand(_ words: [String]) -> String { words.map(shellWord).joined(separator: " ") }
