// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities

extension Kind {
  /// A value of this kind as YAML on one line, which reads as an equal value; nothing where the kind has no such value,
  /// or only the room that it comes from can write it.
  package func text(of value: Argument) -> String? {
    switch (self, value) {
    case (.described(let kind, _), _): kind.text(of: value)
    case (.either(let kinds), _): kinds.lazy.compactMap { $0.text(of: value) }.first
    case (.word(let word), .text(let text)): word == text ? word : nil
    case (.choice(let words), .text(let text)):
      // No plain scalar begins with the sign of per cent.
      words.contains(text) ? (text.hasPrefix("%") ? yamlText(text) : text) : nil
    case (.line, .text(let text)), (.text, .text(let text)), (.file, .text(let text)): yamlText(text)
    case (.count, .count(let count)): "\(count)"
    case (.seed, .seed(let seed)): "\(seed)"
    case (.flag, .flag(let flag)): "\(flag)"
    case (.quantity(let kind, _), .number(let number)): kind.text(number)
    case (.law(let rule), .number(let number)): rule.kind.text(number)
    case (.duration, .duration(let duration)), (.multipliedDuration, .duration(let duration)): duration.text
    case (.messagesOrDuration, .number(let count)): "\(plainNumber(count)) messages"
    case (.messagesOrDuration, .duration(let duration)): duration.text
    case (.bandwidth, .bandwidth(let bandwidth)): bandwidth.text
    case (.bytes, .bytes(let count)): QuantityKind.size.text(Double(count.bytes))
    case (.dictionary(let kind), .list): value.entries.flatMap { kind.text(ofEntries: $0) }
    case (.list(let kind), .list(let values)), (.listPerAgent(let kind), .list(let values)): kind.text(of: values)
    case (.command, .special(let value)):
      (value as? ProgramCommand).map { "[" + $0.words.map(yamlText).joined(separator: ", ") + "]" }
    case (.record(let parameters), .record(let values)), (.oneOf(let parameters), .record(let values)):
      Self.text(of: values, parameters)
    default: nil
    }
  }

  /// A map of the parameters that have values, in their order.
  private static func text(of values: Arguments, _ parameters: [Parameter]) -> String? {
    var texts: [String] = []
    for parameter in parameters {
      guard let value = values[parameter.name] else { continue }
      guard let text = parameter.kind.text(of: value) else { return nil }
      texts.append("\(parameter.name): \(text)")
    }
    return "{" + texts.joined(separator: ", ") + "}"
  }

  private func text(ofEntries entries: [(name: String, value: Argument)]) -> String? {
    let texts = entries.compactMap { entry in text(of: entry.value).map { "\(yamlText(entry.name)): \($0)" } }
    return texts.count == entries.count ? "{" + texts.joined(separator: ", ") + "}" : nil
  }

  private func text(of values: [Argument]) -> String? {
    var texts: [String] = []
    for value in values {
      guard let text = text(of: value) else { return nil }
      texts.append(text)
    }
    return "[" + texts.joined(separator: ", ") + "]"
  }
}
