// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Reads a theory reference. There is one copy of it, the resources of `ReferenceTests`.
///
/// - Parameter name: of the file, without its suffix.
package func theoryReference(_ name: String) throws -> Data { try reference("theory/\(name).json") }

/// Reads a reference of reinforcement learning, in the same way.
///
/// - Parameter name: of the file, without its suffix.
package func learningReference(_ name: String) throws -> Data { try reference("rl/\(name).json") }

/// Reads a reference of conditions, or an exact one, in the same way.
///
/// - Parameter path: folder and name of the file, such as `exact/dynamic-partition`, without its suffix.
package func scriptedReference(_ path: String) throws -> Data { try reference("\(path).json") }

private func reference(_ path: String) throws -> Data {
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return try Data(contentsOf: tests.appendingPathComponent("ReferenceTests/Resources/\(path)"))
}
