// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Schema
import Testing

private struct Pair: SpecialValue {
  let first: Int
  let second: Int
}

private struct Single: SpecialValue {
  let first: Int
}

@Test func valuesAreFoundByNameAndType() {
  let arguments = Arguments([
    "count": .count(3), "rate": .number(0.5), "on": .flag(true), "pair": .special(Pair(first: 1, second: 2)),
    "offsets": .counts([1, 3]), "mode": .text("pull"), "mixed": .list([.count(1), .number(2)]),
  ])
  #expect(arguments.count("count") == 3 && arguments.number("rate") == 0.5 && arguments.number("count") == nil)
  #expect(arguments.flag("on") && !arguments.flag("off") && !arguments.flag("count"))
  #expect(arguments.counts("offsets") == [1, 3] && arguments.counts("none") == [])
  #expect(arguments.special("pair", Pair.self)?.second == 2 && arguments.special("pair", Single.self) == nil)
  #expect(arguments["mixed"]?.counts == nil && arguments["mixed"]?.list?.count == 2)
}

@Test func specialValuesAreEqualWhereTheirTypesAndValuesAre() {
  let pair = Argument.special(Pair(first: 1, second: 2))
  #expect(pair == .special(Pair(first: 1, second: 2)))
  #expect(pair != .special(Pair(first: 1, second: 3)))
  #expect(pair != .special(Single(first: 1)))
  #expect(Argument.count(1) != .number(1))
}

@Test func whatIsNotGivenIsWhatItsParameterSays() {
  let parameters = [
    Parameter("directed", .flag, "", .otherwise(.flag(true))), Parameter("degree", .count(1...9), "", .optional),
  ]
  let completed = Arguments().completed(by: parameters)
  #expect(completed.flag("directed") && completed["degree"] == nil)
  #expect(!Arguments(["directed": .flag(false)]).completed(by: parameters).flag("directed"))
}

@Test func absencesAreFaults() {
  let parameters = [
    Parameter("agents", .count(1...9), ""), Parameter("radius", .number(.positive), "", .alternative),
    Parameter("degree", .number(.positive), "", .alternative),
  ]
  func fault(_ names: String...) -> Fault? {
    Arguments(Dictionary(uniqueKeysWithValues: names.map { ($0, Argument.number(1)) })).fault(of: parameters)
  }
  #expect(fault("radius") == .missing("agents"))
  #expect(fault("agents") == .noneOf(["radius", "degree"]))
  #expect(fault("agents")?.trouble == "needs 'radius' or 'degree'")
  #expect(fault("agents", "radius", "degree") == .both("radius", "degree"))
  #expect(fault("agents", "radius", "degree")?.parameter == "degree")
  #expect(fault("agents", "degree") == nil)
}

@Test func oneOfTwoNumbersIsTaken() throws {
  let arguments = Arguments(["mean": .number(2), "cv": .number(3)])
  #expect(try arguments.one(of: "mean", "median") == (2, true))
  #expect(try arguments.one(of: "sigma", "cv") == (3, false))
  #expect(throws: Fault.both("mean", "cv")) { try arguments.one(of: "mean", "cv") }
  #expect(throws: Fault.noneOf(["scale", "shape"])) { try arguments.one(of: "scale", "shape") }
  #expect(throws: Fault.missing("scale")) { try arguments.required("scale") }
}
