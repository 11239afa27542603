// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc

/// From so many bytes on it is worth while to ask for huge pages.
package var leastBytesOfHugePages: Int { 4 << 20 }

/// Room for so many bytes that begins at a multiple of 64; what is large lies in huge pages where the system has them.
///
/// The tables by which processors find ordinary pages of hundreds of megabytes do not fit into caches. A system without
/// huge pages gives ordinary ones. `free` gives the room back.
package func hugePagedMemory(bytes: Int) -> UnsafeMutableRawPointer {
  let isLarge = bytes >= leastBytesOfHugePages
  var memory: UnsafeMutableRawPointer?
  guard posix_memalign(&memory, isLarge ? 2 << 20 : 64, max(64, bytes)) == 0, let memory else {
    preconditionFailure("The system has no memory left.")
  }
  // What comes of it is a matter of speed alone.
  if isLarge { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
  return memory
}
