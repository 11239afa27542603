// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// What a trace at some key tells: of whom, and of what.
public struct TraceForm: Sendable, Hashable {
  /// Whose values they are.
  package enum Subject: Sendable, Hashable {
    case agents
    /// Directed links, by the names of their two agents.
    case links

    /// The columns of the file that name one.
    package var columns: [String] {
      switch self {
      case .agents: ["agent"]
      case .links: ["from", "to"]
      }
    }

    /// What messages call one of them.
    package var phrase: String {
      switch self {
      case .agents: "agent"
      case .links: "link"
      }
    }
  }

  package let subject: Subject
  /// The column of the values.
  package let value: String
  package let quantity: QuantityKind
  package let bounds: Bounds
  /// Whether a value is 0 or 1 and nothing between.
  package let isSwitch: Bool

  package init(
    of subject: Subject, _ value: String, _ quantity: QuantityKind, _ bounds: Bounds, isSwitch: Bool = false
  ) {
    self.subject = subject
    self.value = value
    self.quantity = quantity
    self.bounds = bounds
    self.isSwitch = isSwitch
  }

  /// All columns of the file.
  package var columns: [String] { ["time"] + subject.columns + [value] }

  /// What is said of a trace beside its file.
  package var parameters: [Parameter] {
    let durations = UnitOfMeasure.durations.map(\.name)
    var parameters = [
      Parameter("file", .file("a CSV file with the columns \(columns.joined(separator: ","))"), "beside the scenario"),
      Parameter("unit", .choice(durations), "of the column time", .otherwise(.text("s"))),
      Parameter(
        "recycle", .duration(.positiveDuration), "begins again after so long; without it the last value holds",
        .optional),
    ]
    if !quantity.units.isEmpty {
      let units = quantity.units.map(\.name)
      let usual = quantity.allowsBareNumber ? Parameter.Presence.optional : .required
      parameters.append(Parameter("values-unit", .choice(units), "of the column \(value)", usual))
    }
    switch subject {
    case .agents:
      parameters.append(
        Parameter(
          "assign", .choice(TraceTable.Assignment.allCases.map(\.rawValue)),
          "by-name: the agents of the file are those of the network; random: each agent follows one of the file, drawn "
            + "once per study", .otherwise(.text(TraceTable.Assignment.byName.rawValue))))
    case .links:
      parameters.append(
        Parameter("both-ways", .flag, "whether what holds for a link holds for the one back", .otherwise(.flag(false))))
    }
    return parameters + [Parameter("checksum", .line, "of the file's content; another one is refused", .optional)]
  }
}
