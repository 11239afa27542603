// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Schema

/// Worlds of several players: each agent has one, and plays all of its players.
package struct ParticleTask: DrawnTask, Equatable {
  /// The worlds by name: those that agents learn in, then those in which they are only evaluated.
  package let worlds: [ParticleWorld]
  package let names: [String]
  /// In how many agents learn.
  package let learntCount: Int
  package let game: ParticleWorld.Game
  /// After how many steps an episode is truncated.
  package let timeLimit: Int

  /// The position of an agent's world: they are taken in turn.
  package func position(agent: Int) -> Int { agent % learntCount }

  /// The roles that players of these worlds have.
  package var roles: [ParticleWorld.Role] { game == .grassland ? ParticleWorld.Role.allCases : [.sheep] }

  /// The most entities that a player sees.
  var mostEntities: Int { worlds.reduce(1) { max($0, $1.entityCount) } }

  /// The most players of one role.
  var mostPlayers: Int { worlds.reduce(1) { max($0, $1.wolves, $1.sheep) } }

  private static let mostOfEach = 100

  fileprivate init?(_ arguments: Arguments) {
    let game: ParticleWorld.Game = arguments.choice("world")
    let (players, wolves) = (arguments.counts("players"), arguments.counts("wolves"))
    let unseen = arguments.counts("unseen")
    let landmarks = arguments["landmarks"]?.counts
    guard Self.fault(arguments) == nil else { return nil }
    func world(_ players: Int, _ task: Int?) -> ParticleWorld {
      let own = task.map { landmarks?[$0] } ?? nil
      return ParticleWorld(
        game, wolves: (task.map { wolves.indices.contains($0) ? wolves[$0] : 0 } ?? wolves.last) ?? 0, sheep: players,
        landmarks: own ?? (game == .foodCollect ? players : 4), rewardShare: arguments.number("reward-share") ?? 0,
        size: arguments.number("size") ?? 1, sight: arguments.number("sight") ?? 100)
    }
    self.game = game
    worlds = players.enumerated().map { world($1, $0) } + unseen.map { world($0, nil) }
    names = worlds.enumerated().map { number, world in
      Self.name(of: world, withLandmarks: landmarks != nil && number < players.count)
    }
    learntCount = players.count
    timeLimit = arguments["time-limit"]?.count ?? ParticleWorld.timeLimit
  }

  private static func name(of world: ParticleWorld, withLandmarks: Bool) -> String {
    let players =
      world.game == .grassland
      ? "\(counted(world.wolves, "wolf", "wolves").dashed)-\(world.sheep)-sheep"
      : counted(world.sheep, "player").dashed
    return withLandmarks ? "\(players)-\(counted(world.landmarks, "landmark").dashed)" : players
  }

  /// What about the values cannot be.
  fileprivate static func fault(_ arguments: Arguments) -> Fault? {
    let game: ParticleWorld.Game = arguments.choice("world")
    let (players, wolves) = (arguments.counts("players"), arguments.counts("wolves"))
    guard !players.isEmpty else { return Fault("players", "names no task", hint: "such as [2, 3, 4, 5]") }
    if game == .foodCollect, !wolves.isEmpty {
      return Fault("wolves", "are on grassland only", hint: "use world: grassland")
    }
    if game == .grassland, wolves.count != players.count {
      return Fault(
        "wolves", "has \(counted(wolves.count, "number")), but players names \(counted(players.count, "task"))",
        hint: "give as many for each task")
    }
    if let landmarks = arguments["landmarks"]?.counts, landmarks.count != players.count {
      return Fault(
        "landmarks", "has \(counted(landmarks.count, "number")), but players names \(counted(players.count, "task"))",
        hint: "give as many for each task, or auto")
    }
    let tasks = players.indices.map { index in
      [players[index], game == .grassland ? wolves[index] : 0, arguments["landmarks"]?.counts?[index] ?? 0]
    }
    if Set(tasks).count < tasks.count { return Fault("players", "names a task twice") }
    let unseen = arguments.counts("unseen")
    if Set(unseen).count < unseen.count || unseen.contains(where: { players.contains($0) }) {
      return Fault("unseen", "names numbers of players twice, or such that are not unseen")
    }
    return nil
  }
}

extension String {
  fileprivate var dashed: String { replacing(" ", with: "-") }
}

extension TaskDefinition {
  /// Worlds of several players.
  package static let particles = TaskDefinition(
    name: "particles", meaning: "each agent plays all players of a world of its own, in episodes",
    source: "Long et al., Evolutionary population curriculum for scaling multi-agent reinforcement learning, 2020",
    parameters: [
      Parameter(
        "world", .choice(ParticleWorld.Game.allCases.map(\.rawValue)),
        "food-collect: players occupy all food together; grassland: sheep graze and wolves catch them"),
      Parameter(
        "players", counts("[2, 3, 4, 5]"),
        "how many there are in each task, which agents take one after the other; on grassland, of sheep"),
      Parameter("wolves", counts("[1, 2]"), "how many there are in each task on grassland", .otherwise(.counts([]))),
      Parameter(
        "landmarks", counts("[2, 3]").orWord("auto"),
        "food or tufts of each task; auto: food for each player, and 4 tufts", .otherwise(.text("auto"))),
      Parameter(
        "unseen", counts("[6]"),
        "numbers of players of further tasks, in which nobody learns and everybody can be evaluated",
        .otherwise(.counts([]))),
      Parameter(
        "sight", .number(.notNegative), "how far players see; a world is two wide", .otherwise(.number(100))),
      Parameter("size", .number(.positive), "of a world: the greatest coordinate", .otherwise(.number(1))),
      Parameter(
        "reward-share", .probability, "of what players do for their side, that all of the side get",
        .otherwise(.number(0))),
      Parameter(
        "time-limit", Kind.count(1...100_000).orWord("auto"), "steps after which an episode is cut off; auto: 25",
        .otherwise(.text("auto"))),
    ], usualLearner: "multi-task-marl", hasEpisodes: true, scoresEveryTask: true,
    check: { arguments, _ in ParticleTask.fault(arguments) },
    facts: { _ in
      TaskFacts(
        parameterCount: nil, minimisers: .unknown, closedForm: .none("There is no closed form for agents that act."))
    },
    draw: { arguments, _ in
      guard let task = ParticleTask(arguments) else { throw Fault.missing("players") }
      return task
    })

  private static func counts(_ example: String) -> Kind {
    .described(.list(.count(1...100)), "a list of whole numbers such as \(example)")
  }
}

extension TaskSettings {
  /// Worlds of these numbers of players; on grassland of sheep.
  package static func particles(
    _ game: ParticleWorld.Game, players: [Int], wolves: [Int] = [], unseen: [Int] = [], sight: Double = 100,
    timeLimit: Int = ParticleWorld.timeLimit
  ) -> TaskSettings {
    TaskSettings(
      .particles,
      [
        "world": .text(game.rawValue), "players": .counts(players), "wolves": .counts(wolves),
        "unseen": .counts(unseen), "sight": .number(sight), "time-limit": .count(timeLimit),
      ])
  }

  /// The worlds in which agents play, where that is the task and its values can be.
  package var particles: ParticleTask? { definition == .particles ? ParticleTask(arguments) : nil }
}
