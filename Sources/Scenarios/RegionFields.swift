// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Quantities
import Randomness
import Schema

/// The map `regions` of a latency as it is written.
private struct RegionDraft {
  /// A round trip with its key such as `VA-CA`, not yet taken apart.
  struct RoundTrip {
    let key: String
    let place: Place?
    let duration: VirtualDuration
  }

  var regionOfAgent: [String: String] = [:]
  var roundTrips: [RoundTrip] = []
  var within = VirtualDuration(nanoseconds: 1_000_000)
  var jitter = Distribution.constant(1)
  var inTurn: [String] = []
  var missingPairs = RegionSettings.MissingPairs.refuse

  init() {}

  init(_ settings: RegionSettings) {
    regionOfAgent = settings.regionOfAgent
    roundTrips = settings.roundTrips.map {
      RoundTrip(key: "\($0.first)-\($0.second)", place: nil, duration: $0.duration)
    }
    within = settings.within
    jitter = settings.jitter
    inTurn = settings.inTurn
    missingPairs = settings.missingPairs
  }

  /// Who is where: regions by agent, or one after another.
  private var assignment: Assignment {
    get { Assignment(regionOfAgent: regionOfAgent, inTurn: inTurn) }
    set { (regionOfAgent, inTurn) = (newValue.regionOfAgent, newValue.inTurn) }
  }

  private struct Assignment {
    var regionOfAgent: [String: String] = [:]
    var inTurn: [String] = []
  }

  /// The map behind `regions`, as the value of a parameter.
  static var codec: Codec<Argument> {
    Codec(
      record.kind,
      read: { (tree, path) throws(ScenarioError) -> Argument in
        var draft = RegionDraft()
        try record.read(tree, path, into: &draft)
        return .special(try draft.settings(tree))
      },
      write: { argument in
        guard let settings: RegionSettings = argument.special() else { return "none" }
        return record.inline(RegionDraft(settings))
      })
  }

  static var record: Record<RegionDraft> {
    Record([
      Field("assignment", \.assignment, assignmentCodec, "", required: true),
      Field("round-trip", \.roundTrips, trips, ""),
      Field("within", \.within, .multipliedDuration(.duration), ""),
      Field("jitter", \.jitter, .law(.factor), ""),
      Field("missing-pairs", \.missingPairs, .choice, "", hidden: { $0.missingPairs == .refuse }),
    ])
  }

  private static var assignmentCodec: Codec<Assignment> {
    let turns = Codec<String>.line.list
    let inTurn = Record<Assignment>([Field("in-turn", \.inTurn, turns, "", required: true)])
    return Codec(
      .described(.dictionary(.list(.line)), "a map of regions to lists of agents, or {in-turn: [regions]}"),
      read: { (tree, path) throws(ScenarioError) -> Assignment in
        guard let entry = tree.entry("in-turn") else {
          return Assignment(regionOfAgent: try readAssignment(tree, path))
        }
        var assignment = Assignment()
        try inTurn.read(tree, path, into: &assignment)
        guard !assignment.inTurn.isEmpty else { throw entry.value.error("\(path).in-turn names no region") }
        return assignment
      },
      write: { assignment in
        if !assignment.inTurn.isEmpty { return inTurn.inline(assignment) }
        let regionOfAgent = assignment.regionOfAgent
        let agents = Dictionary(grouping: regionOfAgent.keys) { regionOfAgent[$0] ?? "" }
        let regions = agents.keys.sorted(by: naturallyPrecedes).map { region in
          let names = (agents[region] ?? []).sorted(by: naturallyPrecedes)
          return "\(yamlText(region)): \(Codec<String>.line.list.write(names))"
        }
        return "{" + regions.joined(separator: ", ") + "}"
      })
  }

