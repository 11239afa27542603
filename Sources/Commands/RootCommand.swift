// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Quantities
import Results
import Scenarios
import Studies

/// The version of the program, as results record it.
let starlingVersion = "0.4.0"

private let revisionWithAdditions = sourceRevision.hasSuffix("-changed") ? sourceRevision : sourceRevision + "-changed"

extension Provenance {
  /// This program on this machine. Of what a program adds nobody knows the revision, so it counts as changed: before a
  /// study goes on, a finished run is repeated.
  package static func current(jobs: Int) -> Provenance {
    .onThisMachine(
      command: (["starling"] + CommandLine.arguments.dropFirst()).joined(separator: " "), version: starlingVersion,
      revision: Additions.areThere ? revisionWithAdditions : sourceRevision, jobs: jobs)
  }
}

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "starling",
    abstract: "Simulate asynchronous diffusion learning on a virtual clock.",
    discussion: """
      Examples:
        starling compare scenarios/stragglers.yaml
        starling run scenarios/quickstart.yaml conditions.links.loss=0.1
        starling sweep scenarios/quickstart.yaml conditions.links.loss=0:0.3:0.1
        starling status results/stragglers.sqlite
        starling watch results/stragglers.sqlite
        starling summarize results/stragglers.sqlite --by arm
        starling report results/stragglers.sqlite -o report.html
        starling describe scenarios/cloud-regions.yaml
        starling show scenarios/quickstart.yaml
        starling list topologies

      Exit status: 0 done; 1 a check failed; 64 wrong usage; 65 bad scenario;
      66 a file cannot be read; 70 internal error; 73 output cannot be created;
      74 output cannot be written; 75 interrupted, and the same command goes on;
      130 interrupted.
      """,
    version: starlingVersion,
    subcommands: [
      Run.self, Compare.self, Sweep.self, ForkCommand.self, Merge.self, Status.self, Watch.self, Summarize.self,
      Report.self,
      Evaluate.self, ExportCommand.self,
      Show.self, Validate.self, Describe.self, List.self, SchemaCommand.self, ReferenceCommand.self, Verify.self,
    ])

  /// As `main` of the library, but that what it quotes of the command line goes through the one door of text.
  static func main() {
    refuseOtherTexts()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard !exitCode(for: error).isSuccess else { exit(withError: error) }
      let message = withoutFarSuggestion(fullMessage(for: error))
      if !message.isEmpty { Terminal.complain(message) }
      exit(withError: exitCode(for: error))
    }
  }

  /// The message without the option that the library suggests, unless that is near what was written.
  private static func withoutFarSuggestion(_ message: String) -> String {
    message.replacing(/(Unknown option '-*([^']*)'\.) Did you mean '-*([^']*)'\?/) { match in
      nearest(to: String(match.2), among: [String(match.3)]) == nil ? match.1 : match.0
    }
  }

  /// Ends the program if an argument is not UTF-8: it would be repaired, and a file of another name read or written.
  private static func refuseOtherTexts() {
    for number in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[number], String(validatingCString: argument) == nil else { continue }
      Terminal.complain("error: argument \(number) is not UTF-8 text: '\(String(cString: argument))'")
      Foundation.exit(Failure.Status.usage.rawValue)
    }
  }
}
