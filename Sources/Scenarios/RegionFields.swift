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

  init() {}

  init(_ settings: RegionSettings) {
    regionOfAgent = settings.regionOfAgent
    roundTrips = settings.roundTrips.map {
      RoundTrip(key: "\($0.first)-\($0.second)", place: nil, duration: $0.duration)
    }
    within = settings.within
    jitter = settings.jitter
  }

  static var record: Record<RegionDraft> {
    Record([
      Field("assignment", \.regionOfAgent, assignment, "", required: true),
      Field("round-trip", \.roundTrips, trips, ""),
      Field("within", \.within, .multipliedDuration(.duration), ""),
      Field("jitter", \.jitter, .law(.factor), ""),
    ])
  }

  private static var assignment: Codec<[String: String]> {
    Codec(.described(.dictionary(.list(.line)), "a map of regions to lists of agents"), read: readAssignment) {
      regionOfAgent in
      let agents = Dictionary(grouping: regionOfAgent.keys) { regionOfAgent[$0] ?? "" }
      let regions = agents.keys.sorted(by: naturallyPrecedes).map { region in
        let names = (agents[region] ?? []).sorted(by: naturallyPrecedes)
        return "\(yamlText(region)): \(Codec<String>.line.list.write(names))"
      }
      return "{" + regions.joined(separator: ", ") + "}"
    }
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
    let regions = Set(regionOfAgent.values)
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
    return RegionSettings(regionOfAgent: regionOfAgent, roundTrips: pairs, within: within, jitter: jitter)
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

extension LinkSettings.Latency {
  /// A law for all links, or a table of regions.
  static var codec: Codec<LinkSettings.Latency> {
    let law = Codec<Distribution>.law(.duration)
    let regions = Record<RegionDraft>([Field(group: "regions", \.self, RegionDraft.record, "", required: true)])
    return Codec(
      .described(.either([regions.kind, law.kind]), "\(law.allowed), or {regions: ...}"),
      read: { (tree, path) throws(ScenarioError) -> LinkSettings.Latency in
        guard tree.entry("regions") != nil else { return .law(try law.read(tree, path)) }
        var draft = RegionDraft()
        try regions.read(tree, path, into: &draft)
        return .regions(try draft.settings(tree))
      },
      write: { latency in
        switch latency {
        case .law(let distribution): law.write(distribution)
        case .regions(let settings): regions.inline(RegionDraft(settings))
        }
      })
  }
}
