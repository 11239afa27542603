// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import Verification

/// The reference files of the folder in `STARLING_REFERENCE_DIR`, or those that come with Starling.
enum ReferenceFolder {
  static var chosen: URL {
    if let path = ProcessInfo.processInfo.environment["STARLING_REFERENCE_DIR"], !path.isEmpty {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    return Bundle.module.bundleURL.appendingPathComponent("Resources", isDirectory: true)
  }

  /// Every JSON file anywhere below a folder, in the order of their paths; nothing if there is none.
  static func files(below folder: URL) -> [URL] {
    ((try? Reference.files(at: folder.path)) ?? []).map { URL(fileURLWithPath: $0) }
  }
}

/// One file as the argument of a test.
struct ReferenceFile: Sendable, CustomTestStringConvertible {
  let url: URL

  /// The path from the folder of all references.
  var place: String {
    let folder = ReferenceFolder.chosen.pathComponents
    return url.pathComponents.dropFirst(url.pathComponents.starts(with: folder) ? folder.count : 0)
      .joined(separator: "/")
  }

  var testDescription: String { place }

  static var all: [ReferenceFile] { ReferenceFolder.files(below: ReferenceFolder.chosen).map(ReferenceFile.init) }
}
