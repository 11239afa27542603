// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Numerics
import Scenarios

/// The program `starling`, for those who build one with definitions of their own.
public enum Starling {
  /// Does what the command line says, and ends the process where that is an error.
  ///
  /// - Parameter additions: what scenarios can name beside Starling's own definitions.
  public static func main(adding additions: Additions = Additions()) {
    Terminal.prepare()
    // While there is one thread: the choice of kernels is a setting of the whole process.
    _ = numericsPrepared
    do {
      try additions.register()
    } catch {
      Terminal.complain("error: this program cannot add its definitions: \(error)")
      exit(Failure.Status.software.rawValue)
    }
    RootCommand.main()
  }
}
