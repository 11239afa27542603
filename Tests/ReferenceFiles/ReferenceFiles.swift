// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Reads a theory reference. There is one copy of it, the resources of `ReferenceTests`.
///
/// - Parameter name: of the file, without its suffix.
package func theoryReference(_ name: String) throws -> Data {
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return try Data(contentsOf: tests.appendingPathComponent("ReferenceTests/Resources/theory/\(name).json"))
}
