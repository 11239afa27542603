// SPDX-License-Identifier: GPL-3.0-or-later
import Schema
import Testing

@Test func whatIsAddedComesBehindWhatIsThere() throws {
  let register = Register("bird", ["starling", "swift"]) { $0 }
  #expect(!register.hasAdditions)
  try register.add([])
  #expect(!register.hasAdditions)
  try register.add(["wren"])
  try register.add(["robin"])
  #expect(register.hasAdditions && register.known == ["starling", "swift", "wren", "robin"])
  #expect(register.close() == ["starling", "swift", "wren", "robin"])
}

@Test func aNameIsTakenOnce() throws {
  let register = Register("bird", ["starling"]) { $0 }
  let taken = RegistrationError(description: "there is a bird 'starling' already")
  #expect(throws: taken) { try register.add(["wren", "starling"]) }
  #expect(throws: RegistrationError(description: "there is a bird 'wren' already")) {
    try register.add(["wren", "wren"])
  }
  // All or none.
  #expect(register.close() == ["starling"])
}

@Test func nothingIsAddedOnceTheListIsMade() throws {
  let register = Register("bird", ["starling"]) { $0 }
  #expect(register.close() == ["starling"])
  let late = RegistrationError(
    description: "the bird 'wren' comes too late: the birds there are have been asked for already")
  #expect(throws: late) { try register.add(["wren"]) }
  #expect(register.close() == ["starling"] && !register.hasAdditions)
}
