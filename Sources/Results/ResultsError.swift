// SPDX-License-Identifier: GPL-3.0-or-later

/// What can go wrong between results and the disk.
package enum ResultsError: Error, Equatable, CustomStringConvertible {
  /// The file or its folder cannot be made; with the system's reason.
  case cannotCreate(path: String, reason: String)
  /// The file cannot be opened or read.
  case cannotRead(path: String, reason: String)
  /// A line could not be written, so it is not in the file.
  case cannotWrite(path: String, reason: String)
  /// The file is not a results file of this version; lines count from one.
  case notResults(path: String, line: Int, reason: String)

  /// One sentence with the place, the reason and what may help.
  package var description: String {
    switch self {
    case .cannotCreate(let path, let reason):
      "cannot create the results file '\(path)': \(reason); choose another place with --output"
    case .cannotRead(let path, let reason):
      "cannot read '\(path)': \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write to '\(path)': \(reason); the runs written before are kept"
    case .notResults(let path, let line, let reason):
      "\(path):\(line): not a results file of this version: \(reason)"
    }
  }
}
