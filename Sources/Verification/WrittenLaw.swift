// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Schema

/// A law as scenarios write it, of seconds.
struct WrittenLaw: Decodable, Sendable {
  let law: Distribution

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    guard let key = container.allKeys.first, container.allKeys.count == 1,
      let definition = LawDefinition.all.first(where: { $0.name == key.stringValue })
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "this is no law that is known."))
    }
    let parameters = try container.nestedContainer(keyedBy: Name.self, forKey: key)
    var said = Arguments()
    for name in parameters.allKeys {
      if let number = try? parameters.decode(Double.self, forKey: name) {
        said[name.stringValue] = .number(number)
      } else {
        said[name.stringValue] = .special(try parameters.decode(WrittenLaw.self, forKey: name).law)
      }
    }
    do {
      law = try definition.resolve(said, false)
    } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "the law \(error.trouble)."))
    }
    guard law.mean.isFinite, law.mean > 0, law.support.lower >= 0 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "the law has no mean above zero."))
    }
  }
}
