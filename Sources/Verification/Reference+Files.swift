// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

extension Reference {
  /// The path itself if it is not that of a folder, otherwise those of all JSON files anywhere below it, in order.
  ///
  /// - Throws: if there is none in the folder, with its path.
  package static func files(at path: String) throws(ReferenceError) -> [String] {
    // The folder may be a link, which the enumerator would not follow.
    let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let below = (FileManager.default.enumerator(atPath: folder)?.allObjects ?? []).compactMap { $0 as? String }
    let files = below.filter { $0.lowercased().hasSuffix(".json") }.sorted()
    guard !files.isEmpty else {
      throw ReferenceError("\(path): error: there is no JSON file in this folder.", isUnreadable: true)
    }
    return files.map { path + (path.hasSuffix("/") ? "" : "/") + $0 }
  }
}
