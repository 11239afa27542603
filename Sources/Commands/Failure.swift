// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Results
import Scenarios
import Studies
import Summaries
import Verification

/// Something that ends the program, with its exit status from sysexits.h.
struct Failure: Error {
  enum Status: Int32 {
    case usage = 64
    case badInput = 65
    case noInput = 66
    case software = 70
    case cannotCreate = 73
    case inputOutput = 74
    case resumable = 75
    case interrupted = 130
  }

  let status: Status
  let message: String

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  /// What an error of the rooms below means for the exit status.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as ScenarioError:
      self.init(error.kind == .unreadable ? .noInput : .badInput, error.description)
    case let error as ReferenceError: self.init(error.isUnreadable ? .noInput : .badInput, error.description)
    case let error as Fork.Obstacle: self.init(.usage, "error: \(error.description)")
    case let error as StudyError: self.init(.badInput, "error: \(error.description)")
    case let interruption as StudyInterruption: self.init(.resumable, interruption.description)
    case let error as PolicyError: self.init(error.isUsage ? .usage : .badInput, "error: \(error.description)")
    case let error as RequirementError: self.init(.usage, error.description)
    case let error as ResultsError: self.init(Self.status(of: error), "error: \(error.description)")
    default: self.init(.software, "error: \(error)")
    }
  }

  private static func status(of error: ResultsError) -> Status {
    switch error {
    case .cannotCreate: .cannotCreate
    case .cannotRead: .noInput
    case .cannotWrite: .inputOutput
    case .inUse: .resumable
    case .noParameters: .usage
    case .notResults, .damaged, .newerSchema, .anotherStudy, .strangers, .outdated, .cannotGoOn: .badInput
    }
  }
}

/// Does the work of a command; a failure is said on standard error and becomes the exit status.
func reporting(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let exit as ExitCode {
    throw exit
  } catch is OutputIsClosed {
    // Enough has been read.
  } catch {
    let failure = Failure(error)
    Terminal.complain(failure.message)
    throw ExitCode(failure.status.rawValue)
  }
}
