// SPDX-License-Identifier: GPL-3.0-or-later
import Records

extension ResultsFile {
  /// The windows of a run with their matrices; none where the run keeps none, and nothing where it is not there.
  ///
  /// - Throws: `damaged` where the run or its matrices have changed; `cannotRead`, `inUse`.
  package func windows(arm: String, replication: Int) throws(ResultsError) -> [RealisedWindow]? {
    guard let place = places.first(where: { $0.identity.arm == arm && $0.identity.replication == replication }) else {
      return nil
    }
    let row = try row(place)
    return try access(path, .read) {
      try DatabaseFile.read(database, path) { database in try row.windows.map { try $0.window(in: database) } }
    }
  }
}
