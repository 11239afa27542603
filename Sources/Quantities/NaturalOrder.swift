// SPDX-License-Identifier: GPL-3.0-or-later

/// The order of names in which `agent-9` comes before `agent-10`: runs of digits compare by value, all else byte by
/// byte of UTF-8. Names that differ only in leading zeros compare byte by byte, so the order is total.
package func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  let a = Array(left.utf8)
  let b = Array(right.utf8)
  var i = 0
  var j = 0
  while i < a.count, j < b.count {
    if isDigit(a[i]), isDigit(b[j]) {
      let first = digits(a, from: &i)
      let second = digits(b, from: &j)
      if first.count != second.count { return first.count < second.count }
      if first != second { return first.lexicographicallyPrecedes(second) }
    } else if a[i] != b[j] {
      return a[i] < b[j]
    } else {
      i += 1
      j += 1
    }
  }
  let leftRest = a.count - i
  let rightRest = b.count - j
  return leftRest == rightRest ? a.lexicographicallyPrecedes(b) : leftRest < rightRest
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

/// The run of digits at `index` without its leading zeros; moves `index` behind the run.
private func digits(_ bytes: [UInt8], from index: inout Int) -> ArraySlice<UInt8> {
  while index < bytes.count, bytes[index] == 48 { index += 1 }
  let start = index
  while index < bytes.count, isDigit(bytes[index]) { index += 1 }
  return bytes[start..<index]
}
