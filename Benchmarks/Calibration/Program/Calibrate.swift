// SPDX-License-Identifier: GPL-3.0-or-later
import Calibration
import Foundation

/// `Calibrate [STUDIES [KIND]]`: counts false claims and covered truths in so many made-up studies of every kind, or
/// false claims in those of one kind, and prints them as tables. The status is 1 where a promise of docs/comparing.md is
/// not kept.
@main
enum Calibrate {
  static let replications = [6, 10, 20]

  static func main() {
    let studies = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1000
    let only = CommandLine.arguments.dropFirst(2).first
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    var claims: [Share] = []
    for kind in NullStudies.Kind.allCases where only.map({ $0 == kind.rawValue }) ?? true {
      for replications in replications {
        for arms in [2, 4, 8] {
          claims += NullStudies(kind, replications: replications, arms: arms).falseClaims(of: studies, jobs: jobs)
        }
      }
      FileHandle.standardError.write(Data("\(kind.rawValue)\n".utf8))
    }
    print(calibrationTable(claims, of: "false claims, %") + "\n")
    var covered: [Share] = []
    for world in Coverage.World.allCases where only == nil {
      for areAlike in [true, false] {
        let coverage = Coverage(world, areAlike: areAlike, jobs: jobs)
        for replications in replications {
          covered += coverage.shares(of: studies, replications: replications, jobs: jobs).map { share in
            var share = share
            share.title += areAlike ? ", alike" : ", different"
            return share
          }
        }
      }
      FileHandle.standardError.write(Data("coverage, \(world.rawValue)\n".utf8))
    }
    if only == nil { print(calibrationTable(covered, of: "covered, %")) }
    let broken = (claims + covered).count { !$0.isKept }
    FileHandle.standardError.write(Data("\(broken) of \(claims.count + covered.count) promises broken\n".utf8))
    exit(broken == 0 ? 0 : 1)
  }
}
