// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// Two agents that distil what they do in the two rooms; runs in a moment.
private let rooms = """
  name: rooms
  task:     {kind: control, environment: two-room, tasks: [room-4, room-5], time-limit: 50}
  network:  {topology: complete, agents: 2, weights: metropolis}
  learner:  {algorithm: distral, hidden-units: [4], random-first: 20, batch: 20, replay: 100}
  strategy: {timing: synchronous-global}
  conditions: {compute: {between-agents: 1 s}}
  measure:  {until: 60 s, every: 20 s, test-episodes: 1}
  arms:     {both: {}, alone: {learner.algorithm: soft-q, strategy.kind: non-cooperative}}
  replications: 1
  seed: 7

  """

/// One agent that starts from a policy which others have shared.
private let carried = """
  name: carried
  task:     {kind: control, environment: two-room, tasks: [room-6], time-limit: 50}
  network:  {topology: complete, agents: 1}
  learner:  {algorithm: distral, hidden-units: [4], random-first: 20, batch: 20, replay: 100, prior-from: prior.csv}
  strategy: {kind: non-cooperative}
  conditions: {compute: {between-agents: 1 s}}
  measure:  {until: 60 s, every: 20 s, test-episodes: 1}
  arms:     {frozen: {learner.prior: frozen}, learnt: {}}
  replications: 1
  seed: 8

  """

@Suite(.serialized) struct CorridorTests {
  private let program: Program

  init() throws { program = try Program() }

  private func call(_ arguments: [String], in folder: URL) throws -> Program.Outcome {
    try program.finish(program.start(arguments, in: folder), in: folder)
  }

  /// A folder with the results of both studies, and what the second started from.
  private func withStudies(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      try write(rooms, as: "rooms.yaml", in: folder)
      try write(carried, as: "carried.yaml", in: folder)
      for arguments in [
        ["compare", "rooms.yaml", "--quiet", "--output", "rooms.sqlite"],
        ["evaluate", "rooms.sqlite", "--arm", "both", "--agent", "agent-1", "--export-prior", "prior.csv"],
        ["compare", "carried.yaml", "--quiet", "--output", "carried.sqlite"],
      ] {
        let outcome = try call(arguments, in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
      }
      try body(folder)
    }
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  private struct Document: Decodable, Equatable {
    struct Cell: Decodable, Equatable {
      let row: Int
      let column: Int
      let before: String
      let probabilities: [Double]
    }

    struct Agent: Decodable, Equatable {
      let agent: String
      let cells: [Cell]
    }

    let schema: String
    let time: Double
    let policy: String
    let actions: [String]
    let agents: [Agent]
  }

  private func document(_ file: String, _ arguments: String..., in folder: URL) throws -> Document {
    let outcome = try call(["evaluate", file, "--json"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
  }

  /// What a frozen policy was when it was carried over it is at the end, bit for bit; one that learns on is another.
  @Test func aFrozenPolicyComesOutAsItWentIn() throws {
    try withStudies { folder in
      for arm in ["frozen", "learnt"] {
        let outcome = try call(
          ["evaluate", "carried.sqlite", "--arm", arm, "--export-prior", "\(arm).csv"], in: folder)
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.error)")
      }
      let given = try text("prior.csv", in: folder)
      #expect(given.hasPrefix("prior 96-4-5 leaky-relu\n") && given.split(separator: "\n").count == 1 + 97 * 4 + 25)
      #expect(try text("frozen.csv", in: folder) == given)
      #expect(try text("learnt.csv", in: folder) != given)
      let from = try document("rooms.sqlite", "--arm", "both", "--agent", "agent-1", "--corridor", "prior", in: folder)
      let to = try document("carried.sqlite", "--arm", "frozen", "--corridor", "prior", in: folder)
      #expect(from.agents[0].cells == to.agents[0].cells)
    }
  }

  @Test func theCorridorHasEveryCellAfterEveryAction() throws {
    try withStudies { folder in
      for owner in ["prior", "own"] {
        let found = try document("rooms.sqlite", "--arm", "both", "--corridor", owner, in: folder)
        #expect(found.schema == "starling-corridor/1" && found.policy == owner && found.time == 60)
        #expect(found.actions == ["stay", "down", "up", "left", "right"])
        #expect(found.agents.map(\.agent) == ["agent-0", "agent-1"])
        for agent in found.agents {
          #expect(agent.cells.map(\.column) == (1...8).flatMap { [Int](repeating: $0, count: 5) })
          #expect(agent.cells.allSatisfy { $0.row == 4 && $0.probabilities.count == 5 })
          #expect(agent.cells.map(\.before) == (1...8).flatMap { _ in found.actions })
          #expect(agent.cells.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
        }
        #expect(owner == "prior" || found.agents[0].cells != found.agents[1].cells)
      }
      let lines = try call(["evaluate", "rooms.sqlite", "--arm", "both", "--corridor", "prior"], in: folder).output
        .split(separator: "\n").map(String.init)
      #expect(lines.count == 2 + 2 * (2 + 40) && lines[0] == "rooms · both · replication 0 · after 1 m 00 s")
      #expect(lines[1] == "  two-room · the policy that agents share" && lines[2] == "  agent-0")
      #expect(lines[3].split(separator: " ") == ["cell", "after", "stay", "down", "up", "left", "right"])
      #expect(lines[4].hasPrefix("  (4, 1)  stay   0."))
    }
  }

  /// The results say what was carried over; only who runs the study again has to have the file, and the same one.
  @Test func resultsDoNotNeedWhatWasCarriedOver() throws {
    try withStudies { folder in
      try FileManager.default.removeItem(at: folder.appendingPathComponent("prior.csv"))
      for arguments in [["evaluate", "--arm", "frozen"], ["summarize"], ["status"]] {
        let outcome = try call([arguments[0], "carried.sqlite"] + arguments.dropFirst(), in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
      }
      let again = try call(["compare", "carried.yaml", "--quiet", "--output", "carried.sqlite"], in: folder)
      #expect(again.status == 66 && again.error.contains("there is no file prior.csv"), "\(again.error)")
    }
  }

  @Test(arguments: [
    (["rooms.sqlite", "--arm", "alone", "--export-prior", "p.csv"], 65, "agents of arm 'alone' share no policy"),
    (["rooms.sqlite", "--arm", "alone", "--corridor", "prior"], 65, "agents of arm 'alone' share no policy"),
    (["rooms.sqlite", "--arm", "bot", "--corridor", "prior"], 64, "did you mean 'both'?"),
    (["rooms.sqlite", "--arm", "both", "--corridor", "priors"], 64, "'priors' is invalid"),
    (["rooms.sqlite", "--arm", "both", "--corridor", "prior", "--zero"], 64, "play no episodes"),
    (["rooms.sqlite", "--arm", "both", "--corridor", "prior", "--export-prior", "p.csv"], 64, "exclude each other"),
    (["rooms.sqlite", "--arm", "both", "--export-prior", "rooms.yaml"], 73, "may be a scenario"),
  ])
  func whatHasNoSharedPolicyIsRefused(_ arguments: [String], _ status: Int32, _ words: String) throws {
    try withStudies { folder in
      let outcome = try call(["evaluate"] + arguments, in: folder)
      #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome.status)")
      #expect(outcome.error.contains(words), "\(outcome.error)")
    }
  }
}
