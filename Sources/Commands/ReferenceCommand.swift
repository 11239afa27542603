// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Scenarios

struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Write the pages of the reference, made from what is built in.",
    discussion: """
      Example:
        starling reference --output docs/reference
      """)

  @Option(help: "The folder of the pages, which is made if it is not there.", completion: .directory)
  var output: String

  func run() throws {
    try reporting {
      do {
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
      } catch {
        throw Failure(.cannotCreate, "error: cannot make the folder '\(output)'")
      }
      for page in ReferencePages.all {
        let file = try OutputFile("\(output)/\(page.file)")
        try file.write(Array(page.text.utf8))
        try file.finish()
      }
      try Terminal.print("\(ReferencePages.all.count) pages in \(output)")
    }
  }
}
