// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Everything that starts processes, one at a time.
@Suite(.serialized) struct HelpTests {
  @Test(arguments: [
    "", "run", "compare", "sweep", "merge", "status", "watch", "summarize", "report", "evaluate", "export", "show",
    "validate", "describe", "list", "schema", "reference", "verify", "fork",
  ])
  func helpIsTheTextThatWasAgreedOn(_ command: String) throws {
    let program = try Program()
    try withFolder { folder in
      let arguments = command.isEmpty ? ["--help"] : [command, "--help"]
      let outcome = try program.finish(program.start(arguments, in: folder), in: folder)
      #expect(outcome.status == 0)
      let name = command.isEmpty ? "starling" : "starling-\(command)"
      let golden = try #require(Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Resources"))
      #expect(outcome.output == String(decoding: try Data(contentsOf: golden), as: UTF8.self))
    }
  }

  @Test(arguments: ["run", "compare", "sweep", "show", "validate", "describe"])
  func everyCommandHasExamples(_ command: String) throws {
    let program = try Program()
    try withFolder { folder in
      let help = try program.call(command, "--help", in: folder).output
      #expect(help.contains("  starling \(command) scenarios/"))
    }
  }

  @Test func shellsGetCompletions() throws {
    let program = try Program()
    try withFolder { folder in
      for shell in ["bash", "zsh", "fish"] {
        let outcome = try program.call("--generate-completion-script", shell, in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("compare"))
      }
    }
  }
}