  private static func readAssignment(_ tree: Tree, _ path: String) throws(ScenarioError) -> [String: String] {
    guard let entries = tree.entries, !entries.isEmpty else {
      throw mistyped(tree, path, mustBe: "a map of regions to lists of agents")
    }
    var regionOfAgent: [String: String] = [:]
    for entry in entries {
      guard case .list(let items) = entry.value.content, !items.isEmpty else {
        throw mistyped(entry.value, "\(path).\(entry.key)", mustBe: "a list of at least one agent")
      }
      for item in items {
        let name = try Codec<String>.line.read(item, "\(path).\(entry.key)")
        if let other = regionOfAgent.updateValue(entry.key, forKey: name) {
          throw item.error("agent '\(name)' is in the regions '\(other)' and '\(entry.key)'")
        }
      }
    }
    return regionOfAgent
  }

  private static var trips: Codec<[RoundTrip]> {
    let duration = Codec<VirtualDuration>.multipliedDuration(.duration)
    return Codec(
      .described(.dictionary(duration.kind), "a map such as {VA-CA: 73 ms}"),
      read: { (tree, path) throws(ScenarioError) -> [RoundTrip] in
        guard let entries = tree.entries else { throw mistyped(tree, path, mustBe: "a map such as {VA-CA: 73 ms}") }
        var trips: [RoundTrip] = []
        for entry in entries {
          let time = try duration.read(entry.value, "\(path).\(entry.key)")
          trips.append(RoundTrip(key: entry.key, place: entry.keyPlace, duration: time))
        }
        return trips
      },
      write: { trips in
        "{" + trips.map { "\(yamlText($0.key)): \(duration.write($0.duration))" }.joined(separator: ", ") + "}"
      })
  }

  /// The settings, with the keys of the round trips taken apart at the regions' names.
  func settings(_ tree: Tree) throws(ScenarioError) -> RegionSettings {
    let regions = Set(regionOfAgent.values).union(inTurn)
    var seen: Set<[String]> = []
    var pairs: [RegionSettings.RoundTrip] = []
    for trip in roundTrips {
      let place = trip.place ?? tree.place
      let ends = try Self.split(trip.key, regions, place)
      guard seen.insert(ends.sorted()).inserted else {
        throw ScenarioError("the round trip between '\(ends[0])' and '\(ends[1])' is given twice", at: place)
      }
      pairs.append(RegionSettings.RoundTrip(ends[0], ends[1], trip.duration))
    }
    return RegionSettings(
      regionOfAgent: regionOfAgent, inTurn: inTurn, roundTrips: pairs, within: within, jitter: jitter,
      missingPairs: missingPairs)
  }

  private static func split(
    _ key: String, _ regions: Set<String>, _ place: Place
  ) throws(ScenarioError) -> [String] {
    let cuts = key.indices.filter { key[$0] == "-" }.map {
      [String(key[..<$0]), String(key[key.index(after: $0)...])]
    }
    let fitting = cuts.filter { regions.contains($0[0]) && regions.contains($0[1]) }
    if let ends = fitting.first, fitting.count == 1 { return ends }
    let note = "regions with agents: " + regions.sorted(by: naturallyPrecedes).joined(separator: ", ")
    throw ScenarioError(
      fitting.isEmpty
        ? "'\(key)' is no pair of regions such as VA-CA"
        : "'\(key)' can be cut into regions in several ways", at: place, note: note)
  }
}

extension LatencySettings {
  /// How long messages travel, in one of the forms.
  static var codec: Codec<LatencySettings> {
    let law = Codec<Distribution>.law(.duration)
    let form = LinkFormCodec(
      forms: LatencyForm.all, plural: "latencies", plainMayBeMap: true, special: ["regions": RegionDraft.codec])
    return Codec(
      .described(.either(form.kinds), "\(law.allowed), or \(form.shapes)"),
      read: { (tree, path) throws(ScenarioError) -> LatencySettings in LatencySettings(try form.read(tree, path)) },
      write: { form.write($0.setting) })
  }
}
