// SPDX-License-Identifier: GPL-3.0-or-later
import Records

extension ResultsFile {
  /// The accounts of the links of a run; nothing where the run keeps none, or is not there.
  ///
  /// - Throws: `damaged` where the run or its accounts have changed; `cannotRead`, `inUse`.
  package func links(arm: String, replication: Int) throws(ResultsError) -> LinkAccounts? {
    guard let place = places.first(where: { $0.identity.arm == arm && $0.identity.replication == replication }) else {
      return nil
    }
    let row = try row(place)
    return try access(path, .read) {
      try DatabaseFile.read(database, path) { database in try row.links.map { try $0.accounts(in: database) } }
    }
  }
}
