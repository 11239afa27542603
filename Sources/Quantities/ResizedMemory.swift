// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc

/// Room for so many trivial values, with those of the room that it takes the place of.
///
/// The system moves what is large from page to page, so that a room which doubles is never there twice.
package func resized<Element: BitwiseCopyable>(
  _ old: UnsafeMutablePointer<Element>?, count: Int
) -> UnsafeMutablePointer<Element> {
  precondition(MemoryLayout<Element>.alignment <= 16, "Memory of the system begins at multiples of 16 bytes.")
  guard let memory = realloc(old, max(1, count) * MemoryLayout<Element>.stride) else {
    preconditionFailure("The system has no memory left.")
  }
  return memory.assumingMemoryBound(to: Element.self)
}

/// Gives a room of `resized` back.
package func giveBack<Element: BitwiseCopyable>(_ memory: UnsafeMutablePointer<Element>) { free(memory) }
