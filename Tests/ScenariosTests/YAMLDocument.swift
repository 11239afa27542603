// SPDX-License-Identifier: GPL-3.0-or-later
import Schema
import Yams

/// A YAML text as an editor sees it: plain scalars are numbers, flags or texts, as the core schema of YAML 1.2 says.
func yamlDocument(_ text: String) throws -> JSON? {
  try Yams.compose(yaml: text, .basic, .default, .utf8).map(json)
}

private func json(_ node: Node) -> JSON {
  switch node {
  case .scalar(let scalar):
    scalar.style == .plain || scalar.style == .any ? JSON(plain: scalar.string) : .text(scalar.string)
  case .sequence(let sequence): .list(sequence.map(json))
  case .mapping(let mapping): .object(mapping.map { JSON.Member($0.key.scalar?.string ?? "", json($0.value)) })
  case .alias: .text("*")
  }
}
