// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Records
import Testing

/// Fates that are all different, so that no two can be taken for each other.
private let fates: MessageFates = {
  var fates = MessageFates()
  (fates.used, fates.replacedUnread, fates.unreadAtEnd, fates.overtaken, fates.lost) = (1, 2, 4, 8, 16)
  (fates.superseded, fates.toDeadAgent, fates.late, fates.duplicate) = (32, 64, 128, 256)
  (fates.inFlightAtEnd, fates.neverStarted) = (512, 1024)
  fates.sent = 2047
  (fates.bytes, fates.acknowledgements, fates.recoveryBytes) = (5000, 3000, 7000)
  return fates
}()

@Test func everyFateIsCountedOnceAndCostsAreNone() {
  #expect(fates.accounted == fates.sent)
}

@Test func whatNeverWentOntoItsLinkDoesNotCost() {
  #expect(fates.started == 2047 - 32 - 1024)
}

@Test func fatesSurviveWriting() throws {
  let written = try JSONEncoder().encode(fates)
  #expect(try JSONDecoder().decode(MessageFates.self, from: written) == fates)
}

/// Files of version 0.2 do not know messages that never started; all other fates must be there.
@Test func fatesOfEarlierVersionsAreRead() throws {
  let written = try JSONEncoder().encode(fates)
  var values = try #require(try JSONSerialization.jsonObject(with: written) as? [String: Any])
  values["neverStarted"] = nil
  let earlier = try JSONDecoder().decode(MessageFates.self, from: JSONSerialization.data(withJSONObject: values))
  #expect(earlier.neverStarted == 0 && earlier.accounted == 1023)
  values["lost"] = nil
  let data = try JSONSerialization.data(withJSONObject: values)
  #expect(throws: DecodingError.self) { try JSONDecoder().decode(MessageFates.self, from: data) }
}
