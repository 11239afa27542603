// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// What goes wrong between the program and the disk, as transcripts in Resources/faults.
///
/// A transcript has parts, each in a folder of its own that holds `small.yaml`. A line behind `$ ` is a command for
/// the shell, what follows is what it prints on both streams, and `[65]` its exit status unless that is 0. A part may
/// begin with a line `needs: …` that names an ability of the machine, without which it is skipped. To write the
/// transcripts anew, name a folder in STARLING_TRANSCRIPTS, run the tests, and read what is in the folder then.
@Suite(.serialized) struct FaultTests {
  @Test(arguments: [
    "places", "space", "permissions", "damage", "companions", "streams", "inputs", "names", "signals",
  ])
  func everyFaultIsToldAsAgreedOn(_ name: String) throws {
    let program = try Program()
    let golden = try #require(
      Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Resources/faults"))
    let expected = String(decoding: try Data(contentsOf: golden), as: UTF8.self)
    var seen: [String] = []
    for part in expected.components(separatedBy: "\n\n## ").map(Transcript.init) {
      if let need = part.need, try !need.isMet(program) {
        print("skipped: \(name), \(part.title): this machine cannot \(need.rawValue)")
        seen.append(part.text)
      } else {
        seen.append(try part.performed(program))
      }
    }
    let text = seen.joined(separator: "\n\n## ")
    if let folder = ProcessInfo.processInfo.environment["STARLING_TRANSCRIPTS"] {
      try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("\(name).txt"))
    }
    #expect(text == expected.trimmingCharacters(in: .newlines))
  }
}

/// A part of a transcript.
private struct Transcript {
  /// What a part asks of the machine.
  enum Need: String {
    /// Mount file systems, in a name space of its own.
    case mount
    /// Be somebody whom permissions bind.
    case beNobody = "be nobody"

    /// What stands before the shell.
    var prefix: [String] {
      switch self {
      case .mount: ["/usr/bin/unshare", "--map-root-user", "--mount"]
      case .beNobody:
        geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []
      }
    }

    func isMet(_ program: Program) throws -> Bool {
      let probe = self == .mount ? "mkdir m && mount -t tmpfs tmpfs m" : "starling --version && touch file"
      return try withFolder { folder in
        chmod(folder.path, 0o777)
        return try program.shell(probe, in: folder, behind: prefix).status == 0
      }
    }
  }

  let text: String
  let title: String
  let need: Need?
  let commands: [String]

  init(_ text: String) {
    self.text = text.trimmingCharacters(in: .newlines)
    let lines = self.text.components(separatedBy: "\n")
    title = lines[0]
    need = lines.lazy.compactMap { $0.hasPrefix("needs: ") ? Need(rawValue: String($0.dropFirst(7))) : nil }.first
    commands = lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
  }

  /// The part as it goes now.
  func performed(_ program: Program) throws -> String {
    try withFolder { folder in
      chmod(folder.path, 0o777)
      try write(smallScenario, in: folder)
      let log = folder.appendingPathComponent(".log").path
      mkdir(log, 0o777)
      chmod(log, 0o777)
      // One shell for all commands, as what one mounts the next must see.
      let script = commands.enumerated().map { number, command in
        "{ \(command)\n} > .log/\(number) 2>&1; echo $? > .log/\(number).status"
      }
      _ = try program.shell(script.joined(separator: "\n"), in: folder, behind: need?.prefix ?? [])
      var lines = [title] + (need.map { ["needs: \($0.rawValue)"] } ?? [])
      for (number, command) in commands.enumerated() {
        lines.append("$ " + command)
        let output = try content("\(log)/\(number)").trimmingCharacters(in: .newlines)
        if !output.isEmpty { lines.append(anonymous(output, folder)) }
        let status = try content("\(log)/\(number).status").trimmingCharacters(in: .newlines)
        if status != "0" { lines.append("[\(status)]") }
      }
      return lines.joined(separator: "\n")
    }
  }

  private func content(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  /// Without what depends on the machine and the moment.
  private func anonymous(_ output: String, _ folder: URL) -> String {
    output.replacingOccurrences(of: folder.path, with: "FOLDER")
      .replacing(/process \d+ on \S+ has been writing to it since \S+/) { _ in
        "process 7 on somewhere has been writing to it since then"
      }
  }
}

extension Program {
  /// Has the shell carry out a script in which `starling` is the program.
  ///
  /// - Parameter prefix: a command that starts the shell.
  func shell(_ script: String, in folder: URL, behind prefix: [String] = []) throws -> Outcome {
    let path = executable.deletingLastPathComponent().path
    let process = try start(
      Array((prefix + ["/bin/bash", "-c", script]).dropFirst()), in: folder,
      environment: ["PATH": "\(path):/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"],
      executable: URL(fileURLWithPath: prefix.first ?? "/bin/bash"))
    return try finish(process, in: folder)
  }
}
