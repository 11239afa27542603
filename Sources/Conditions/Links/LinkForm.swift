// SPDX-License-Identifier: GPL-3.0-or-later
import Networks
import Randomness
import Schema

/// One way to say what links are like in some respect: how they lose messages, how long these travel, what links carry.
///
/// A form is one file that makes a definition, and a line in the list of its kind. Reading, errors, what is shown and the
/// reference follow from its parameters.
package protocol LinkForm: Definition {
  /// Whether its one value stands in a scenario without the name of the form.
  var isPlain: Bool { get }
  /// What about the values cannot be, beyond what each parameter allows: a whole sentence without its end.
  var check: @Sendable (Arguments) -> Fault? { get }
}

extension LinkForm {
  /// What stands behind its name: a map of its parameters, or the value of the only one.
  package var kind: Kind {
    if parameters.count == 1, let only = parameters.first { only.kind } else { .record(parameters) }
  }

  /// Whether all of its parameters stand beside each other, the first of which has the name of the form.
  package var isFlat: Bool { parameters.count > 1 && parameters[0].name == name }

  /// What stands in a scenario that chooses this form.
  package var wholeKind: Kind {
    if isPlain { return kind }
    return .record(isFlat ? parameters : [Parameter(name, kind, meaning)])
  }
}

/// A form with its values.
package struct LinkSetting<Form: LinkForm>: SpecialValue {
  package let form: Form
  package let arguments: Arguments

  package init(_ form: Form, _ arguments: Arguments) {
    self.form = form
    self.arguments = arguments.completed(by: form.parameters)
  }

  /// By the name of the form and its values.
  package static func == (left: LinkSetting, right: LinkSetting) -> Bool {
    left.form.name == right.form.name && left.arguments == right.arguments
  }
}

/// The links for which something is drawn or looked up once per study.
package struct LinkDraw {
  package let network: Network
  package let seed: UInt64
  /// The number under which is keyed what is drawn once per study.
  package let replication: UInt32

  package init(network: Network, seed: UInt64 = 0, replication: UInt32 = StreamFamily.study) {
    self.network = network
    self.seed = seed
    self.replication = replication
  }

  func family(_ purpose: Purpose) -> StreamFamily {
    StreamFamily(seed: seed, replication: replication, purpose: purpose)
  }
}

/// A number for every link: the same for all, or one for each.
package struct LinkNumbers: Sendable, Equatable {
  /// By the rank of the link; empty where all have the same.
  package let values: [Double]
  private let same: Double

  package init(same: Double) { (values, self.same) = ([], same) }
  package init(_ values: [Double]) { (self.values, same) = (values, 0) }

  package var isSame: Bool { values.isEmpty }
  package subscript(link: Int) -> Double { values.isEmpty ? same : values[link] }
  package var greatest: Double { values.max() ?? same }
  package var least: Double { values.min() ?? same }
  package var mean: Double { values.isEmpty ? same : values.reduce(0, +) / Double(values.count) }
}

extension LinkSetting {
  /// What about the values cannot be, as a sentence without its end.
  package var fault: Fault? { arguments.fault(of: form.parameters) ?? form.check(arguments) }
}
