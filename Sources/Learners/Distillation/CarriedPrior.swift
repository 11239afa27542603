// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Schema

/// What network the logits h of a shared policy are, as it is called in files that carry one from a study to another.
///
/// Such a file is a CSV table of one column: its name says which network, and below it are the parameters of h in the order
/// of `Perceptron`.
///
///     prior 96-50-50-5 leaky-relu
///     0.0123
///     …
package struct PriorNetwork: Sendable, Equatable {
  /// Numbers of inputs, of the units of each hidden layer, and of choices.
  package let layerSizes: [Int]
  /// Of hidden units.
  package let activation: ActorCriticSettings.Unit

  init(_ network: Perceptron<Float>, _ activation: ActorCriticSettings.Unit) {
    layerSizes = network.layerSizes
    self.activation = activation
  }

  /// How many numbers h has.
  package var parameterCount: Int { zip(layerSizes, layerSizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 } }

  /// The shape and the activation, such as `96-50-50-5 leaky-relu`.
  package var title: String { layerSizes.map(String.init).joined(separator: "-") + " " + activation.rawValue }

  private static let mark = "prior "

  /// The text of a file that carries these parameters, each with as many digits as it takes to read the same bits back.
  ///
  /// - Parameter values: h, as long as `parameterCount`; all finite.
  package func text(_ values: some Collection<Float>) -> String {
    precondition(values.count == parameterCount, "A file carries all of a shared policy.")
    var text = Self.mark + title + "\n"
    for value in values {
      // The shortest text of a Float is read as a Double first; where that leads to another one, the longer text does not.
      let short = value.description
      text += (Double(short).map { Float($0) } == value ? short : Double(value).description) + "\n"
    }
    return text
  }

  /// Why a table is not the parameters of such a network; nothing where its numbers are not at hand.
  func fault(of table: NumberTable) -> Fault? {
    guard table.rowCount > 0 else { return nil }
    guard table.columnCount == 1, let name = table.names.first, name.hasPrefix(Self.mark) else {
      return Fault(
        Parameter.priorFrom.name, "is \(table.file), which carries no shared policy",
        hint: "write one by starling evaluate RESULTS --export-prior FILE")
    }
    guard name == Self.mark + title else {
      return Fault(
        Parameter.priorFrom.name, "is of a network \(name.dropFirst(Self.mark.count)), but here it is \(title)",
        hint: "hidden-units, activation and what agents see have to be those of the study that it comes from")
    }
    guard table.rowCount == parameterCount else {
      return Fault(
        Parameter.priorFrom.name,
        "has \(counted(table.rowCount, "number")), but a network \(title) has \(parameterCount)")
    }
    guard table.values.allSatisfy({ Float($0).isFinite }) else {
      return Fault(Parameter.priorFrom.name, "has a number that is too large for single precision")
    }
    return nil
  }
}

extension NumberTable {
  /// Writes the parameters of a shared policy that the table carries.
  ///
  /// - Parameter count: how many; the table has been checked.
  func writePrior(into parameters: UnsafeMutablePointer<Float>, count: Int) {
    precondition(rowCount == count && columnCount == 1, "What a study starts from is read before it runs.")
    for row in 0..<count { parameters[row] = Float(self[row, 0]) }
  }
}

extension Parameter {
  /// Of learners with a shared policy.
  static let priorFrom = Parameter(
    "prior-from", .table,
    "what the shared policy starts from: a file that starling evaluate --export-prior has written",
    .optional)
}

extension Fault {
  /// What is wrong with where a shared policy comes from and what becomes of it.
  ///
  /// - Parameters:
  ///   - table: what it starts from.
  ///   - isFrozen: whether it stays as it is.
  static func ofPrior(from table: NumberTable?, isFrozen: Bool, network: PriorNetwork) -> Fault? {
    if isFrozen, table == nil {
      return Fault(
        "prior", "is frozen, but comes from nowhere", hint: "name the file that it starts from as prior-from")
    }
    return table.flatMap(network.fault)
  }
}
